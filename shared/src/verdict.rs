//! What the server thinks of a game.

use serde::{Deserialize, Serialize};

use crate::time::Tick;

/// What the server thinks of a game so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "status")]
pub enum Verdict {
    /// Replayed so far without a doubt, and not over.
    Live,
    /// Over, and replayed to the same end.
    Verified,
    /// It does not count.
    Rejected {
        /// Why.
        reason: RejectionReason,
    },
}

/// Why a game does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "code")]
pub enum RejectionReason {
    /// More ticks than time allows.
    #[error("{} ticks were played when time allowed {}", played.0, possible.0)]
    AheadOfTime {
        /// Ticks played.
        played: Tick,
        /// Ticks that fit into the time since the ticket.
        possible: Tick,
    },
    /// Buttons that were acknowledged came again and differ.
    #[error("buttons that were acknowledged came again, changed, at tick {}", at.0)]
    Rewritten {
        /// The first tick of the changed log.
        at: Tick,
    },
    /// A button log does not begin where the one before ended.
    #[error("buttons begin at tick {} where {} was due", got.0, expected.0)]
    BrokenLog {
        /// Where it should have begun.
        expected: Tick,
        /// Where it began.
        got: Tick,
    },
    /// The browser's state is not the server's: another program, or a bug in one of them.
    #[error("the browser's state differs from the replayed one at tick {}", at.0)]
    HashMismatch {
        /// The tick that the hash was for.
        at: Tick,
    },
    /// The browser says that the game is over, and by the rules it is not.
    #[error("the game was called over at tick {}, but by the rules it goes on", at.0)]
    NotOver {
        /// The tick of that claim.
        at: Tick,
    },
    /// The game is longer than the longest that is kept.
    #[error("the game is longer than two hours")]
    TooLong,
}

impl Verdict {
    /// Whether a game of this verdict stands in the standings.
    pub fn ranks(self) -> bool {
        match self {
            Verdict::Live | Verdict::Verified => true,
            Verdict::Rejected { .. } => false,
        }
    }
}
