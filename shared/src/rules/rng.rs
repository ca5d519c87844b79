//! The random generator of a game. Only the rules draw from it.

use rand_core::Rng;
use rand_pcg::Pcg32;
use serde::{Deserialize, Serialize};

use super::{Px, Seed};

/// The stream of the random generator. It is fixed, so that only the seed makes a difference.
const STREAM: u64 = 0x0a11_e4a7_7ac4;

/// A random generator that is started by the seed of a game.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct GameRng(Pcg32);

impl GameRng {
    /// Starts the generator.
    pub(super) fn new(seed: Seed) -> GameRng {
        GameRng(Pcg32::new(seed.0, STREAM))
    }

    /// Draws a number of 32 bits.
    pub(super) fn draw(&mut self) -> u32 {
        self.0.next_u32()
    }

    /// Draws a number below `limit` with equal probabilities; 0 if `limit` is 0. Takes the high word of a 32-bit draw
    /// times the limit, which needs a single draw.
    pub(super) fn below(&mut self, limit: u32) -> u32 {
        ((u64::from(self.draw()) * u64::from(limit)) >> 32) as u32
    }

    /// Draws a length from `-limit` to `limit` with equal probabilities. `limit` must not be negative.
    pub(super) fn within(&mut self, limit: Px) -> Px {
        Px::from_raw(self.below(limit.raw() as u32 * 2 + 1) as i32) - limit
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn draws_reach_both_limits_and_nothing_beyond() {
        let mut rng = GameRng::new(Seed(1));
        let below: BTreeSet<u32> = (0..1000).map(|_| rng.below(10)).collect();
        assert_eq!(below, (0..10).collect());
        let within: BTreeSet<i32> = (0..1000).map(|_| rng.within(Px::from_raw(3)).raw()).collect();
        assert_eq!(within, (-3..=3).collect());
        assert_eq!((rng.below(0), rng.within(Px::ZERO)), (0, Px::ZERO));
    }
}
