//! Fingerprints of play, with which a game that copies another player's game of the same seed is found.
//!
//! A game is divided into windows of five seconds. A window can have two fingerprints: one of the held buttons, and one
//! of the ship's moves. A copy with another move before the window has the same buttons in it. A copy with additional
//! buttons that have no effect has the same moves. The window must have enough changes: idle play and countdowns are
//! the same for all players, and players who stand still and tap have the same moves.
//!
//! The state at the end of a window is no fingerprint, because players who tap in the same place soon reach equal
//! states.
//!
//! A copy that moves the ship otherwise in every window has no fingerprint in common with its original: it is not
//! found.

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::{
    rules::{Buttons, Game, Phase},
    time::{TICKS_PER_SECOND, Tick},
};

/// Ticks of a window: five seconds.
pub const WINDOW_TICKS: u32 = 5 * TICKS_PER_SECOND;

/// The number of changes in ticks with input that a window needs: of the held buttons, or of the ship's direction.
pub const MIN_CHANGES: u32 = 8;

/// A fingerprint of a window of a game.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint {
    /// The end of the window, a multiple of [`WINDOW_TICKS`].
    pub at: Tick,
    /// XXH3 of the held buttons or of the ship's directions in each tick.
    pub hash: u64,
}

/// The current window of a game. It is small, so that it can be stored between two batches.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlayWindow {
    buttons: Track,
    moves: Track,
}

impl PlayWindow {
    /// Plays one tick of the game. Returns the fingerprints of the window that ends with this tick, if any. Every tick
    /// of the game must be played by this function.
    pub fn step(&mut self, game: &mut Game, buttons: Buttons) -> Vec<Fingerprint> {
        let (has_input, ship_x) = (game.state().phase == Phase::Playing, game.state().ship_x);
        game.step(buttons);
        let direction = (game.state().ship_x - ship_x).raw().signum();
        self.buttons.add(buttons.bits() as i8, has_input);
        self.moves.add(direction as i8, has_input);
        let at = game.state().tick;
        if !at.0.is_multiple_of(WINDOW_TICKS) {
            return Vec::new();
        }
        let PlayWindow { buttons, moves } = std::mem::take(self);
        [buttons, moves].into_iter().filter_map(|track| track.fingerprint(at)).collect()
    }
}

/// A value for each tick of a window.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Track {
    hash: u64,
    changes: u32,
    last: Option<i8>,
}

impl Track {
    fn add(&mut self, value: i8, has_input: bool) {
        let is_change = self.last.is_some_and(|last| last != value);
        self.changes += u32::from(is_change && has_input);
        self.hash = xxh3_64_with_seed(&value.to_le_bytes(), self.hash);
        self.last = Some(value);
    }

    fn fingerprint(self, at: Tick) -> Option<Fingerprint> {
        (self.changes >= MIN_CHANGES).then_some(Fingerprint { at, hash: self.hash })
    }
}
