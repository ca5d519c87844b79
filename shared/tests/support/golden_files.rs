//! The files of the golden replays.

use std::{fs, path::PathBuf};

use serde::{Deserialize, Serialize};
use shared::{replay::Replay, rules::StateHash};

/// Numbers of the games that a look-ahead player plays, who knows the seed.
pub const LOOK_AHEAD_GAMES: std::ops::Range<u64> = 12..18;

/// A recorded game with the hash of its last state.
#[derive(Serialize, Deserialize)]
pub struct Golden {
    /// The game.
    pub replay: Replay,
    /// The hash of its last state.
    pub hash: StateHash,
}

impl Golden {
    /// Reads the file of a game.
    pub fn read(number: u64) -> Golden {
        serde_json::from_slice(&fs::read(path(number)).unwrap()).unwrap()
    }
}

/// The file of a game.
pub fn path(number: u64) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/{number:02}.json"))
}
