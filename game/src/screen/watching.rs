//! Watching a game by its address, `?watch=GAME`, or from a file that was kept: it plays from its buttons, with pause,
//! speed and seek, and one that is still being played grows as it goes on.

use bevy::prelude::*;
use shared::{
    api::GameView,
    ids::GameId,
    replay::Replay,
    rules::{RULES_VERSION, TICKS_PER_SECOND},
    verdict::Verdict,
};
use web_sys::HtmlElement;

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
        dom,
        file::FileCame,
        layout,
        mailbox::{Mailbox, add_mailbox},
        status, trouble,
    },
    simulation::Simulation,
};

/// How far one key seeks, ticks: five seconds.
const SEEK: u32 = 5 * TICKS_PER_SECOND;
const OTHER_RULES: &str = "This game was played by rules of another version, which this page cannot play.";
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
enum Watched {
    /// One that the server knows.
    Known { game: GameId, view: Option<GameView>, ask: Timer },
    /// One from a file of that name.
    File(String),
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
            (take_view, take_replay).chain().in_set(Step::Listen).run_if(resource_exists::<Watched>),
            take_file.in_set(Step::Listen).run_if(not(in_state(Screen::Playing)).and_then(on_message::<FileCame>)),
            (control.in_set(Step::Listen).after(take_replay), ask_again.in_set(Step::Tell), draw.in_set(Layer::Screen))
                .run_if(in_state(Screen::Watching).and_then(resource_exists::<Watched>)),
        ),
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
            offer_to_keep(game);
            commands.insert_resource(Watched::Known {
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

/// A link by which the browser saves the game as a file.
pub fn offer_to_keep(game: GameId) {
    if let Some(link) = dom::element::<HtmlElement>("keep") {
        // Fails only for names that are no names.
        let _ = link.set_attribute("href", &format!("/v1/games/{game}/replay"));
        let _ = link.set_attribute("download", &format!("alien-attack-{game}.json"));
        link.set_hidden(false);
    }
}

/// Plays a game from a file that was kept.
fn take_file(
    mut commands: Commands,
    mut files: MessageReader<FileCame>,
    mut playback: ResMut<Playback>,
    mut next: ResMut<NextState<Screen>>,
) {
    for FileCame { name, text } in files.read() {
        match serde_json::from_str::<Replay>(text) {
            Ok(replay) if replay.rules_version != RULES_VERSION => trouble::show(OTHER_RULES),
            Ok(replay) => {
                *playback = Playback::default();
                commands.insert_resource(Watched::File(name.clone()));
                commands.insert_resource(Simulation::watch(replay));
                status::announce("Watching a game from a file.");
                next.set(Screen::Watching);
            }
            Err(error) => trouble::show(&format!("{name} holds no game that can be played: {error}.")),
        }
    }
}

fn take_view(mut views: MessageReader<ViewCame>, mut watched: ResMut<Watched>) {
    for ViewCame(came) in views.read() {
        if let (Ok(came), Watched::Known { view, .. }) = (came, &mut *watched) {
            *view = Some(came.clone());
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
                trouble::show(OTHER_RULES);
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
            Key::Mute | Key::Nickname | Key::Settings => {}
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
    let Watched::Known { game, view, ask: due } = &mut *watched else {
        return;
    };
    let live = view.as_ref().is_none_or(|view| view.verdict == Verdict::Live);
    if due.tick(time.delta()).just_finished() && live {
        ask(*game, &views, &replays);
    }
}

fn draw(mut painter: ResMut<Painter>, simulation: Res<Simulation>, playback: Res<Playback>, watched: Res<Watched>) {
    let params = simulation.game().params();
    let size = layout::canvas(params);
    let Some((played, recorded)) = simulation.recorded() else {
        return;
    };
    let (live, title) = match &*watched {
        Watched::Known { view: Some(view), .. } => (view.verdict == Verdict::Live, view.nickname.as_str()),
        Watched::Known { view: None, .. } => (false, ""),
        Watched::File(name) => (false, name.as_str()),
    };
    let state = match (playback.paused, played == recorded) {
        (true, _) => "PAUSED".to_owned(),
        (false, true) if live => "LIVE".to_owned(),
        (false, true) => "THE END".to_owned(),
        (false, false) => format!("REPLAY {}X", SPEEDS[playback.speed]),
    };
    painter.text(state, Vec2::new(size.x - 8.0, 5.0), Align::Right, 1.0, theme::LEMON);
    let way = size.x * played as f32 / recorded.max(1) as f32;
    painter.block(Vec2::ZERO, Vec2::new(size.x, 2.0), theme::DUSK);
    painter.block(Vec2::ZERO, Vec2::new(way.round(), 2.0), theme::LEMON);
    let below = Vec2::new(size.x / 2.0, layout::floor(params) + 4.0);
    painter.text(font::plain(title), below, Align::Centre, 1.0, theme::SKY);
}
