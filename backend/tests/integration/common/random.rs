//! Random numbers for tests, all from one seed. A test prints the seed; `ALIEN_TEST_SEED` sets it for another run.

use std::sync::OnceLock;

/// A random generator.
pub struct Random(fastrand::Rng);

impl Random {
    /// The generator for one purpose of a test. Its numbers depend only on the seed and on the purpose.
    pub fn new(purpose: &str) -> Random {
        let seed = seed();
        println!("random numbers for {purpose}: repeat them with ALIEN_TEST_SEED={seed}");
        // Another purpose starts another sequence.
        let offset = purpose.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(257).wrapping_add(byte.into()));
        Random(fastrand::Rng::with_seed(seed.wrapping_add(offset)))
    }

    /// A number from 0 to 2^64 - 1.
    pub fn number(&mut self) -> u64 {
        self.0.u64(..)
    }

    /// A number below `limit`, which is at least 1.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0.u64(..limit)
    }

    /// 32 random bytes.
    pub fn bytes(&mut self) -> [u8; 32] {
        let mut bytes = [0; 32];
        self.0.fill(&mut bytes);
        bytes
    }

    /// Puts `items` into a random order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        self.0.shuffle(items);
    }
}

/// The seed of this run.
fn seed() -> u64 {
    static SEED: OnceLock<u64> = OnceLock::new();
    *SEED.get_or_init(|| match std::env::var("ALIEN_TEST_SEED") {
        Ok(seed) => seed.parse().expect("ALIEN_TEST_SEED is not a number from 0 to 2^64 - 1"),
        Err(_) => getrandom::u64().unwrap(),
    })
}

#[test]
fn numbers_depend_on_the_purpose_and_repeat() {
    let numbers = |purpose| {
        let mut random = Random::new(purpose);
        [random.number(), random.number(), random.below(10)]
    };
    assert_eq!(numbers("one"), numbers("one"));
    assert_ne!(numbers("one"), numbers("another"));
}
