//! Taking a seat of the joined session or waiting for it, and losing it.

use crate::bevy::prelude::*;
use shared::{
    api::{Problem, ProblemCode, Seated},
    session::{Approval, Stage},
};

use super::{StartGame, StartProgress, UNREACHABLE};
use crate::{
    network::http::RequestError,
    player::{Identity, open_nickname_dialog},
    session::{HeartbeatMailboxes, JoinedSession, SeatLost, SeatResponse, SeatState, send_heartbeats},
    state::Screen,
};

/// Takes the seat. Then starts a game, or shows the lobby if the session has not started or the player waits for approval.
pub fn take_seat(
    mut responses: MessageReader<SeatResponse>,
    mut progress: ResMut<StartProgress>,
    mut identity: ResMut<Identity>,
    mut joined: Option<ResMut<JoinedSession>>,
    mut next: ResMut<NextState<Screen>>,
    mut starts: MessageWriter<StartGame>,
    mailboxes: HeartbeatMailboxes,
) {
    for SeatResponse(response) in responses.read() {
        *progress = StartProgress::Idle;
        match (response, &mut joined) {
            (Ok(Seated { player_token, approval, .. }), Some(joined)) => {
                if let Some(token) = player_token {
                    identity.store_token(token);
                }
                joined.seat = SeatState::from(*approval);
                send_heartbeats(joined.session.session, identity.player_token.clone(), *approval, &mailboxes);
                match (approval, joined.session.stage) {
                    (Approval::Waiting, _) | (Approval::Approved, Stage::Lobby) => next.set(Screen::Lobby),
                    (Approval::Approved, _) => {
                        starts.write(StartGame);
                    }
                }
            }
            (Err(RequestError::Refused(problem)), _) => {
                handle_refusal(problem, &mut progress, &mut identity, &mut starts);
            }
            (Err(RequestError::Busy(_) | RequestError::TooEarly(_) | RequestError::Unreachable), _) | (Ok(_), None) => {
                *progress = StartProgress::Refused(UNREACHABLE.to_owned());
            }
        }
    }
}

fn handle_refusal(
    problem: &Problem,
    progress: &mut StartProgress,
    identity: &mut Identity,
    starts: &mut MessageWriter<StartGame>,
) {
    match problem.code {
        // The server no longer knows the player, so the next request creates a new one.
        ProblemCode::InvalidToken if identity.player_token.is_some() => {
            identity.delete_token();
            starts.write(StartGame);
        }
        ProblemCode::NicknameTaken | ProblemCode::BadRequest => {
            open_nickname_dialog(identity, Some(&problem.detail));
            *progress = StartProgress::ChoosingNickname;
        }
        _ => *progress = StartProgress::Refused(problem.detail.clone()),
    }
}

/// Shows why the seat was lost.
pub fn leave_session(mut losses: MessageReader<SeatLost>, mut progress: ResMut<StartProgress>) {
    if let Some(SeatLost(problem)) = losses.read().last() {
        *progress = StartProgress::Refused(problem.detail.clone());
    }
}
