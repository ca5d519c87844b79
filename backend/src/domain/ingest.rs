//! Ingest: checks a batch's shape and place, puts it on the stream, and says what is durable.
//!
//! It remembers nothing, so that any server takes any batch: how far a game is durable stands in the game's token, which
//! only servers can sign, and which each acknowledgement renews. All that comes before a batch was acknowledged, and so was
//! on the stream, before the batch is put there: whichever servers take a game's batches, none overtakes another and none
//! is missing. An acknowledgement that got lost leaves the browser with an older token and the same events; it sends them
//! again, and the processor takes what comes twice as one.

use std::sync::Arc;

use shared::{
    event::{Batch, BatchError},
    ids::Seq,
    record::Record,
};

use crate::{
    clock,
    domain::tokens::GameClaims,
    engine::stream::{Stream, StreamError},
};

/// Why a batch was not taken.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// The body is not a batch.
    #[error("the body is not a batch of events: {0}")]
    Json(#[from] serde_json::Error),
    /// The batch says nothing usable.
    #[error(transparent)]
    Batch(#[from] BatchError),
    /// Events before these are missing.
    #[error("events are missing before these: send again from number {expected}", expected = expected.0)]
    Gap {
        /// The number of the event that is due.
        expected: Seq,
    },
    /// The stream did not take it.
    #[error(transparent)]
    Stream(#[from] StreamError),
}

/// Takes events in.
pub struct Ingest {
    stream: Arc<dyn Stream>,
}

impl Ingest {
    /// An ingest that writes to `stream`.
    pub fn new(stream: Arc<dyn Stream>) -> Ingest {
        Ingest { stream }
    }

    /// Takes a batch of the game that its token is for, and gives the number below which all of the game is durable.
    ///
    /// # Errors
    /// Where the batch cannot be used, leaves a gap, or did not become durable. Then none of it is acknowledged.
    pub async fn accept(&self, claims: &GameClaims, body: &[u8]) -> Result<Seq, IngestError> {
        let batch: Batch = serde_json::from_slice(body)?;
        batch.check()?;
        let events = batch.events.len() as u64;
        metrics::counter!("alien_events_received_total").increment(events);
        if batch.first_seq > claims.due {
            return Err(IngestError::Gap { expected: claims.due });
        }
        let due = claims.due.max(batch.next_seq());
        let record = Record::Events { game: claims.game, player: claims.sub, received_at: clock::now(), batch };
        self.stream.append_record(&record).await?;
        metrics::counter!("alien_events_durable_total").increment(events);
        Ok(due)
    }
}
