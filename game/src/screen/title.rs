//! The title: logo, controls and the best players over the demo.

use art::sprites;
use bevy::prelude::*;
use shared::rules::Slot;

use super::Screen;
use crate::{
    Step,
    draw::{
        Layer,
        font::{self, Align, LINE},
        painter::Painter,
        theme,
    },
    input::{Key, Keyboard, Pressed},
    nickname::{self, Identity},
    opening::{Begin, Opening},
    page::{dom, layout, status},
    session::Hall,
    simulation::Simulation,
    standings::{self, Top},
};

/// Places of the scoreboard that are shown.
const PLACES: usize = 5;
const TOUCH_CONTROLS: &str = "LEFT THUMB MOVES, RIGHT THUMB FIRES";
/// Room left of the text and right of it, pixels.
const SIDE: f32 = 8.0;

/// What the title shows in turns, as the machines in the arcades did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    /// What there is to shoot, and how.
    Prizes,
    /// The best players.
    Top,
    /// The recorded game alone.
    Demo,
}

/// The acts, and for how many seconds each is shown.
const ACTS: [(Act, f32); 3] = [(Act::Prizes, 8.0), (Act::Top, 6.0), (Act::Demo, 16.0)];

/// How long the title has stood, seconds.
#[derive(Resource, Default)]
struct Playbill(f32);

impl Playbill {
    fn act(&self) -> Act {
        let round: f32 = ACTS.iter().map(|(_, seconds)| seconds).sum();
        let mut left = self.0 % round;
        for (act, seconds) in ACTS {
            if left < seconds {
                return act;
            }
            left -= seconds;
        }
        Act::Demo
    }
}

pub fn plugin(app: &mut App) {
    app.init_resource::<Playbill>().add_systems(OnEnter(Screen::Title), raise_curtain).add_systems(
        Update,
        ((listen.in_set(Step::Listen), restart_demo.in_set(Step::Tell), draw.in_set(Layer::Screen))
            .run_if(in_state(Screen::Title)),),
    );
}

fn raise_curtain(mut commands: Commands, mut playbill: ResMut<Playbill>) {
    commands.insert_resource(Simulation::demo());
    playbill.0 = 0.0;
    status::announce("Alien Attack. Press space or tap to play.");
}

fn listen(pressed: Res<Pressed>, mut begin: MessageWriter<Begin>, identity: Res<Identity>) {
    for key in pressed.iter() {
        match key {
            Key::Fire | Key::Go => {
                begin.write(Begin);
            }
            Key::Nickname => nickname::ask(&identity, None),
            Key::Left | Key::Right | Key::Pause | Key::Mute | Key::Settings => {}
        }
    }
}

fn restart_demo(mut commands: Commands, simulation: Res<Simulation>) {
    if simulation.game().is_over() {
        commands.insert_resource(Simulation::demo());
    }
}

fn draw(
    mut painter: ResMut<Painter>,
    mut playbill: ResMut<Playbill>,
    simulation: Res<Simulation>,
    top: Res<Top>,
    opening: Res<Opening>,
    identity: Res<Identity>,
    keyboard: Res<Keyboard>,
    hall: Option<Res<Hall>>,
    time: Res<Time<Real>>,
) {
    playbill.0 += time.delta_secs();
    let size = layout::canvas(simulation.game().params());
    let (middle, width) = (size.x / 2.0, size.x - 2.0 * SIDE);
    let act = playbill.act();
    if act != Act::Demo {
        painter.dim(0.22);
        let below = logo(&mut painter, Vec2::new(middle, 10.0), width) + 8.0;
        let at = Vec2::new(middle, below);
        match act {
            Act::Top if !top.0.is_empty() => {
                painter.text("TOP PLAYERS", at, Align::Centre, 1.0, theme::HAZE);
                standings::list(&mut painter, &top, at + Vec2::Y * LINE * 1.5, PLACES, None);
            }
            Act::Prizes | Act::Top | Act::Demo => prizes(&mut painter, at, &simulation, &keyboard, width),
        }
    }
    invite(&mut painter, Vec2::new(middle, size.y - 40.0), &opening, &keyboard, time.elapsed_secs());
    if let Some(name) = &identity.nickname {
        let where_to = hall.map(|hall| format!(" IN {}", font::plain(hall.session.name.as_str()))).unwrap_or_default();
        let who = format!("PLAYING AS {}{where_to}", font::plain(name.as_str()));
        let more = font::wrap(&who, width).len().saturating_sub(1) as f32;
        let at = Vec2::new(middle, size.y - 10.0 - LINE * more);
        painter.paragraph(&who, at, width, 1.0, theme::HAZE);
    }
}

/// Both words, letter by letter, on one line where there is room and else on two. Gives where the next line begins.
fn logo(painter: &mut Painter, at: Vec2, width: f32) -> f32 {
    let mut y = at.y;
    let lines =
        if word_width(painter, "ALIEN ATTACK") <= width { vec!["ALIEN ATTACK"] } else { vec!["ALIEN", "ATTACK"] };
    for line in lines {
        y += word(painter, line, Vec2::new(at.x, y)) + 4.0;
    }
    y
}

const LOGO_SCALE: f32 = 2.0;
/// From one of the logo's letters to the next, and from one word to the next, at scale 1.
const GAP: f32 = 2.0;
const SPACE: f32 = 5.0;

fn letter_width(painter: &Painter, letter: char) -> f32 {
    if letter == ' ' { SPACE } else { painter.size(&format!("logo {letter}")).x }
}

fn word_width(painter: &Painter, text: &str) -> f32 {
    text.chars().map(|letter| (letter_width(painter, letter) + GAP) * LOGO_SCALE).sum()
}

/// Gives how high it is.
fn word(painter: &mut Painter, text: &str, at: Vec2) -> f32 {
    let mut x = at.x - word_width(painter, text) / 2.0;
    let mut highest: f32 = 0.0;
    for letter in text.chars() {
        let wide = letter_width(painter, letter) * LOGO_SCALE;
        if letter != ' ' {
            let name = format!("logo {letter}");
            let high = painter.size(&name).y * LOGO_SCALE;
            painter.scaled(&name, 0, Vec2::new(x + wide / 2.0, at.y + high / 2.0), LOGO_SCALE, Color::WHITE);
            highest = highest.max(high);
        }
        x += wide + GAP * LOGO_SCALE;
    }
    highest
}

/// What there is to win, and how.
fn prizes(painter: &mut Painter, at: Vec2, simulation: &Simulation, keyboard: &Keyboard, width: f32) {
    let game = simulation.game();
    let (params, kinds) = (game.params(), sprites::kinds(game.tuning().sprites));
    let mut at = at;
    let mut line = |painter: &mut Painter, sprite: &str, worth: &str| {
        painter.sprite(sprite, at + Vec2::new(-30.0, 4.0));
        painter.text(worth, at - Vec2::X * 10.0, Align::Left, 1.0, theme::MIST);
        at.y += 16.0;
    };
    if params.mystery_ticks.is_some() {
        line(painter, "mystery", "= ? MYSTERY");
    }
    // One line for each kind, by its first row.
    let mut shown = Vec::new();
    for row in 0..params.rows {
        let kind = sprites::kind(Slot { row, column: 0 }, game);
        if !shown.contains(&kind) {
            shown.push(kind);
            line(painter, kinds[kind], &format!("= {} POINTS", params.worth(row)));
        }
    }
    let controls = if dom::has_touch() { TOUCH_CONTROLS.to_owned() } else { key_controls(keyboard) };
    painter.paragraph(&controls, at + Vec2::Y * 6.0, width, 1.0, theme::HAZE);
}

fn key_controls(keyboard: &Keyboard) -> String {
    let [left, right, fire, pause] =
        [Key::Left, Key::Right, Key::Fire, Key::Pause].map(|key| keyboard.label(key).to_uppercase());
    format!("{left} {right} MOVE   {fire} FIRES   {pause} PAUSES")
}

fn invite(painter: &mut Painter, at: Vec2, opening: &Opening, keyboard: &Keyboard, seconds: f32) {
    let text = match opening {
        Opening::Asked => "ONE MOMENT",
        Opening::Told(why) => {
            painter.paragraph(why, at - Vec2::Y * 16.0, 2.0 * (at.x - SIDE), 1.0, theme::AMBER);
            return;
        }
        Opening::Idle | Opening::Naming if dom::has_touch() => "TAP TO PLAY",
        Opening::Idle | Opening::Naming => &*format!("PRESS {}", keyboard.label(Key::Fire).to_uppercase()),
    };
    // Breathes rather than blinks.
    let glow = 0.7 + 0.3 * (seconds * 3.0).sin();
    painter.text(text, at, Align::Centre, 2.0, theme::faded(theme::LEMON, glow));
}
