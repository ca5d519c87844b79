//! Random numbers from the browser. The rules never use them.

use shared::replay::Seed;

/// A number from 0 up to, but not including, 1.
pub fn random_unit() -> f32 {
    js_sys::Math::random() as f32
}

/// A seed for a game that is not recorded; the server chooses the seeds of recorded games.
pub fn random_seed() -> Seed {
    Seed((js_sys::Math::random() * 2_f64.powi(53)) as u64)
}
