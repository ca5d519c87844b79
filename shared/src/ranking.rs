//! Whether a game ranks. The verdict says whether its score is real; a manager can take a game with a real score off the
//! standings, and put it back.

use serde::{Deserialize, Serialize};

use crate::{ids::GameId, reason::Reason, time::Tick};

/// The largest lag of a button (see [`crate::lag`]) with which a game of a real-time session ranks, milliseconds.
///
/// Bad Wi-Fi needs less: 5 % of packets lost, round trips of 300 ms, and an outage of 20 s about once a minute. In a
/// simulation of 1,000 such games of four minutes the largest lag is LARGEST s, and HIGH s or less in 99 % of them
/// (`tools calibrate lag`). An outage of 20 s can cost more than 20 s, because the browser pauses between its retries.
pub const MAX_LAG_MILLIS: u64 = 60_000;

/// Whether a game ranks if its verdict allows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "status")]
pub enum RankStatus {
    /// The game ranks.
    Ranked,
    /// The game is shown, but does not rank.
    Unranked {
        /// The cause.
        cause: UnrankedCause,
    },
}

/// Why a game does not rank although its verdict allows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "code")]
pub enum UnrankedCause {
    /// A manager took the game off the standings.
    #[error("{reason}")]
    Manager {
        /// The manager's reason.
        reason: Reason,
    },
    /// The game has play of a game of another player with the same seed. A manager decides.
    #[error("up to tick {} it is played like game {of} of another player, which came first", at.0)]
    Copy {
        /// The game that came first.
        of: GameId,
        /// The end of the play that is the same.
        at: Tick,
    },
    /// The buttons of a game of a real-time session came too late.
    #[error("buttons arrived {} s after they were due; in this session the limit is {} s", millis / 1000, MAX_LAG_MILLIS / 1000)]
    Lag {
        /// The largest lag of a button, milliseconds.
        millis: u64,
    },
}

impl RankStatus {
    /// Whether the game ranks.
    pub fn is_ranked(&self) -> bool {
        *self == RankStatus::Ranked
    }
}

/// Request of `PATCH /v1/games/{game}`: a manager decides whether a game ranks. The last decision applies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum RankDecision {
    /// Takes the game off the standings. Has the reason, which everybody can read.
    Unrank(Reason),
    /// Lets the game rank.
    Rank,
}
