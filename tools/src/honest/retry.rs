//! When a browser sends again: the rules of the game client, `game/src/telemetry/outbox.rs` and `backoff.rs`.

use std::time::Duration;

use fastrand::Rng;
use shared::api::ProblemCode;

use crate::client::{Refusal, RequestError};

/// The upper limit of the first delay.
const FIRST_DELAY: Duration = Duration::from_millis(500);
/// The upper limit of all delays.
const MAX_DELAY: Duration = Duration::from_secs(15);
/// The longest accepted `Retry-After`, seconds.
const MAX_RETRY_AFTER: u64 = 60;
/// The longest wait until events are due that is no failure, seconds.
const MAX_SILENT_WAIT: u64 = 5;
/// The upper limit of the random part of that wait.
const WAIT_JITTER: Duration = Duration::from_millis(500);

/// The failures in a row of the requests of one game.
#[derive(Debug)]
pub struct Retries {
    random: Rng,
    failures: u32,
}

impl Retries {
    /// No failures so far. `seed` decides on the random part of the delays.
    pub fn new(seed: u64) -> Retries {
        Retries { random: Rng::with_seed(seed), failures: 0 }
    }

    /// Notes that a request succeeded.
    pub fn succeed(&mut self) {
        self.failures = 0;
    }

    /// How long to wait after a failed request.
    ///
    /// # Errors
    /// The reason if the server refused the game's events for good.
    pub fn delay_after(&mut self, error: &RequestError) -> Result<Duration, String> {
        let RequestError::Refused(Refusal { status, problem, retry_after }) = error else {
            return Ok(self.fail(None));
        };
        match (problem.code, *retry_after) {
            (ProblemCode::TooEarly, Some(seconds)) if seconds <= MAX_SILENT_WAIT => {
                Ok(Duration::from_secs(seconds) + WAIT_JITTER.mul_f64(self.random.f64()))
            }
            (ProblemCode::TooEarly | ProblemCode::Busy | ProblemCode::TooSlow, retry_after) => {
                Ok(self.fail(retry_after))
            }
            (_, retry_after) if status.is_server_error() => Ok(self.fail(retry_after)),
            _ => Err(problem.detail.clone()),
        }
    }

    fn fail(&mut self, retry_after: Option<u64>) -> Duration {
        let limit = (FIRST_DELAY * 2_u32.pow(self.failures.min(10))).min(MAX_DELAY);
        self.failures += 1;
        Duration::from_secs(retry_after.unwrap_or_default().min(MAX_RETRY_AFTER)) + limit.mul_f64(self.random.f64())
    }
}

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;
    use shared::api::Problem;

    use super::*;

    fn refusal(status: u16, code: ProblemCode, retry_after: Option<u64>) -> RequestError {
        let problem = Problem { code, detail: "no".to_owned(), expected_seq: None };
        RequestError::Refused(Refusal { status: StatusCode::from_u16(status).unwrap(), problem, retry_after })
    }

    #[test]
    fn delays_grow_up_to_a_limit_and_start_again_after_a_success() {
        let mut retries = Retries::new(1);
        let busy = refusal(503, ProblemCode::Busy, None);
        let delays: Vec<Duration> = (0..40).map(|_| retries.delay_after(&busy).unwrap()).collect();
        assert!(delays[0] <= FIRST_DELAY && delays.iter().all(|delay| *delay <= MAX_DELAY));
        assert!(delays.iter().any(|delay| *delay > MAX_DELAY / 2));
        retries.succeed();
        assert!(retries.delay_after(&busy).unwrap() <= FIRST_DELAY);
    }

    #[test]
    fn the_server_says_when_to_come_back() {
        let mut retries = Retries::new(1);
        let delay = retries.delay_after(&refusal(429, ProblemCode::TooEarly, Some(2))).unwrap();
        assert!((Duration::from_secs(2)..=Duration::from_millis(2_500)).contains(&delay));
        let delay = retries.delay_after(&refusal(429, ProblemCode::Busy, Some(7))).unwrap();
        assert!((Duration::from_secs(7)..=Duration::from_millis(7_500)).contains(&delay));
    }

    #[test]
    fn other_refusals_are_final() {
        let mut retries = Retries::new(1);
        assert_eq!(retries.delay_after(&refusal(401, ProblemCode::InvalidToken, None)), Err("no".to_owned()));
        assert!(retries.delay_after(&refusal(500, ProblemCode::Internal, None)).is_ok());
    }
}
