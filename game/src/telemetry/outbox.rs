//! Sends the events of one game: one request at a time, with retries until the server has stored or refused them.

use shared::{
    api::{Ack, Problem, ProblemCode},
    event::Batch,
    sending::Backoff,
    time::Tick,
};

use super::queue::Queue;
use crate::{network::http::RequestError, state::LagNotice};

/// The longest wait until events are due that is not shown as a failure, seconds. The clocks of browser and server differ
/// by less.
const MAX_SILENT_WAIT: f64 = 5.0;
/// The upper limit of the random part of that wait, seconds.
const WAIT_JITTER: f64 = 0.5;

#[derive(Debug, Clone, Copy, PartialEq)]
enum RequestState {
    Ready,
    /// Waiting for the response.
    Sent,
    /// Waiting to retry at this time, seconds.
    RetryAt(f64),
}

/// A game's queue and the state of its requests.
#[derive(Debug)]
pub struct Outbox {
    pub queue: Queue,
    state: RequestState,
    backoff: Backoff,
    lag: AcknowledgedLag,
}

/// The lag of buttons that the server has reported, milliseconds.
#[derive(Debug, Clone, Copy, Default)]
struct AcknowledgedLag {
    last: u64,
    largest: u64,
}

impl Outbox {
    pub fn new(queue: Queue) -> Outbox {
        Outbox { queue, state: RequestState::Ready, backoff: Backoff::default(), lag: AcknowledgedLag::default() }
    }

    /// The batch to send at time `now`, seconds; `None` if there is none yet. Pass the response to
    /// [`Outbox::handle_response`].
    pub fn next_batch(&mut self, now: f64) -> Option<Batch> {
        match self.state {
            RequestState::Sent => return None,
            RequestState::RetryAt(time) if now < time => return None,
            RequestState::Ready | RequestState::RetryAt(_) => {}
        }
        let batch = self.queue.batch()?;
        self.state = RequestState::Sent;
        Some(batch)
    }

    /// Handles a response at time `now`, seconds. `random` is from 0 to 1.
    ///
    /// # Errors
    /// The reason if the server refused the game's events for good. Nothing is sent after that.
    pub fn handle_response(
        &mut self,
        response: Result<Ack, RequestError>,
        now: f64,
        random: f64,
    ) -> Result<(), String> {
        let retry_after = match response {
            Ok(ack) => {
                self.lag = AcknowledgedLag { last: ack.lag_millis, largest: self.lag.largest.max(ack.lag_millis) };
                self.queue.acknowledge(ack);
                self.backoff.succeed();
                self.state = RequestState::Ready;
                return Ok(());
            }
            Err(RequestError::TooEarly(seconds)) if seconds <= MAX_SILENT_WAIT => {
                self.state = RequestState::RetryAt(now + seconds + WAIT_JITTER * random);
                return Ok(());
            }
            Err(RequestError::TooEarly(seconds)) => Some(seconds),
            // Temporary refusals without a time to wait.
            Err(RequestError::Refused(Problem { code: ProblemCode::TooSlow | ProblemCode::Busy, .. })) => None,
            Err(RequestError::Refused(problem)) => return Err(problem.detail),
            Err(RequestError::Busy(retry_after)) => retry_after,
            Err(RequestError::Unreachable) => None,
        };
        self.state = RequestState::RetryAt(now + self.backoff.fail(random, retry_after));
        Ok(())
    }

    /// Whether the first ticks of the game may still reach the server with the next request.
    pub fn is_sending_first_ticks(&self) -> bool {
        !self.is_failing() && self.queue.has_first_ticks()
    }

    /// What the player is told about the lag when tick `now` is due. Without a network, the oldest button that waits counts.
    pub fn lag_notice(&self, now: Tick) -> LagNotice {
        let waits = |button: Tick| Tick(now.0.saturating_sub(button.0)).millis();
        let waiting = self.queue.first_button().map_or(0, waits);
        LagNotice::new(self.lag.last.max(waiting), self.lag.largest)
    }

    /// Whether the last request failed.
    pub fn is_failing(&self) -> bool {
        self.backoff.is_failing()
    }
}
