//! One game's way to the server: one request at a time, again after a failure, until all is durable or refused.

use shared::{
    api::{Ack, Problem, ProblemCode},
    event::Batch,
};

use super::{backoff::Backoff, queue::Queue};
use crate::api::Failure;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Way {
    Free,
    /// A request is under way.
    Busy,
    /// After a failure, until this time, seconds.
    Closed(f64),
}

/// A queue and how sending it goes.
#[derive(Debug)]
pub struct Outbox {
    pub queue: Queue,
    way: Way,
    backoff: Backoff,
}

impl Outbox {
    pub fn new(queue: Queue) -> Outbox {
        Outbox { queue, way: Way::Free, backoff: Backoff::default() }
    }

    /// What to send at this time, if anything. The answer goes to [`Outbox::answered`].
    pub fn next(&mut self, now: f64) -> Option<Batch> {
        match self.way {
            Way::Busy => return None,
            Way::Closed(until) if now < until => return None,
            Way::Free | Way::Closed(_) => {}
        }
        let batch = self.queue.batch()?;
        self.way = Way::Busy;
        Some(batch)
    }

    /// Takes the answer; `chance` is between 0 and 1.
    ///
    /// # Errors
    /// Why the server will never take this game's events.
    pub fn answered(&mut self, answer: Result<Ack, Failure>, now: f64, chance: f64) -> Result<(), String> {
        let asked = match answer {
            Ok(ack) => {
                self.queue.acknowledge(ack);
                self.backoff.succeed();
                self.way = Way::Free;
                return Ok(());
            }
            Err(Failure::Refused(Problem { code: ProblemCode::TooSlow | ProblemCode::Busy, .. })) => None,
            Err(Failure::Refused(problem)) => return Err(problem.detail),
            Err(Failure::Busy(after)) => after,
            Err(Failure::Unreachable) => None,
        };
        self.way = Way::Closed(now + self.backoff.fail(chance, asked));
        Ok(())
    }

    /// Whether the last request failed.
    pub fn is_failing(&self) -> bool {
        self.backoff.is_failing()
    }
}
