//! The events of one game that are not known to be durable, with all that is needed to send them: what storage keeps.

use serde::{Deserialize, Serialize};
use shared::{
    event::{Batch, Event, MAX_EVENTS, SCHEMA_VERSION, What},
    ids::{GameId, Seq},
    time::Tick,
};

/// One game's events, numbered from `first_seq`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Queue {
    pub game: GameId,
    /// Proves to the server that the events are this game's.
    pub token: String,
    first_seq: Seq,
    events: Vec<Event>,
}

/// The server misses events that are no longer here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the server expects event {expected:?}, and the oldest one kept is {oldest:?}")]
pub struct Forgotten {
    expected: Seq,
    oldest: Seq,
}

impl Queue {
    pub fn new(game: GameId, token: String) -> Queue {
        Queue { game, token, first_seq: Seq(0), events: Vec::new() }
    }

    pub fn push(&mut self, event: Event) {
        self.events.push(event);
    }

    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// The oldest events, as many as one request carries; none if there are none.
    pub fn batch(&self) -> Option<Batch> {
        let events: Vec<Event> = self.events.iter().take(MAX_EVENTS).cloned().collect();
        (!events.is_empty()).then_some(Batch { schema: SCHEMA_VERSION, first_seq: self.first_seq, events })
    }

    /// Forgets what is durable: everything below `next_seq`.
    ///
    /// # Errors
    /// Where the server is behind what was forgotten already: it has lost events, or speaks of another game.
    pub fn acknowledge(&mut self, next_seq: Seq) -> Result<(), Forgotten> {
        let Some(durable) = next_seq.0.checked_sub(self.first_seq.0) else {
            return Err(Forgotten { expected: next_seq, oldest: self.first_seq });
        };
        self.events.drain(..self.events.len().min(durable as usize));
        self.first_seq = next_seq;
        Ok(())
    }

    /// The first tick whose buttons are kept here.
    pub fn first_tick(&self) -> Option<Tick> {
        self.events.iter().find(|event| matches!(event.what, What::Buttons(_))).map(|event| event.tick)
    }
}
