//! Identifiers of games, players and events.

use serde::{Deserialize, Serialize};

use crate::hex::hex_u64;

hex_u64! {
    /// The ID of one game of one player.
    GameId
}

hex_u64! {
    /// The ID of a player. It does not depend on the nickname.
    PlayerId
}

/// The number of an event within its game. Numbers start at 0 and have no gaps.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Seq(pub u32);

impl Seq {
    /// The number of the `n`th event after this one.
    pub fn plus(self, n: usize) -> Seq {
        Seq(self.0.saturating_add(n.try_into().unwrap_or(u32::MAX)))
    }
}
