//! Loads a replay from the server or from a file, and polls a live game for its progress.

use crate::bevy::prelude::*;
use shared::{
    api::{GameReplay, GameView, ProblemCode},
    ids::GameId,
    replay::Replay,
    rules::RULES_VERSION,
};

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
    player::Identity,
    screens::replay_links,
    simulation::Simulation,
    state::{Playback, Screen},
};

/// The interval between requests for the progress of a game that is not complete yet, seconds.
const POLL_INTERVAL: f32 = 1.0;

#[derive(Message)]
struct GameViewResponse(Result<GameView, RequestError>);

#[derive(Message)]
struct ReplayResponse(Result<GameReplay, RequestError>);

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
            poll_game
                .in_set(FrameSet::Output)
                .run_if(in_state(Screen::Watching).and_then(resource_exists::<WatchedGame>)),
        ),
    );
}

/// Requests the game that the page's address names.
fn request_watched_game(
    mut commands: Commands,
    identity: Res<Identity>,
    views: Res<Mailbox<GameViewResponse>>,
    replays: Res<Mailbox<ReplayResponse>>,
) {
    let Some(id) = dom::query("watch") else {
        return;
    };
    match id.parse() {
        Ok(game) => {
            request_game(game, &identity, &views, &replays);
            replay_links::show_save_link(game);
            let poll = Timer::from_seconds(POLL_INTERVAL, TimerMode::Repeating);
            commands.insert_resource(WatchedGame::OnServer { game, view: None, delay_seconds: 0, poll });
        }
        Err(_) => show_error(&format!("\"{id}\" is not the ID of a game. Check the address of this page.")),
    }
}

fn request_game(
    game: GameId,
    identity: &Identity,
    views: &Mailbox<GameViewResponse>,
    replays: &Mailbox<ReplayResponse>,
) {
    http::send(http::get(&format!("/v1/games/{game}")), views, GameViewResponse);
    request_replay(game, identity.token().as_deref(), replays);
}

/// Requests a replay. With the token of the game's player, the replay of a live game is not delayed.
fn request_replay(game: GameId, token: Option<&str>, replays: &Mailbox<ReplayResponse>) {
    let request = http::get(&format!("/v1/games/{game}/replay"));
    let request = match token {
        Some(token) => http::authorize(request, token),
        None => request,
    };
    http::send(request, replays, ReplayResponse);
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
    mut watched: ResMut<WatchedGame>,
    mut simulation: ResMut<Simulation>,
    mut next: ResMut<NextState<Screen>>,
    replays: Res<Mailbox<ReplayResponse>>,
) {
    let WatchedGame::OnServer { game, delay_seconds, .. } = &mut *watched else {
        return;
    };
    for ReplayResponse(response) in responses.read() {
        let recorded = simulation.replay_progress().map(|(_, recorded)| recorded);
        match (response, recorded) {
            (Ok(GameReplay { replay, .. }), _) if replay.rules_version != RULES_VERSION => show_version_error(replay),
            (Ok(GameReplay { replay, delay_seconds: delay }), Some(recorded)) => {
                *delay_seconds = *delay;
                // The delayed log of a player who resumes after a pause is shorter than before.
                if replay.log.ticks() as usize > recorded {
                    simulation.bypass_change_detection().extend_replay(&replay.log);
                }
            }
            (Ok(GameReplay { replay, delay_seconds: delay }), None) => {
                *delay_seconds = *delay;
                commands.insert_resource(Simulation::replay(replay.clone()));
                match delay {
                    0 => announce("Watching a recorded game."),
                    delay => announce(&format!("Watching a game, {delay} seconds behind.")),
                }
                next.set(Screen::Watching);
            }
            // The page renews an expired token of an account meanwhile; the next poll sends it again.
            (Err(RequestError::Refused(problem)), _) if problem.code == ProblemCode::InvalidToken => {
                request_replay(*game, None, &replays);
            }
            // The next poll may succeed.
            (Err(_), Some(_)) => {}
            (Err(RequestError::Refused(problem)), None) => show_error(&problem.detail),
            (Err(RequestError::Busy(_) | RequestError::TooEarly(_) | RequestError::Unreachable), None) => {
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

/// Requests the game's progress until all of its buttons are here.
fn poll_game(
    mut watched: ResMut<WatchedGame>,
    simulation: Res<Simulation>,
    identity: Res<Identity>,
    time: Res<Time<Real>>,
    views: Res<Mailbox<GameViewResponse>>,
    replays: Res<Mailbox<ReplayResponse>>,
) {
    let is_complete = watched.is_complete(&simulation);
    let WatchedGame::OnServer { game, poll, .. } = &mut *watched else {
        return;
    };
    if poll.tick(time.delta()).just_finished() && !is_complete {
        request_game(*game, &identity, &views, &replays);
    }
}
