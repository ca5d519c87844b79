//! The state of a game between two ticks, and its hash.

use arrayvec::ArrayVec;
use serde::{Deserialize, Serialize};

use super::{
    Bomb, Formation, MAX_BOMBS, MAX_ROCKETS, Mystery, Px, Rocket, Shields, beat::Beat, bomb_pattern::BombPattern,
    rng::GameRng,
};
use crate::{hex::hex_u64, time::Tick};

/// The phase of a game.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// The countdown before a level: nothing moves and buttons have no effect.
    Countdown {
        /// Ticks until the level starts, 1 to [`super::COUNTDOWN_TICKS`].
        ticks_left: u16,
    },
    /// Play.
    Playing,
    /// The ship was hit and another life is left: nothing moves and buttons have no effect.
    Respawning {
        /// Ticks until the ship respawns, from 1.
        ticks_left: u16,
    },
    /// The game is over; the state does not change any more.
    Over,
}

/// The complete state of a game. The next state depends on it, the tuning and the buttons only. At most about a
/// kilobyte in postcard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Ticks played.
    pub tick: Tick,
    /// The phase.
    pub phase: Phase,
    /// The level, from 1.
    pub level: u32,
    /// Lives left.
    pub lives: u8,
    /// Points.
    pub score: u32,
    /// Rockets fired.
    pub shots: u32,
    /// Horizontal centre of the ship, which moves along the bottom edge.
    pub ship_x: Px,
    /// Ticks until the player can fire again.
    pub reload: u16,
    /// The invaders.
    pub formation: Formation,
    /// Ticks for which the formation does not move.
    pub freeze: u16,
    /// Ticks without new bombs.
    pub quiet: u16,
    /// Position in the tables of patterned bombing.
    pub(super) pattern: BombPattern,
    /// The shields.
    pub shields: Shields,
    /// The mystery ship.
    pub mystery: Mystery,
    /// Position in the sound of the march.
    pub(super) beat: Beat,
    /// Rockets in flight, oldest first.
    pub rockets: ArrayVec<Rocket, MAX_ROCKETS>,
    /// Bombs in flight, oldest first.
    pub bombs: ArrayVec<Bomb, MAX_BOMBS>,
    /// The random generator.
    #[serde(rename = "dice")]
    pub(super) rng: GameRng,
}

impl State {
    /// The hash of this state: XXH3 over its postcard encoding.
    pub fn hash(&self) -> StateHash {
        let mut buffer = [0; 2048];
        let bytes = postcard::to_slice(self, &mut buffer).unwrap_or_default();
        StateHash(xxhash_rust::xxh3::xxh3_64(bytes))
    }
}

hex_u64! {
    /// The hash of a game's state. The server compares the browser's hash with its own.
    StateHash
}
