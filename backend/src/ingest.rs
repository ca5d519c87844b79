//! Ingest: checks a batch's shape and place, puts it on the stream, and says what is durable.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use quick_cache::sync::Cache;
use shared::{
    api::Ack,
    event::{Batch, BatchError},
    ids::{GameId, PlayerId, Seq},
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
/// What another server has taken is processed within this time, or the browser is told what is missing, and tries again.
const HEARD_WITHIN: Duration = Duration::from_secs(3);
const LOOK_AGAIN: Duration = Duration::from_millis(100);

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
    /// How long what another server took may take to be processed.
    patience: Duration,
}

impl Ingest {
    /// An ingest that writes to `stream`. Where it `is_shared`, other servers do so as well, and a browser may turn from
    /// one to another in the middle of a game.
    pub fn new(stream: Arc<dyn Stream>, store: Arc<dyn Store>, is_shared: bool) -> Ingest {
        let patience = if is_shared { HEARD_WITHIN } else { Duration::ZERO };
        Ingest { stream, store, cursors: Cache::new(CURSORS), patience }
    }

    /// Takes a batch of a player's game, which the token was verified for.
    ///
    /// # Errors
    /// Where the batch cannot be used, leaves a gap, or did not become durable. Then none of it is acknowledged.
    pub async fn accept(&self, game: GameId, player: PlayerId, body: &[u8]) -> Result<Ack, IngestError> {
        let batch: Batch = serde_json::from_slice(body)?;
        batch.check()?;
        metrics::counter!("alien_events_received_total").increment(batch.events.len() as u64);

        let cursor = self.cursor(game).await?;
        let mut due = cursor.lock().await;
        if batch.first_seq > *due {
            *due = self.heard_elsewhere(game, *due, batch.first_seq).await?;
        }
        if batch.first_seq > *due {
            return Err(IngestError::Gap { expected: *due });
        }
        let (events, next) = (batch.events.len(), batch.next_seq());
        self.stream.publish(&Record::Events { game, player, received_at: clock::now(), batch }).await?;
        metrics::counter!("alien_events_durable_total").increment(events as u64);
        *due = next.max(*due);
        Ok(Ack { next_seq: *due })
    }

    /// The event that is due where another server may have taken those before `wanted`: then the tables tell in a moment.
    async fn heard_elsewhere(&self, game: GameId, due: Seq, wanted: Seq) -> Result<Seq, StoreError> {
        let started = Instant::now();
        loop {
            let processed = self.processed(game).await?.max(due);
            if processed >= wanted || started.elapsed() > self.patience {
                return Ok(processed);
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    async fn processed(&self, game: GameId) -> Result<Seq, StoreError> {
        Ok(self.store.game(game).await?.map_or(Seq(0), |row| row.next_seq))
    }

    async fn cursor(&self, game: GameId) -> Result<Arc<Mutex<Seq>>, StoreError> {
        self.cursors
            .get_or_insert_async(&game, async {
                // A game that the processor has not come to yet has no event processed.
                Ok(Arc::new(Mutex::new(self.processed(game).await?)))
            })
            .await
    }
}
