//! Watching a game by its address, `?watch=GAME`: it plays from its buttons, with pause, speed and seek, and one that
//! is still being played grows as it goes on.

use bevy::prelude::*;
use shared::{
    api::GameView,
    ids::GameId,
    replay::Replay,
    rules::{RULES_VERSION, TICKS_PER_SECOND},
    verdict::Verdict,
};

use super::Screen;
use crate::{
    Step,
    api::{self, Failure},
    draw::{
        Layer,
        font::{self, Align},
        painter::Painter,
        theme,
    },
    input::{Key, Pressed},
    page::{
        dom, layout,
        mailbox::{Mailbox, add_mailbox},
        status, trouble,
    },
    simulation::Simulation,
};

/// How far one key seeks, ticks: five seconds.
const SEEK: u32 = 5 * TICKS_PER_SECOND;
const SPEEDS: [f32; 4] = [1.0, 2.0, 4.0, 0.5];
/// From one question for what a live game's player has done since to the next.
const ASK_SECONDS: f32 = 1.0;

/// How a watched game is played back.
#[derive(Resource, Default)]
pub struct Playback {
    paused: bool,
    /// An index of [`SPEEDS`].
    speed: usize,
}

impl Playback {
    /// Times as fast as it was played.
    pub fn rate(&self) -> f32 {
        if self.paused { 0.0 } else { SPEEDS[self.speed] }
    }
}

/// The game that is watched.
#[derive(Resource)]
struct Watched {
    game: GameId,
    view: Option<GameView>,
    ask: Timer,
}

#[derive(Message)]
struct ViewCame(Result<GameView, Failure>);

#[derive(Message)]
struct ReplayCame(Result<Replay, Failure>);

pub fn plugin(app: &mut App) {
    add_mailbox::<ViewCame>(app);
    add_mailbox::<ReplayCame>(app);
    app.init_resource::<Playback>().add_systems(Startup, begin).add_systems(
        Update,
        (
            (take_view, take_replay).chain().in_set(Step::Listen),
            (control.in_set(Step::Listen).after(take_replay), ask_again.in_set(Step::Tell), draw.in_set(Layer::Screen))
                .run_if(in_state(Screen::Watching)),
        )
            .run_if(resource_exists::<Watched>),
    );
}

/// Where a game is watched.
pub fn address(game: GameId) -> String {
    format!("/?watch={game}")
}

fn begin(mut commands: Commands, views: Res<Mailbox<ViewCame>>, replays: Res<Mailbox<ReplayCame>>) {
    let Some(wanted) = dom::query("watch") else {
        return;
    };
    match wanted.parse() {
        Ok(game) => {
            ask(game, &views, &replays);
            commands.insert_resource(Watched {
                game,
                view: None,
                ask: Timer::from_seconds(ASK_SECONDS, TimerMode::Repeating),
            });
        }
        Err(_) => trouble::show("There is no such game: the address is incomplete."),
    }
}

fn ask(game: GameId, views: &Mailbox<ViewCame>, replays: &Mailbox<ReplayCame>) {
    api::ask(api::get(&format!("/v1/games/{game}")), views, ViewCame);
    api::ask(api::get(&format!("/v1/games/{game}/replay")), replays, ReplayCame);
}

fn take_view(mut views: MessageReader<ViewCame>, mut watched: ResMut<Watched>) {
    for ViewCame(view) in views.read() {
        if let Ok(view) = view {
            watched.view = Some(view.clone());
        }
    }
}

fn take_replay(
    mut commands: Commands,
    mut replays: MessageReader<ReplayCame>,
    mut simulation: ResMut<Simulation>,
    mut next: ResMut<NextState<Screen>>,
) {
    for ReplayCame(replay) in replays.read() {
        match replay {
            Ok(replay) if replay.rules_version != RULES_VERSION => {
                trouble::show("This game was played by rules of another version, which this page cannot play.");
            }
            Ok(replay) if simulation.recorded().is_some() => {
                simulation.bypass_change_detection().extend(&replay.log);
            }
            Ok(replay) => {
                commands.insert_resource(Simulation::watch(replay.clone()));
                status::announce("Watching a recorded game.");
                next.set(Screen::Watching);
            }
            // A live game's next question may be answered.
            Err(_) if simulation.recorded().is_some() => {}
            Err(Failure::Refused(problem)) => trouble::show(&problem.detail),
            Err(Failure::Busy(_) | Failure::Unreachable) => {
                trouble::show("The server cannot be reached. Reload the page to try again.");
            }
        }
    }
}

fn control(pressed: Res<Pressed>, mut playback: ResMut<Playback>, mut simulation: ResMut<Simulation>) {
    let simulation = simulation.bypass_change_detection();
    let now = simulation.state().tick.0;
    for key in pressed.iter() {
        match key {
            Key::Pause | Key::Fire => playback.paused = !playback.paused,
            Key::Go => playback.speed = (playback.speed + 1) % SPEEDS.len(),
            Key::Left => simulation.seek(now.saturating_sub(SEEK)),
            Key::Right => simulation.seek(now + SEEK),
            Key::Mute | Key::Nickname => {}
        }
    }
}

/// Asks for what a live game's player has done since.
fn ask_again(
    mut watched: ResMut<Watched>,
    time: Res<Time<Real>>,
    views: Res<Mailbox<ViewCame>>,
    replays: Res<Mailbox<ReplayCame>>,
) {
    let live = watched.view.as_ref().is_none_or(|view| view.verdict == Verdict::Live);
    if watched.ask.tick(time.delta()).just_finished() && live {
        ask(watched.game, &views, &replays);
    }
}

fn draw(mut painter: ResMut<Painter>, simulation: Res<Simulation>, playback: Res<Playback>, watched: Res<Watched>) {
    let rates = simulation.game().rates();
    let size = layout::canvas(rates);
    let Some((played, recorded)) = simulation.recorded() else {
        return;
    };
    let live = watched.view.as_ref().is_some_and(|view| view.verdict == Verdict::Live);
    let state = match (playback.paused, played == recorded) {
        (true, _) => "PAUSED".to_owned(),
        (false, true) if live => "LIVE".to_owned(),
        (false, true) => "THE END".to_owned(),
        (false, false) => format!("REPLAY {}X", SPEEDS[playback.speed]),
    };
    painter.text(&state, Vec2::new(size.x - 8.0, 5.0), Align::Right, 1.0, theme::LEMON);
    let way = size.x * played as f32 / recorded.max(1) as f32;
    painter.block(Vec2::ZERO, Vec2::new(size.x, 2.0), theme::DUSK);
    painter.block(Vec2::ZERO, Vec2::new(way.round(), 2.0), theme::LEMON);
    if let Some(view) = &watched.view {
        let name = font::plain(view.nickname.as_str());
        painter.text(&name, Vec2::new(size.x / 2.0, layout::floor(rates) + 4.0), Align::Centre, 1.0, theme::SKY);
    }
}
