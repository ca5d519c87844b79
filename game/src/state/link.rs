//! Whether the server records the game on the screen.

use crate::bevy::prelude::*;

#[derive(Resource, Debug, Clone, Default, PartialEq, Eq)]
pub enum Link {
    /// The server records the game; no request has failed since the last success.
    #[default]
    Up,
    /// The server cannot be reached. This browser stores that many seconds of play.
    Down { stored_seconds: u32 },
    /// The game is not recorded, for this reason.
    Unrecorded(String),
}

impl Link {
    /// The value of the page's `data-link` attribute.
    pub fn name(&self) -> &'static str {
        match self {
            Link::Up => "up",
            Link::Down { .. } => "down",
            Link::Unrecorded(_) => "unrecorded",
        }
    }
}
