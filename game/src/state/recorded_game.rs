//! The IDs of the game on the screen, if the server records it.

use crate::bevy::prelude::*;
use shared::ids::{GameId, PlayerId};

/// Inserted with the ticket. Removed when the title is shown or a game without a ticket starts.
#[derive(Resource, Debug, Clone, Copy)]
pub struct RecordedGame {
    pub game: GameId,
    pub player: PlayerId,
}
