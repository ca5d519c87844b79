//! The result of a game of other rules, which this server does not replay.

use serde::{Deserialize, Serialize};
use shared::{ids::Seq, rules::StateHash, standing::GameResult, time::Tick};

/// The result of a game that this server does not replay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedResult {
    /// Where the result comes from.
    pub source: ResultSource,
    /// Ticks played.
    pub tick: Tick,
    /// The level, from 1.
    pub level: u32,
    /// The result of all events.
    pub result: GameResult,
    /// Hash of the last state, if it is known.
    pub hash: Option<StateHash>,
}

impl RecordedResult {
    /// The result of a row that does not have one.
    pub const UNKNOWN: RecordedResult = RecordedResult {
        source: ResultSource::Row,
        tick: Tick::ZERO,
        level: 1,
        result: GameResult { score: 0, lives: 0, shots: 0 },
        hash: None,
    };
}

/// Where the result of a game that this server does not replay comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResultSource {
    /// Only the ticket was read: the result is not known.
    Ticket,
    /// A row of a server that replayed the game. The stream may not have the result.
    Row,
    /// The record of the game's end, after which this event number comes.
    End(Seq),
}
