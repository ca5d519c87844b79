//! Waiting for a seed that all games of the session share. The server keeps it secret until the common start, and has
//! committed to it before.

use crate::bevy::prelude::*;
use shared::session::Stage;

use super::{StartProgress, requests::TicketRequests, ticket::NewGameState};
use crate::page::errors::show_error;

/// Starts the game when an update of the session reveals the seed, if that is the one that the ticket is committed to.
pub fn start_with_revealed_seed(
    mut progress: ResMut<StartProgress>,
    mut new_game: NewGameState,
    requests: TicketRequests,
) {
    let StartProgress::AwaitingSeed { ticket, commitment } = &*progress else {
        return;
    };
    let Some(session) = requests.joined.as_deref().map(|joined| &joined.session) else {
        return;
    };
    let after = match (session.stage, session.revealed_seed) {
        (Stage::Running { .. }, None) => return,
        (Stage::Running { .. }, Some(revealed)) => match commitment.open(&revealed) {
            Ok(seed) => {
                new_game.start_recorded(ticket, seed, &requests);
                StartProgress::Idle
            }
            Err(broken) => {
                show_error(&format!("This game does not start: {broken}. Tell the manager of the session."));
                StartProgress::Stopped
            }
        },
        // The session was closed before its start.
        (Stage::Planned | Stage::Lobby | Stage::Closing { .. } | Stage::Closed { .. }, _) => StartProgress::Idle,
    };
    *progress = after;
}
