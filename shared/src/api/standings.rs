//! Standings: the ranked players of a session, in pages.

use serde::{Deserialize, Serialize};

use crate::{ids::GameId, standing::Standing};

/// A standing with its rank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Ranked {
    /// The rank, from 1.
    pub rank: u32,
    /// The standing.
    #[serde(flatten)]
    pub standing: Standing,
    /// The player's newest game, which may be in progress.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest: Option<GameId>,
}

/// Response of `GET /v1/standings`: a page of a session's standings. The `standings` events of `GET /v1/live` have the
/// same data.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Standings {
    /// Number of players with a standing.
    pub players: u32,
    /// The standings of this page, best first.
    pub standings: Vec<Ranked>,
    /// The value of the query parameter `after` for the next page; null on the last page.
    pub next: Option<u32>,
}
