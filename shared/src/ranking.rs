//! Whether a game ranks. The verdict says whether its score is real; a manager can take a game with a real score off the
//! standings, and put it back.

use serde::{Deserialize, Serialize};

use crate::reason::Reason;

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
