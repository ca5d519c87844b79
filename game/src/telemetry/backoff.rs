//! How long to wait after a failure: twice as long at most as after the one before, and by chance less, so that the
//! browsers of a whole hall do not come back at once.

/// The first wait is at most this long, seconds.
const FIRST: f64 = 0.5;
/// No wait is longer, seconds.
const LONGEST: f64 = 15.0;

/// Failures in a row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// The seconds to wait after one more failure; `chance` is between 0 and 1, `asked` what the server asked for.
    pub fn fail(&mut self, chance: f64, asked: Option<f64>) -> f64 {
        let most = (FIRST * 2_f64.powi(self.failures.min(10) as i32)).min(LONGEST);
        self.failures += 1;
        // Whoever was asked to wait spreads out after that.
        asked.unwrap_or(0.0).clamp(0.0, 60.0) + most * chance
    }

    pub fn succeed(&mut self) {
        self.failures = 0;
    }

    /// Whether the last attempt failed.
    pub fn is_failing(&self) -> bool {
        self.failures > 0
    }
}
