//! Ingest: checks a batch's shape and place, puts it on the stream, and says what is durable.

use std::sync::Arc;

use quick_cache::sync::Cache;
use shared::{
    api::Ack,
    event::{Batch, BatchError},
    ids::{GameId, Seq},
    record::Record,
};
use tokio::sync::Mutex;

use crate::{
    clock,
    store::{Store, StoreError},
    stream::{Stream, StreamError},
};

/// Games whose place is kept in memory. For others it is read from the store.
const CURSORS: usize = 100_000;

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
    /// The tables cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Takes events in.
pub struct Ingest {
    stream: Arc<dyn Stream>,
    store: Arc<dyn Store>,
    /// For each game the number of the event that is due: all below it are durable. Its lock keeps a game's batches
    /// in order.
    cursors: Cache<GameId, Arc<Mutex<Seq>>>,
}

impl Ingest {
    /// An ingest that writes to `stream`.
    pub fn new(stream: Arc<dyn Stream>, store: Arc<dyn Store>) -> Ingest {
        Ingest { stream, store, cursors: Cache::new(CURSORS) }
    }

    /// Takes a batch of `game`, which the token was verified for.
    ///
    /// # Errors
    /// Where the batch cannot be used, leaves a gap, or did not become durable. Then none of it is acknowledged.
    pub async fn accept(&self, game: GameId, body: &[u8]) -> Result<Ack, IngestError> {
        let batch: Batch = serde_json::from_slice(body)?;
        batch.check()?;
        metrics::counter!("alien_events_received_total").increment(batch.events.len() as u64);

        let cursor = self.cursor(game).await?;
        let mut due = cursor.lock().await;
        if batch.first_seq > *due {
            return Err(IngestError::Gap { expected: *due });
        }
        let (events, next) = (batch.events.len(), batch.next_seq());
        self.stream.publish(&Record::Events { game, received_at: clock::now(), batch }).await?;
        metrics::counter!("alien_events_durable_total").increment(events as u64);
        *due = next.max(*due);
        Ok(Ack { next_seq: *due })
    }

    async fn cursor(&self, game: GameId) -> Result<Arc<Mutex<Seq>>, StoreError> {
        self.cursors
            .get_or_insert_async(&game, async {
                // A game that the processor has not come to yet has no event processed.
                let due = self.store.game(game).await?.map_or(Seq(0), |row| row.next_seq);
                Ok(Arc::new(Mutex::new(due)))
            })
            .await
    }
}
