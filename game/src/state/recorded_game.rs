//! The ids of the game on the screen, if the server records it.

use bevy::prelude::*;
use shared::ids::{GameId, PlayerId};

/// Exists only while the game on the screen has a ticket.
#[derive(Resource, Debug, Clone, Copy)]
pub struct RecordedGame {
    pub game: GameId,
    pub player: PlayerId,
}
