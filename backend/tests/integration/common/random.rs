//! Random numbers for tests, all from one seed. A test prints the seed; `ALIEN_TEST_SEED` sets it for another run.

use std::sync::OnceLock;

/// A SplitMix64 generator.
pub struct Random(u64);

impl Random {
    /// The generator for one purpose of a test. Its numbers depend on the seed and on the purpose alone.
    pub fn new(purpose: &str) -> Random {
        let seed = seed();
        println!("random numbers for {purpose}: repeat them with ALIEN_TEST_SEED={seed}");
        // FNV-1a.
        let hash = purpose
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Random(seed ^ hash)
    }

    /// A number from 0 to 2^64 - 1.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`, which is at least 1.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.number() % limit
    }

    /// 32 random bytes.
    pub fn bytes(&mut self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for chunk in bytes.chunks_exact_mut(8) {
            chunk.copy_from_slice(&self.number().to_le_bytes());
        }
        bytes
    }

    /// Puts `items` into a random order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last as u64 + 1) as usize);
        }
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
