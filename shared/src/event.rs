//! Telemetry: the numbered events of a game that the browser sends in batches.

use serde::{Deserialize, Serialize};

use crate::{ids::Seq, replay::ButtonLog, rules::StateHash, time::Tick};

/// The version of the JSON format of [`Batch`] that this code reads and writes.
pub const SCHEMA_VERSION: u16 = 1;

/// Maximum number of events in a batch.
pub const MAX_EVENTS: usize = 64;

/// Maximum size of a batch as JSON, bytes.
pub const MAX_BATCH_BYTES: usize = 64 * 1024;

/// Maximum length of an [`EventKind::Error`] message, characters.
pub const MAX_MESSAGE_CHARS: usize = 500;

/// Consecutive events of one game. The first has the number `first_seq`, and each next event the next number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Batch {
    /// Version of the batch format. The server accepts version 1.
    pub schema: u16,
    /// Number of the first event.
    pub first_seq: Seq,
    /// 1 to 64 events.
    pub events: Vec<Event>,
}

/// An event of a game, reported by the browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Ticks played when the event occurred. For `buttons`, the ticks played before the first tick of the log.
    pub tick: Tick,
    /// The kind of event, with its data.
    #[serde(rename = "what")]
    pub kind: EventKind,
}

/// The kinds of events. Only `buttons`, `hash` and `over` affect the result. The other kinds describe the browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// The buttons of the next ticks.
    Buttons(ButtonLog),
    /// The hash of the browser's state after `tick` ticks. The server compares it with its own.
    Hash(StateHash),
    /// The game is over. Has the hash of the final state.
    Over(StateHash),
    /// Frame times since the previous event of this kind.
    Frames {
        /// Frames drawn.
        count: u32,
        /// Median frame time, milliseconds.
        p50_ms: u16,
        /// 95th percentile of the frame times, milliseconds.
        p95_ms: u16,
        /// Longest frame time, milliseconds.
        max_ms: u16,
    },
    /// The page became playable.
    Loaded {
        /// Time since navigation, milliseconds.
        ms: u32,
    },
    /// The player paused the game, or the page was hidden.
    Paused,
    /// The player resumed the game.
    Resumed,
    /// An error occurred in the browser. Has the message, at most 500 characters.
    Error(String),
    /// The player left the page.
    Left,
}

/// The reason why a batch is invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    /// The batch has an unsupported format version.
    #[error("batch schema {0} is not supported; reload the page to get a client that sends schema {SCHEMA_VERSION}")]
    Schema(u16),
    /// The batch has no event, or more than [`MAX_EVENTS`].
    #[error("the batch has {0} events, but must have 1 to {MAX_EVENTS}")]
    Count(usize),
    /// An error message is longer than [`MAX_MESSAGE_CHARS`].
    #[error("an error message must have at most {MAX_MESSAGE_CHARS} characters")]
    Message,
    /// A buttons event has an empty button log.
    #[error("a buttons event must cover at least one tick")]
    NoTicks,
    /// An event number is above the maximum.
    #[error("event numbers must not exceed {max}", max = u32::MAX - 1)]
    Seq,
}

impl Batch {
    /// The number after the last event of this batch.
    pub fn next_seq(&self) -> Seq {
        self.first_seq.plus(self.events.len())
    }

    /// Iterates over the events with their numbers.
    pub fn numbered(&self) -> impl Iterator<Item = (Seq, &Event)> {
        self.events.iter().enumerate().map(|(i, event)| (self.first_seq.plus(i), event))
    }

    /// The largest number of ticks played after any event of this batch; 0 for an empty batch.
    pub fn last_tick(&self) -> Tick {
        self.events.iter().map(Event::last_tick).max().unwrap_or_default()
    }

    /// Whether the batch has buttons, so that ticks are played.
    pub fn has_ticks(&self) -> bool {
        self.events.iter().any(|event| matches!(event.kind, EventKind::Buttons(_)))
    }

    /// Validates the limits that the types do not enforce.
    ///
    /// # Errors
    /// The first limit that the batch exceeds.
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
    /// Ticks played after this event. A buttons event adds the ticks of its log.
    pub fn last_tick(&self) -> Tick {
        match &self.kind {
            EventKind::Buttons(log) => self.tick.after(log.ticks()),
            _ => self.tick,
        }
    }
}
