//! The server's verdict on a game: live, verified, or rejected with a reason.

use serde::{Deserialize, Serialize};

use crate::time::Tick;

/// The server's verdict on a game. The server replays each game to find it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "status")]
pub enum Verdict {
    /// The game is not over, and the replay has found no problem so far.
    Live,
    /// The replayed game is over.
    Verified,
    /// The game does not count.
    Rejected {
        /// The reason.
        reason: RejectionReason,
    },
}

/// The reason why the server rejects a game.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "code")]
pub enum RejectionReason {
    /// More ticks were played than fit into the time since the start of the game.
    #[error("{} ticks were played, but the time since the start allows {}", played.0, possible.0)]
    AheadOfTime {
        /// Ticks played.
        played: Tick,
        /// Ticks that fit into the time since the start of the game.
        possible: Tick,
    },
    /// The client sent acknowledged buttons again, and they differ.
    #[error("the client sent different buttons for acknowledged ticks, from tick {}", at.0)]
    Rewritten {
        /// First tick of the changed button log.
        at: Tick,
    },
    /// A button log does not start at the end of the previous one.
    #[error("the button log starts at tick {} instead of {}", got.0, expected.0)]
    BrokenLog {
        /// The end of the previous button log.
        expected: Tick,
        /// The first tick of the button log.
        got: Tick,
    },
    /// The browser's state differs from the replayed one: a modified client, or a bug.
    #[error("the browser's state differs from the replayed state at tick {}", at.0)]
    HashMismatch {
        /// The tick of the compared hash.
        at: Tick,
    },
    /// The browser reports the end of the game, but the replayed game is not over.
    #[error("the browser reported the end of the game at tick {}, but the replayed game is not over", at.0)]
    NotOver {
        /// The tick of the report.
        at: Tick,
    },
    /// The client sent buttons after the end of the game.
    #[error("the client sent buttons after the end of the game at tick {}", at.0)]
    PastEnd {
        /// The tick at which the game ended.
        at: Tick,
    },
    /// The game is longer than the maximum of two hours.
    #[error("the game is longer than two hours")]
    TooLong,
}

impl Verdict {
    /// Whether a game with this verdict counts for the standings.
    pub fn ranks(self) -> bool {
        match self {
            Verdict::Live | Verdict::Verified => true,
            Verdict::Rejected { .. } => false,
        }
    }
}
