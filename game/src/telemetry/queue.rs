//! The unacknowledged events of one game, as the browser's storage keeps them.

use serde::{Deserialize, Serialize};
use shared::{
    api::Ack,
    event::{Batch, Event, EventKind, MAX_EVENTS, SCHEMA_VERSION},
    ids::{GameId, Seq},
    lag,
    time::Tick,
};

/// The unacknowledged events of one game. The field names are persisted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Queue {
    pub game: GameId,
    /// The game token. It also proves that the events before `first_seq` are durable.
    pub token: String,
    first_seq: Seq,
    events: Vec<Event>,
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

    /// The oldest events, at most [`MAX_EVENTS`]; `None` if the queue is empty.
    pub fn batch(&self) -> Option<Batch> {
        let events: Vec<Event> = self.events.iter().take(MAX_EVENTS).cloned().collect();
        (!events.is_empty()).then_some(Batch { schema: SCHEMA_VERSION, first_seq: self.first_seq, events })
    }

    /// Removes the durable events and stores the token for the others.
    pub fn acknowledge(&mut self, Ack { next_seq, game_token, .. }: Ack) {
        let durable = next_seq.0.saturating_sub(self.first_seq.0) as usize;
        self.events.drain(..self.events.len().min(durable));
        self.first_seq = next_seq;
        self.token = game_token;
    }

    /// Whether the first buttons of the game are unacknowledged.
    pub fn has_first_ticks(&self) -> bool {
        self.first_tick() == Some(Tick::ZERO)
    }

    /// The first tick with unacknowledged buttons.
    pub fn first_tick(&self) -> Option<Tick> {
        self.events.iter().find(|event| matches!(event.kind, EventKind::Buttons(_))).map(|event| event.tick)
    }

    /// The oldest unacknowledged button, see [`lag::first_button`].
    pub fn first_button(&self) -> Option<Tick> {
        self.events.iter().find_map(lag::first_button)
    }
}
