//! Game over: the score, then what the server's replay makes of it.

use bevy::prelude::*;
use shared::{
    api::{GameView, Standings},
    ids::GameId,
    verdict::Verdict,
};
use web_sys::HtmlElement;

use super::{Screen, watching};
use crate::{
    Step,
    api::{self, Failure},
    draw::{
        Layer,
        font::{Align, LINE},
        painter::Painter,
        theme,
    },
    input::{Key, Keyboard, Pressed},
    nickname::{self, Identity},
    opening::{Begin, Entry, Opening},
    page::{
        dom, layout,
        mailbox::{Mailbox, add_mailbox},
        status,
    },
    simulation::Simulation,
    standings::Top,
    telemetry::Link,
};

/// The player may still hold fire: nothing pressed sooner starts the next game.
const REST_SECONDS: f32 = 1.0;
/// Room left of the text and right of it, pixels.
const SIDE: f32 = 8.0;
/// From one question for the verdict to the next.
const ASK_SECONDS: f32 = 0.5;

/// What the server makes of the game that is over.
#[derive(Resource, Debug, Clone, Default, PartialEq)]
pub enum Outcome {
    /// Not known yet.
    #[default]
    Awaited,
    /// Judged; then ranked.
    Judged { verdict: Verdict, standing: Option<Place> },
}

/// A player's place on the scoreboard.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    pub rank: u32,
    pub players: u32,
    /// The score of the player's best game, which need not be this one.
    pub best: u32,
}

#[derive(Message)]
struct ViewCame(Result<GameView, Failure>);

#[derive(Message)]
struct PlaceCame(Result<Standings, Failure>);

/// Since when the screen stands, and when the server is asked next.
#[derive(Resource, Default)]
struct Vigil {
    shown: Timer,
    ask: Timer,
}

pub fn plugin(app: &mut App) {
    add_mailbox::<ViewCame>(app);
    add_mailbox::<PlaceCame>(app);
    app.init_resource::<Outcome>()
        .init_resource::<Vigil>()
        .add_systems(OnEnter(Screen::Over), begin_vigil)
        .add_systems(
            Update,
            (listen.in_set(Step::Listen), (ask, judge, place).chain().in_set(Step::Tell), draw.in_set(Layer::Screen))
                .run_if(in_state(Screen::Over)),
        );
}

fn begin_vigil(
    mut vigil: ResMut<Vigil>,
    mut outcome: ResMut<Outcome>,
    simulation: Res<Simulation>,
    entry: Option<Res<Entry>>,
) {
    offer_to_watch(entry.map(|entry| entry.game));
    *vigil = Vigil {
        shown: Timer::from_seconds(REST_SECONDS, TimerMode::Once),
        ask: Timer::from_seconds(ASK_SECONDS, TimerMode::Repeating),
    };
    *outcome = Outcome::Awaited;
    let state = simulation.state();
    status::announce(&format!("Game over. {} points, level {}, {} shots.", state.score, state.level, state.shots));
}

/// Links that others can be given, too, and a file; none where no server knows of the game.
fn offer_to_watch(game: Option<GameId>) {
    for id in ["watch", "keep"] {
        if let Some(link) = dom::element::<HtmlElement>(id) {
            link.set_hidden(game.is_none());
        }
    }
    if let (Some(game), Some(link)) = (game, dom::element::<HtmlElement>("watch")) {
        watching::offer_to_keep(game);
        // Fails only for names that are no names.
        let _ = link.set_attribute("href", &watching::address(game));
    }
}

fn listen(
    pressed: Res<Pressed>,
    mut begin: MessageWriter<Begin>,
    mut next: ResMut<NextState<Screen>>,
    mut vigil: ResMut<Vigil>,
    identity: Res<Identity>,
    time: Res<Time<Real>>,
) {
    vigil.shown.tick(time.delta());
    for key in pressed.iter().filter(|_| vigil.shown.is_finished()) {
        match key {
            Key::Fire | Key::Go => {
                begin.write(Begin);
            }
            Key::Nickname => nickname::ask(&identity, None),
            Key::Pause => next.set(Screen::Title),
            Key::Left | Key::Right | Key::Mute | Key::Settings => {}
        }
    }
}

/// Asks for the verdict until there is one.
fn ask(
    mut vigil: ResMut<Vigil>,
    time: Res<Time<Real>>,
    entry: Option<Res<Entry>>,
    link: Res<Link>,
    outcome: Res<Outcome>,
    mailbox: Res<Mailbox<ViewCame>>,
) {
    let due = vigil.ask.tick(time.delta()).just_finished();
    if let Some(entry) = entry.filter(|_| due && *link == Link::Up && *outcome == Outcome::Awaited) {
        api::ask(api::get(&format!("/v1/games/{}", entry.game)), &mailbox, ViewCame);
    }
}

/// Takes the verdict, and asks for the player's place.
fn judge(
    mut views: MessageReader<ViewCame>,
    mut outcome: ResMut<Outcome>,
    simulation: Res<Simulation>,
    entry: Option<Res<Entry>>,
    mailbox: Res<Mailbox<PlaceCame>>,
) {
    for ViewCame(view) in views.read() {
        let (Ok(view), Some(entry)) = (view, &entry) else {
            continue;
        };
        // A game that the session's end cut short stays as it is.
        let cut_short = !simulation.game().is_over() && view.tick >= simulation.state().tick;
        let judged = view.verdict != Verdict::Live || cut_short;
        if view.game != entry.game || !judged || *outcome != Outcome::Awaited {
            continue;
        }
        *outcome = Outcome::Judged { verdict: view.verdict, standing: None };
        let address = format!("/v1/standings?session={}&around={}", view.session, entry.player);
        api::ask(api::get(&address), &mailbox, PlaceCame);
    }
}

fn place(mut places: MessageReader<PlaceCame>, mut outcome: ResMut<Outcome>, entry: Option<Res<Entry>>) {
    for PlaceCame(around) in places.read() {
        let (Ok(around), Some(entry), Outcome::Judged { verdict, .. }) = (around, &entry, &*outcome) else {
            continue;
        };
        let own = around.standings.iter().find(|ranked| ranked.standing.player == entry.player);
        let standing =
            own.map(|own| Place { rank: own.rank, players: around.players, best: own.standing.result.score });
        if let Some(place) = &standing {
            status::announce(&format!("Rank {} of {}.", place.rank, place.players));
        }
        *outcome = Outcome::Judged { verdict: *verdict, standing };
    }
}

fn draw(
    mut painter: ResMut<Painter>,
    simulation: Res<Simulation>,
    outcome: Res<Outcome>,
    opening: Res<Opening>,
    link: Res<Link>,
    top: Res<Top>,
    keyboard: Res<Keyboard>,
) {
    let size = layout::canvas(simulation.game().params());
    let (middle, width) = (size.x / 2.0, size.x - 2.0 * SIDE);
    let state = simulation.state();
    painter.dim(0.25);
    let mut at = Vec2::new(middle, size.y * 0.11);
    let big = if size.x > 300.0 { 4.0 } else { 3.0 };
    let heading = if simulation.game().is_over() { "GAME OVER" } else { "TIME IS UP" };
    at = painter.paragraph(heading, at, width, big, theme::PINK);
    at = painter.paragraph(&state.score.to_string(), at, width, big + 1.0, theme::WHITE);
    let run = format!("POINTS   LEVEL {}   {} SHOTS", state.level, state.shots);
    painter.text(&run, at, Align::Centre, 1.0, theme::MIST);
    at.y += LINE * 2.0;
    for (line, colour) in verdict(&outcome, &link) {
        at = painter.paragraph(&line, at, width, 1.0, colour) + Vec2::Y * 4.0;
    }
    if let Some(leader) = top.0.first() {
        let best = format!("BEST: {} WITH {} POINTS", leader.name, leader.score);
        painter.paragraph(&best, at + Vec2::Y * 4.0, width, 1.0, theme::HAZE);
    }
    let again = match *opening {
        Opening::Asked => "ONE MOMENT",
        Opening::Told(ref why) => {
            painter.paragraph(why, Vec2::new(middle, size.y - 60.0), width, 1.0, theme::AMBER);
            return;
        }
        Opening::Idle | Opening::Naming if dom::has_touch() => "TAP: AGAIN",
        Opening::Idle | Opening::Naming => &*format!("{}: AGAIN", keyboard.label(Key::Fire).to_uppercase()),
    };
    painter.text(again, Vec2::new(middle, size.y - 48.0), Align::Centre, 2.0, theme::LEMON);
}

/// What became of the game, in lines.
fn verdict(outcome: &Outcome, link: &Link) -> Vec<(String, Color)> {
    match (outcome, link) {
        (Outcome::Judged { verdict: Verdict::Rejected { reason }, .. }, _) => {
            vec![("THE SERVER REJECTED THIS GAME:".to_owned(), theme::RED), (reason.to_string(), theme::MIST)]
        }
        (Outcome::Judged { standing: Some(place), .. }, _) => vec![
            ("VERIFIED BY REPLAY".to_owned(), theme::MINT),
            (format!("RANK {} OF {}   YOUR BEST: {}", place.rank, place.players, place.best), theme::WHITE),
        ],
        (Outcome::Judged { standing: None, .. }, _) => vec![("VERIFIED BY REPLAY".to_owned(), theme::MINT)],
        (Outcome::Awaited, Link::Unrecorded(reason)) => {
            vec![("NOT RECORDED".to_owned(), theme::AMBER), (reason.clone(), theme::MIST)]
        }
        (Outcome::Awaited, Link::Down { .. }) => {
            vec![("OFFLINE: THIS GAME IS KEPT AND SENT LATER".to_owned(), theme::AMBER)]
        }
        (Outcome::Awaited, Link::Up) => vec![("THE SERVER IS REPLAYING YOUR GAME ...".to_owned(), theme::MIST)],
    }
}
