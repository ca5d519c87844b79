//! The title: logo, controls and the best players over the demo.

use bevy::prelude::*;

use super::Screen;
use crate::{
    Step,
    draw::{
        Layer,
        font::{self, Align, LINE},
        painter::Painter,
        theme,
    },
    input::{Key, Pressed},
    nickname::{self, Identity},
    opening::{Begin, Opening},
    page::{dom, layout, status},
    simulation::{Simulation, random},
    standings::{self, Top},
};

/// Places of the scoreboard that are shown.
const PLACES: usize = 5;
const KEY_CONTROLS: &str = "ARROWS OR A D TO MOVE    SPACE TO FIRE    P TO PAUSE";
const TOUCH_CONTROLS: &str = "LEFT THUMB MOVES    RIGHT THUMB FIRES";

pub fn plugin(app: &mut App) {
    app.add_systems(OnEnter(Screen::Title), raise_curtain).add_systems(
        Update,
        ((listen.in_set(Step::Listen), restart_demo.in_set(Step::Tell), draw.in_set(Layer::Screen))
            .run_if(in_state(Screen::Title)),),
    );
}

fn raise_curtain(mut commands: Commands) {
    commands.insert_resource(Simulation::demo(random()));
    status::announce("Alien Attack. Press space or tap to play.");
}

fn listen(pressed: Res<Pressed>, mut begin: MessageWriter<Begin>, identity: Res<Identity>) {
    for key in pressed.iter() {
        match key {
            Key::Fire | Key::Go => {
                begin.write(Begin);
            }
            Key::Nickname => nickname::ask(&identity, None),
            Key::Left | Key::Right | Key::Pause | Key::Mute => {}
        }
    }
}

fn restart_demo(mut commands: Commands, simulation: Res<Simulation>) {
    if simulation.game().is_over() {
        commands.insert_resource(Simulation::demo(random()));
    }
}

fn draw(
    mut painter: ResMut<Painter>,
    simulation: Res<Simulation>,
    top: Res<Top>,
    opening: Res<Opening>,
    identity: Res<Identity>,
    time: Res<Time<Real>>,
) {
    let size = layout::canvas(simulation.field());
    let middle = size.x / 2.0;
    painter.dim(0.22);
    logo(&mut painter, middle, 44.0);
    prizes(&mut painter, Vec2::new(middle, 102.0), &simulation);
    if !top.0.standings.is_empty() {
        painter.text("TOP PLAYERS", Vec2::new(middle, 156.0), Align::Centre, 1.0, theme::HAZE);
        standings::list(&mut painter, &top, Vec2::new(middle, 172.0), PLACES, None);
    }
    invite(&mut painter, Vec2::new(middle, size.y - 104.0), &opening, time.elapsed_secs());
    let controls = if dom::has_touch() { TOUCH_CONTROLS } else { KEY_CONTROLS };
    painter.text(controls, Vec2::new(middle, size.y - 72.0), Align::Centre, 1.0, theme::MIST);
    if let Some(name) = &identity.nickname {
        let who = format!("PLAYING AS {}", font::plain(name.as_str()));
        painter.text(&who, Vec2::new(middle, size.y - 54.0), Align::Centre, 1.0, theme::HAZE);
    }
}

/// Both words, letter by letter.
fn logo(painter: &mut Painter, middle: f32, top: f32) {
    const SCALE: f32 = 2.0;
    const GAP: f32 = 2.0;
    let names: Vec<String> = "ALIEN ATTACK".chars().map(|letter| format!("logo {letter}")).collect();
    let width = |painter: &Painter, name: &str| if name.ends_with(' ') { 5.0 } else { painter.size(name).x };
    let total: f32 = names.iter().map(|name| (width(painter, name) + GAP) * SCALE).sum();
    let mut x = middle - total / 2.0;
    for name in &names {
        let wide = width(painter, name) * SCALE;
        if !name.ends_with(' ') {
            let high = painter.size(name).y * SCALE;
            painter.scaled(name, Vec2::new(x + wide / 2.0, top + high / 2.0), SCALE, Color::WHITE);
        }
        x += wide + GAP * SCALE;
    }
}

/// What there is to win.
fn prizes(painter: &mut Painter, at: Vec2, simulation: &Simulation) {
    let points = simulation.game().rates().points;
    let kinds = crate::playfield::KINDS;
    for (i, kind) in kinds.iter().enumerate() {
        let x = at.x + (i as f32 - (kinds.len() as f32 - 1.0) / 2.0) * 26.0;
        painter.sprite(&format!("{kind} 0"), Vec2::new(x, at.y + 7.0));
    }
    let worth = format!("{points} POINTS EACH   A CLEARED LEVEL: 50 X LEVEL");
    painter.text(&worth, at + Vec2::Y * (LINE + 8.0), Align::Centre, 1.0, theme::MIST);
}

fn invite(painter: &mut Painter, at: Vec2, opening: &Opening, seconds: f32) {
    let text = match opening {
        Opening::Asked => "ONE MOMENT ...",
        Opening::Idle | Opening::Naming if dom::has_touch() => "TAP TO PLAY",
        Opening::Idle | Opening::Naming => "PRESS SPACE TO PLAY",
    };
    // Breathes rather than blinks.
    let glow = 0.7 + 0.3 * (seconds * 3.0).sin();
    painter.text(text, at, Align::Centre, 2.0, theme::faded(theme::LEMON, glow));
}
