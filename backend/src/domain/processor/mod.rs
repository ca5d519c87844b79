//! The processor: reads the records of the stream in order, replays games, and writes the store's tables.
//!
//! Its writes depend only on sequence numbers, so processing a record again changes nothing.

mod best_result;
mod copies;
mod counting;
mod decode;
mod ends;
mod game_rows;
mod game_update;
mod leases;
mod pending_changes;
mod players;
mod progress;
mod read;
mod verifier;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use shared::rules::RULES_VERSION;
use tokio::sync::watch;

use self::{
    copies::Copies,
    decode::{ReadableRecords, decode_readable},
    ends::Ends,
    game_rows::GameRows,
    game_update::GameUpdate,
    pending_changes::PendingChanges,
    read::{Unprocessed, next_records},
};
pub use self::{decode::NewerRecord, leases::Leases, progress::Progress};
use crate::{
    clock::Clock,
    engine::{
        Engines,
        registry::{Registry, RegistryError},
        store::{Changes, ShardRow, Store, StoreError},
        stream::{Checkpoint, Shard, ShardId, StoredRecord, Stream, StreamError},
    },
    error_chain::error_chain,
};

/// The pause after an engine failed.
const RETRY_DELAY: Duration = Duration::from_millis(500);

/// Why processing failed.
#[derive(Debug, thiserror::Error)]
pub enum ProcessError {
    /// The stream failed.
    #[error(transparent)]
    Stream(#[from] StreamError),
    /// The store failed, or another processor changed the same rows.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The registry failed.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// A newer server wrote a record. The records before it are processed.
    #[error(transparent)]
    Newer(#[from] NewerRecord),
}

/// Processes the records of the stream.
pub struct Processor {
    stream: Arc<dyn Stream>,
    store: Arc<dyn Store>,
    registry: Arc<dyn Registry>,
    rows: GameRows,
    ends: Ends,
    copies: Copies,
    /// The shards to process; `None` for all shards.
    leased_shards: Option<watch::Receiver<BTreeSet<ShardId>>>,
    /// Shards with a record that a newer server wrote. This processor does not process them any more.
    refused_shards: watch::Sender<BTreeMap<ShardId, NewerRecord>>,
    flush_interval: Duration,
    clock: Clock,
}

impl Processor {
    /// Creates a processor of all shards that continues at the checkpoints in the store.
    pub fn new(engines: &Engines, clock: Clock) -> Processor {
        let Engines { stream, store, registry } = engines.clone();
        let rows = GameRows::new(Arc::clone(&store), RULES_VERSION);
        let ends = Ends::new(Arc::clone(&stream), clock.clone());
        let copies = Copies::new(Arc::clone(&stream), Arc::clone(&store), clock.clone());
        let refused_shards = watch::Sender::default();
        let flush_interval = Duration::ZERO;
        Processor {
            stream,
            store,
            registry,
            rows,
            ends,
            copies,
            leased_shards: None,
            refused_shards,
            flush_interval,
            clock,
        }
    }

    /// Sets the version of the rules. Default: this program's. With another one, the processor does what a server of that
    /// version does with the games of this one.
    pub fn with_rules_version(self, rules_version: u16) -> Processor {
        Processor { rows: GameRows::new(Arc::clone(&self.store), rules_version), ..self }
    }

    /// Sets how long the processor waits between two writes of the tables. Default: zero.
    pub fn with_flush_interval(self, flush_interval: Duration) -> Processor {
        Processor { flush_interval, ..self }
    }

    /// Restricts the processor to the shards that it holds leases of. It gives up the leases of shards with records of newer
    /// servers.
    pub fn with_leases(self, leases: &Leases) -> Processor {
        Processor { leased_shards: Some(leases.held()), refused_shards: leases.refused(), ..self }
    }

    /// Empties the cache of game rows. Required if another processor may have written them.
    pub fn clear_cache(&self) {
        self.rows.clear();
    }

    /// Processes for ever and reports the progress. To stop, drop the future: the changes of a batch are written
    /// completely or not at all.
    pub async fn run(&self, progress: &watch::Sender<Progress>) {
        let mut appended = self.stream.subscribe();
        loop {
            match self.catch_up(progress).await {
                // It goes on with the other shards.
                Ok(()) | Err(ProcessError::Newer(_)) => {
                    tokio::time::sleep(self.flush_interval).await;
                    if appended.changed().await.is_err() {
                        return;
                    }
                }
                Err(error) => {
                    log_failure(&error);
                    self.clear_cache();
                    tokio::time::sleep(RETRY_DELAY).await;
                }
            }
        }
    }

    /// Processes all records that are on the stream now.
    ///
    /// # Errors
    /// If an engine fails, or a newer server wrote a record. Changes that were written before the failure are kept.
    pub async fn catch_up(&self, progress: &watch::Sender<Progress>) -> Result<(), ProcessError> {
        progress.send_modify(Progress::fall_behind);
        let mut rows = self.store.shards().await?;
        let mut has_more = true;
        while has_more {
            has_more = false;
            let shards = self.stream.shards().await?;
            for shard in shards.iter().filter(|shard| self.is_leased(&shard.id) && !self.is_refused(&shard.id)) {
                if is_next(shard, &shards, &rows) {
                    has_more |= match self.advance(&shard.id, &mut rows).await {
                        Err(ProcessError::Newer(newer)) => self.refuse(&shard.id, newer),
                        advanced => advanced?,
                    };
                }
            }
        }
        self.append_findings(&rows).await?;
        let newer = self.refused_shards.borrow().values().next().copied();
        progress.send_replace(newer.map_or(Progress::CaughtUp, Progress::Outdated));
        newer.map_or(Ok(()), |newer| Err(newer.into()))
    }

    /// Appends the ends of games and the marks of copies of shards that are processed to their newest record, unless
    /// they are on the stream.
    async fn append_findings(&self, rows: &BTreeMap<ShardId, ShardRow>) -> Result<(), ProcessError> {
        for (_, row) in rows.iter().filter(|(shard, _)| self.is_leased(shard) && !self.is_refused(shard)) {
            self.ends.append(&row.ended, &self.rows).await?;
            self.copies.append(&row.copies).await?;
        }
        Ok(())
    }

    /// Stops processing a shard. Returns that there is no more to process.
    fn refuse(&self, shard: &ShardId, newer: NewerRecord) -> bool {
        tracing::error!(%shard, "{newer}; this processor leaves the shard to a newer one");
        self.refused_shards.send_modify(|shards| {
            shards.insert(shard.clone(), newer);
        });
        false
    }

    fn is_refused(&self, shard: &ShardId) -> bool {
        self.refused_shards.borrow().contains_key(shard)
    }

    fn is_leased(&self, shard: &ShardId) -> bool {
        self.leased_shards.as_ref().is_none_or(|leased| leased.borrow().contains(shard))
    }

    /// Processes the next records of a shard. Returns whether there is more to process.
    async fn advance(&self, shard: &ShardId, rows: &mut BTreeMap<ShardId, ShardRow>) -> Result<bool, ProcessError> {
        let before = rows.get(shard).cloned();
        let after = match before.as_ref().map(|row| &row.checkpoint) {
            Some(Checkpoint::Ended) => return Ok(false),
            Some(Checkpoint::At(position)) => Some(position.clone()),
            None => None,
        };
        let Unprocessed { records, checkpoint, has_more } =
            next_records(&*self.stream, shard, after, self.flush_interval).await?;
        if let Some(checkpoint) = checkpoint {
            let row = self.process_after(before, shard, records, checkpoint).await?;
            rows.insert(shard.clone(), row);
        }
        Ok(has_more)
    }

    /// Processes records of a shard and moves its checkpoint. Records up to the current checkpoint may be repeated; they
    /// are not counted again.
    ///
    /// # Errors
    /// If an engine fails, or another processor changed the same rows. The caller can retry then. If a newer server wrote a
    /// record.
    pub async fn process(
        &self,
        shard: &ShardId,
        records: Vec<StoredRecord>,
        checkpoint: Checkpoint,
    ) -> Result<(), ProcessError> {
        let before = self.store.shards().await?.remove(shard);
        let row = self.process_after(before, shard, records, checkpoint).await?;
        self.ends.append(&row.ended, &self.rows).await?;
        self.copies.append(&row.copies).await
    }

    /// Processes records of a shard whose row is `before`. Returns the new row.
    ///
    /// # Errors
    /// If an engine fails. If a newer server wrote a record: then the records before it are processed.
    async fn process_after(
        &self,
        before: Option<ShardRow>,
        shard: &ShardId,
        records: Vec<StoredRecord>,
        checkpoint: Checkpoint,
    ) -> Result<ShardRow, ProcessError> {
        let ReadableRecords { records, newer } = decode_readable(records, self.rows.rules_version());
        let checkpoint = match (newer, records.last()) {
            (None, _) => checkpoint,
            (Some(_), Some(last)) => Checkpoint::At(last.sequence_number.clone()),
            (Some(newer), None) => return Err(newer.into()),
        };
        let progress = before.as_ref().map(|row| row.progress).unwrap_or_default();
        let ended = before.as_ref().map(|row| row.ended.clone()).unwrap_or_default();
        let copies = before.as_ref().map(|row| row.copies.clone()).unwrap_or_default();
        let mut pending = PendingChanges::new(&self.rows, &*self.registry, progress, ended, &self.clock);
        pending.add(shard, before.as_ref(), records).await?;
        let PendingChanges {
            mut updates,
            players,
            moderation_actions,
            dead_letters,
            progress,
            ended,
            read_ends,
            fingerprints,
            ..
        } = pending;
        let copies = self.copies.find(copies, fingerprints, &updates).await?;
        let players = players::player_changes(&*self.store, &updates, players, moderation_actions).await?;
        let games = updates.values_mut().filter_map(GameUpdate::take_change).collect();
        let checkpoint = match before {
            Some(row) => row.checkpoint.max(checkpoint),
            None => checkpoint,
        };
        let row = ShardRow { checkpoint, progress, ended, copies };
        self.store.apply(Changes { games, players, dead_letters }, shard, row.clone()).await?;
        for update in updates.into_values() {
            self.rows.insert(update.row);
        }
        read_ends.into_iter().for_each(|game| self.ends.forget(game));
        newer.map_or(Ok(row), |newer| Err(newer.into()))
    }
}

/// Returns whether all parents of a shard are processed. When a shard is split or merged, the later records of a game are
/// on another shard.
fn is_next(shard: &Shard, shards: &[Shard], rows: &BTreeMap<ShardId, ShardRow>) -> bool {
    let is_processed = |parent: &ShardId| rows.get(parent).is_some_and(ShardRow::is_done);
    let exists = |parent: &ShardId| shards.iter().any(|shard| shard.id == *parent);
    shard.parents.iter().all(|parent| is_processed(parent) || !exists(parent))
}

fn log_failure(error: &ProcessError) {
    match error {
        ProcessError::Store(StoreError::Conflict) => {
            tracing::info!("another processor changed the same rows; processing the records again");
        }
        error => tracing::error!(error = error_chain(error), "cannot process records; trying again"),
    }
}
