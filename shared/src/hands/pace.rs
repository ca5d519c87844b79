//! Figures of the time in which a game was played.

use serde::{Deserialize, Serialize};

/// Figures of how a game's ticks arrived at the server. The server computes them; see [`super::pace_marks`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PaceFigures {
    /// Time played divided by time passed, percent, 0 to 100. 100 is real time.
    pub pace_percent: u8,
    /// Largest delay of a batch behind the time when its last tick was due, milliseconds.
    pub max_lag_millis: u64,
    /// Largest time from when a button was due until it was received, milliseconds. In a real-time session a game with a
    /// larger one than bad Wi-Fi causes does not rank.
    pub max_button_lag_millis: u64,
    /// Sum of all increases of the delay of a batch by half a second or more, milliseconds: the time for which the game
    /// stood still or fell behind.
    pub lag_sum_millis: u64,
    /// Ticks that arrived in batches of several seconds of play, percent of all ticks, 0 to 100.
    pub bulk_percent: u8,
    /// Most games of the player that were played at the same time, this one included.
    pub parallel_games: u32,
    /// Time from the first start of the game's ticket to the start with which it was played, milliseconds. The ticket shows
    /// the seed, so the player could practise the game in this time. 0 if the ticket was issued once.
    pub practice_millis: u64,
}
