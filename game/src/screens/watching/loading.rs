//! Loads a replay from the server or from a file, and polls a live game for its progress.

use bevy::prelude::*;
use shared::{api::GameView, ids::GameId, replay::Replay, rules::RULES_VERSION, verdict::Verdict};

use super::WatchedGame;
use crate::{
    FrameSet,
    network::http::{self, RequestError},
    page::{
        announcer::announce,
        dom,
        errors::show_error,
        files::FileOpened,
        mailbox::{Mailbox, add_mailbox},
    },
    screens::replay_links,
    simulation::Simulation,
    state::{Playback, Screen},
};

/// The interval between requests for a live game's progress, seconds.
const POLL_INTERVAL: f32 = 1.0;

#[derive(Message)]
struct GameViewResponse(Result<GameView, RequestError>);

#[derive(Message)]
struct ReplayResponse(Result<Replay, RequestError>);

/// The systems that handle the server's responses.
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LoadingSystems;

pub fn plugin(app: &mut App) {
    add_mailbox::<GameViewResponse>(app);
    add_mailbox::<ReplayResponse>(app);
    app.add_systems(Startup, request_watched_game).add_systems(
        Update,
        (
            (store_view, load_replay)
                .chain()
                .in_set(LoadingSystems)
                .in_set(FrameSet::Input)
                .run_if(resource_exists::<WatchedGame>),
            load_file.in_set(FrameSet::Input).run_if(not(in_state(Screen::Playing)).and_then(on_message::<FileOpened>)),
            poll_live_game
                .in_set(FrameSet::Output)
                .run_if(in_state(Screen::Watching).and_then(resource_exists::<WatchedGame>)),
        ),
    );
}

/// Requests the game that the page's address names.
fn request_watched_game(
    mut commands: Commands,
    views: Res<Mailbox<GameViewResponse>>,
    replays: Res<Mailbox<ReplayResponse>>,
) {
    let Some(id) = dom::query("watch") else {
        return;
    };
    match id.parse() {
        Ok(game) => {
            request_game(game, &views, &replays);
            replay_links::show_save_link(game);
            let poll = Timer::from_seconds(POLL_INTERVAL, TimerMode::Repeating);
            commands.insert_resource(WatchedGame::OnServer { game, view: None, poll });
        }
        Err(_) => show_error(&format!("\"{id}\" is not the ID of a game. Check the address of this page.")),
    }
}

fn request_game(game: GameId, views: &Mailbox<GameViewResponse>, replays: &Mailbox<ReplayResponse>) {
    http::send(http::get(&format!("/v1/games/{game}")), views, GameViewResponse);
    http::send(http::get(&format!("/v1/games/{game}/replay")), replays, ReplayResponse);
}

fn load_file(
    mut commands: Commands,
    mut files: MessageReader<FileOpened>,
    mut playback: ResMut<Playback>,
    mut next: ResMut<NextState<Screen>>,
) {
    for FileOpened { name, text } in files.read() {
        match serde_json::from_str::<Replay>(text) {
            Ok(replay) if replay.rules_version != RULES_VERSION => show_version_error(&replay),
            Ok(replay) => {
                *playback = Playback::default();
                commands.insert_resource(WatchedGame::File(name.clone()));
                commands.insert_resource(Simulation::replay(replay));
                announce("Watching a game from a file.");
                next.set(Screen::Watching);
            }
            Err(error) => show_error(&format!("{name} is not a valid replay: {error}.")),
        }
    }
}

fn store_view(mut responses: MessageReader<GameViewResponse>, mut watched: ResMut<WatchedGame>) {
    for GameViewResponse(response) in responses.read() {
        if let (Ok(new), WatchedGame::OnServer { view, .. }) = (response, &mut *watched) {
            *view = Some(new.clone());
        }
    }
}

/// Starts the replay, or extends the one that is being watched.
fn load_replay(
    mut commands: Commands,
    mut responses: MessageReader<ReplayResponse>,
    mut simulation: ResMut<Simulation>,
    mut next: ResMut<NextState<Screen>>,
) {
    for ReplayResponse(response) in responses.read() {
        match response {
            Ok(replay) if replay.rules_version != RULES_VERSION => show_version_error(replay),
            Ok(replay) if simulation.replay_progress().is_some() => {
                simulation.bypass_change_detection().extend_replay(&replay.log);
            }
            Ok(replay) => {
                commands.insert_resource(Simulation::replay(replay.clone()));
                announce("Watching a recorded game.");
                next.set(Screen::Watching);
            }
            // The next poll may succeed.
            Err(_) if simulation.replay_progress().is_some() => {}
            Err(RequestError::Refused(problem)) => show_error(&problem.detail),
            Err(RequestError::Busy(_) | RequestError::TooEarly(_) | RequestError::Unreachable) => {
                show_error("The server cannot be reached. Reload the page to try again.");
            }
        }
    }
}

fn show_version_error(replay: &Replay) {
    show_error(&format!(
        "This game was played with version {} of the rules. This page plays version {RULES_VERSION} only.",
        replay.rules_version
    ));
}

fn poll_live_game(
    mut watched: ResMut<WatchedGame>,
    time: Res<Time<Real>>,
    views: Res<Mailbox<GameViewResponse>>,
    replays: Res<Mailbox<ReplayResponse>>,
) {
    let WatchedGame::OnServer { game, view, poll } = &mut *watched else {
        return;
    };
    let may_be_live = view.as_ref().is_none_or(|view| view.verdict == Verdict::Live);
    if poll.tick(time.delta()).just_finished() && may_be_live {
        request_game(*game, &views, &replays);
    }
}
