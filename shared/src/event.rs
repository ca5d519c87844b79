//! Telemetry: what the browser tells about a game, numbered and in batches.

use serde::{Deserialize, Serialize};

use crate::{ids::Seq, replay::ButtonLog, rules::StateHash, time::Tick};

/// The version of the shape of [`Batch`] that this code writes and reads.
pub const SCHEMA_VERSION: u16 = 1;

/// Events in one batch, at most.
pub const MAX_EVENTS: usize = 64;

/// Bytes of a batch as JSON, at most.
pub const MAX_BATCH_BYTES: usize = 64 * 1024;

/// Characters of an [`EventKind::Error`] message, at most.
pub const MAX_MESSAGE_CHARS: usize = 500;

/// Successive events of one game: the first has number `first_seq`, each next one more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Batch {
    /// [`SCHEMA_VERSION`].
    pub schema: u16,
    /// The number of the first event.
    pub first_seq: Seq,
    /// 1 to [`MAX_EVENTS`] events.
    pub events: Vec<Event>,
}

/// Something that the browser tells, at a tick of its game.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Ticks played when it happened; for [`EventKind::Buttons`], before the first tick of the log.
    pub tick: Tick,
    /// What happened.
    #[serde(rename = "what")]
    pub kind: EventKind,
}

/// What an event tells. Only buttons, hashes and the end concern the score; the rest is what only the browser knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// The buttons of the next ticks.
    Buttons(ButtonLog),
    /// The browser's state after `tick` ticks, for the server to compare.
    Hash(StateHash),
    /// The game is over, with the hash of its last state.
    Over(StateHash),
    /// Frame times since the last such event.
    Frames {
        /// Frames drawn.
        count: u32,
        /// Half of them took this long or less, milliseconds.
        p50_ms: u16,
        /// 95 in 100 took this long or less, milliseconds.
        p95_ms: u16,
        /// The longest, milliseconds.
        max_ms: u16,
    },
    /// The page became playable.
    Loaded {
        /// Milliseconds from navigation.
        ms: u32,
    },
    /// The player paused, or the page was hidden.
    Paused,
    /// The player went on.
    Resumed,
    /// Something went wrong in the browser.
    Error(String),
    /// The page was left.
    Left,
}

/// A batch that says nothing usable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    /// Written by another version.
    #[error("schema {0} is unknown here; reload the page to get the version that writes schema {SCHEMA_VERSION}")]
    Schema(u16),
    /// No event, or too many.
    #[error("a batch holds 1 to {MAX_EVENTS} events, not {0}")]
    Count(usize),
    /// A message that is too long.
    #[error("an error message has at most {MAX_MESSAGE_CHARS} characters")]
    Message,
    /// A buttons event without buttons.
    #[error("a buttons event covers at least one tick")]
    NoTicks,
    /// The numbers run over the end.
    #[error("event numbers end at {end}", end = u32::MAX - 1)]
    Seq,
}

impl Batch {
    /// The number of the event after the last.
    pub fn next_seq(&self) -> Seq {
        self.first_seq.plus(self.events.len())
    }

    /// The events with their numbers.
    pub fn numbered(&self) -> impl Iterator<Item = (Seq, &Event)> {
        self.events.iter().enumerate().map(|(i, event)| (self.first_seq.plus(i), event))
    }

    /// The tick after the last one that its buttons cover.
    pub fn last_tick(&self) -> Tick {
        self.events.iter().map(Event::last_tick).max().unwrap_or_default()
    }

    /// Checks what its types cannot say.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn check(&self) -> Result<(), BatchError> {
        if self.schema != SCHEMA_VERSION {
            return Err(BatchError::Schema(self.schema));
        }
        if !(1..=MAX_EVENTS).contains(&self.events.len()) {
            return Err(BatchError::Count(self.events.len()));
        }
        if self.next_seq() == Seq(u32::MAX) {
            return Err(BatchError::Seq);
        }
        self.events.iter().try_for_each(|event| match &event.kind {
            EventKind::Error(message) if message.chars().count() > MAX_MESSAGE_CHARS => Err(BatchError::Message),
            EventKind::Buttons(log) if log.is_empty() => Err(BatchError::NoTicks),
            _ => Ok(()),
        })
    }
}

impl Event {
    /// The ticks played once this event has happened.
    pub fn last_tick(&self) -> Tick {
        match &self.kind {
            EventKind::Buttons(log) => self.tick.after(log.ticks()),
            _ => self.tick,
        }
    }
}
