//! Names of things on the wire.

use serde::{Deserialize, Serialize};

use crate::hex::hex_u64;

hex_u64! {
    /// One game of one player: the partition key of its events.
    GameId
}

hex_u64! {
    /// One player, whatever the nickname.
    PlayerId
}

/// The number of an event within its game: 0, 1, 2 and so on, without gaps.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Seq(pub u32);

impl Seq {
    /// The number of the `n`th event after this one.
    pub fn plus(self, n: usize) -> Seq {
        Seq(self.0.saturating_add(n.try_into().unwrap_or(u32::MAX)))
    }
}
