//! What the player is told about the lag of the buttons in a game of a real-time session.

use crate::bevy::prelude::*;
use shared::ranking::MAX_LAG_MILLIS;

#[derive(Resource, Debug, Clone, Default, PartialEq, Eq)]
pub enum LagNotice {
    /// The buttons reach the server in time, or the game may have any pace.
    #[default]
    None,
    /// The buttons reach the server so many seconds late. At the limit the game does not rank.
    Late { seconds: u64 },
    /// A button came too late, so the game does not rank.
    TooLate,
}

impl LagNotice {
    /// The notice for the current lag and the largest one of the game, milliseconds.
    pub fn new(current: u64, largest: u64) -> LagNotice {
        if current.max(largest) > MAX_LAG_MILLIS {
            LagNotice::TooLate
        } else if current > MAX_LAG_MILLIS / 3 {
            LagNotice::Late { seconds: current / 1_000 }
        } else {
            LagNotice::None
        }
    }

    /// The text on the canvas.
    pub fn text(&self) -> Option<String> {
        match self {
            LagNotice::None => None,
            LagNotice::Late { seconds } => Some(format!("LAG {seconds} S OF {} S", MAX_LAG_MILLIS / 1_000)),
            LagNotice::TooLate => Some("TOO LATE TO RANK".to_owned()),
        }
    }

    /// The value of the page's `data-lag` attribute.
    pub fn name(&self) -> &'static str {
        match self {
            LagNotice::None => "none",
            LagNotice::Late { .. } => "late",
            LagNotice::TooLate => "too-late",
        }
    }
}
