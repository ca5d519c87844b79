//! Random numbers from a seed.

use rand_core::Rng;
use rand_pcg::Pcg32;

/// A random generator.
#[derive(Debug, Clone)]
pub struct Random(Pcg32);

impl Random {
    /// The generator with a seed.
    pub fn new(seed: u64) -> Random {
        Random(Pcg32::new(seed, 0x700))
    }

    /// Another generator, whose numbers follow from this one's.
    pub fn fork(&mut self) -> Random {
        Random::new(self.number())
    }

    /// A number from 0 to 2^64 - 1.
    pub fn number(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number below `limit`, which is at least 1.
    pub fn below(&mut self, limit: u32) -> u32 {
        self.0.next_u32() % limit.max(1)
    }

    /// A number from 0 to 1, but not 1.
    pub fn share(&mut self) -> f64 {
        f64::from(self.0.next_u32()) / (f64::from(u32::MAX) + 1.0)
    }
}
