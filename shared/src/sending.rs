//! How the browser sends the events of a game: one request at a time, with retries. `tools calibrate lag` simulates a sender by
//! the same rules.

/// The interval between events with buttons, milliseconds.
pub const BUTTONS_INTERVAL_MILLIS: u64 = 1_000;

/// A request without a response after this time fails, milliseconds.
pub const REQUEST_TIMEOUT_MILLIS: u32 = 8_000;

/// The upper limit of the first delay, seconds.
const FIRST_DELAY: f64 = 0.5;
/// The upper limit of all delays, seconds.
const MAX_DELAY: f64 = 15.0;
/// The longest accepted `Retry-After`, seconds.
const MAX_RETRY_AFTER: f64 = 60.0;

/// Exponential backoff with jitter, so that the browsers of an event do not retry at the same time: the number of failures
/// in a row.
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

    /// Counts a success.
    pub fn succeed(&mut self) {
        self.failures = 0;
    }

    /// Whether the last attempt failed.
    pub fn is_failing(&self) -> bool {
        self.failures > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_double_up_to_a_limit_and_start_again_after_a_success() {
        let mut backoff = Backoff::default();
        let longest: Vec<f64> = (0..7).map(|_| backoff.fail(1.0, None)).collect();
        assert_eq!(longest, [0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 15.0]);
        assert!(backoff.is_failing());
        backoff.succeed();
        assert!(!backoff.is_failing());
        assert_eq!(
            [backoff.fail(0.0, None), backoff.fail(0.5, Some(3.0)), backoff.fail(0.0, Some(900.0))],
            [0.0, 3.5, 60.0]
        );
    }
}
