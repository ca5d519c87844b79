//! When a browser sends again: the rules of the game client, `game/src/telemetry/outbox.rs`.

use std::time::Duration;

use shared::{api::ProblemCode, sending::Backoff};

use crate::{
    client::{Refusal, RequestError},
    random::Random,
};

/// The longest wait until events are due that is no failure, seconds.
const MAX_SILENT_WAIT: u64 = 5;
/// The upper limit of the random part of that wait, seconds.
const WAIT_JITTER: f64 = 0.5;

/// The retries of the requests of one game.
#[derive(Debug)]
pub struct Retries {
    backoff: Backoff,
    random: Random,
}

impl Retries {
    /// No failures so far. `seed` decides on the random part of the delays.
    pub fn new(seed: u64) -> Retries {
        Retries { backoff: Backoff::default(), random: Random::new(seed) }
    }

    /// Notes that a request succeeded.
    pub fn succeed(&mut self) {
        self.backoff.succeed();
    }

    /// How long to wait after a failed request.
    ///
    /// # Errors
    /// The reason if the server refused the game's events for good.
    pub fn delay_after(&mut self, error: &RequestError) -> Result<Duration, String> {
        let random = self.random.share();
        let RequestError::Refused(Refusal { status, problem, retry_after }) = error else {
            return Ok(self.fail(random, None));
        };
        match (problem.code, *retry_after) {
            (ProblemCode::TooEarly, Some(seconds)) if seconds <= MAX_SILENT_WAIT => {
                Ok(Duration::from_secs(seconds) + Duration::from_secs_f64(WAIT_JITTER * random))
            }
            (ProblemCode::TooEarly | ProblemCode::Busy | ProblemCode::TooSlow, retry_after) => {
                Ok(self.fail(random, retry_after))
            }
            (_, retry_after) if status.is_server_error() => Ok(self.fail(random, retry_after)),
            _ => Err(problem.detail.clone()),
        }
    }

    fn fail(&mut self, random: f64, retry_after: Option<u64>) -> Duration {
        Duration::from_secs_f64(self.backoff.fail(random, retry_after.map(|seconds| seconds as f64)))
    }
}

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;
    use shared::api::Problem;

    use super::*;

    /// The shortest and the longest delay after a response with this status and code.
    fn delays(status: u16, code: ProblemCode, retry_after: Option<u64>) -> Result<[f64; 2], String> {
        let problem = Problem { code, detail: "no".to_owned(), expected_seq: None };
        let refusal = Refusal { status: StatusCode::from_u16(status).unwrap(), problem, retry_after };
        let error = RequestError::Refused(refusal);
        let delays = (0..200).map(|seed| Retries::new(seed).delay_after(&error));
        let delays: Vec<f64> = delays.map(|delay| delay.map(|delay| delay.as_secs_f64())).collect::<Result<_, _>>()?;
        Ok([delays.iter().copied().fold(f64::MAX, f64::min), delays.iter().copied().fold(0.0, f64::max)])
    }

    #[test]
    fn the_server_says_when_to_come_back_and_browsers_do_not_come_back_together() {
        for (status, code, seconds) in [(429, ProblemCode::TooEarly, 2), (429, ProblemCode::Busy, 7)] {
            let [shortest, longest] = delays(status, code, Some(seconds)).unwrap();
            let random = seconds as f64..seconds as f64 + 0.5;
            assert!(random.contains(&shortest) && random.contains(&longest), "{shortest} to {longest} s");
            assert!(longest - shortest > 0.4);
        }
    }

    #[test]
    fn failures_of_the_server_are_temporary_and_other_refusals_are_final() {
        assert!(delays(500, ProblemCode::Internal, None).is_ok());
        assert!(delays(408, ProblemCode::TooSlow, None).is_ok());
        assert_eq!(delays(401, ProblemCode::InvalidToken, None), Err("no".to_owned()));
        assert_eq!(delays(409, ProblemCode::Gap, None), Err("no".to_owned()));
    }
}
