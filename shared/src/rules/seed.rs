//! The seed of a game.

use crate::hex::hex_u64;

hex_u64! {
    /// Seed of the game's random generator. The server chooses it.
    Seed
}
