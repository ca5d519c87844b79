//! Exponential backoff with jitter, so that the browsers of an event do not retry at the same time.

/// The upper limit of the first delay, seconds.
const FIRST_DELAY: f64 = 0.5;
/// The upper limit of all delays, seconds.
const MAX_DELAY: f64 = 15.0;
/// The longest accepted `Retry-After`, seconds.
const MAX_RETRY_AFTER: f64 = 60.0;

/// The number of failures in a row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// Counts a failure and returns the delay before the next attempt, seconds. `random` is from 0 to 1, `retry_after`
    /// is the server's `Retry-After`.
    pub fn fail(&mut self, random: f64, retry_after: Option<f64>) -> f64 {
        let limit = (FIRST_DELAY * 2_f64.powi(self.failures.min(10) as i32)).min(MAX_DELAY);
        self.failures += 1;
        // The jitter is added to `Retry-After`, which all browsers receive alike.
        retry_after.unwrap_or(0.0).clamp(0.0, MAX_RETRY_AFTER) + limit * random
    }

    pub fn succeed(&mut self) {
        self.failures = 0;
    }

    /// Whether the last attempt failed.
    pub fn is_failing(&self) -> bool {
        self.failures > 0
    }
}
