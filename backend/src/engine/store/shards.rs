//! Shards: the checkpoint and the lease of each.

use std::{
    collections::{BTreeMap, BTreeSet},
    iter::Sum,
};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use shared::{ids::GameId, record::GameMarked, time::Timestamp};

use super::StoreError;
use crate::engine::stream::{Checkpoint, ShardId};

/// Reads checkpoints; reads and writes leases. Every method fails with [`StoreError::Engine`] if the engine fails.
#[async_trait]
pub trait ShardTables: Send + Sync {
    /// The rows of the shards. A shard of which nothing is processed has none.
    async fn shards(&self) -> Result<BTreeMap<ShardId, ShardRow>, StoreError>;

    /// The leases by shard.
    async fn leases(&self) -> Result<BTreeMap<ShardId, Lease>, StoreError>;

    /// Writes a shard's lease. `from` is the lease that was read, or `None` if there was none.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if the lease is no longer `from`.
    async fn put_lease(&self, shard: &ShardId, lease: Lease, from: Option<Lease>) -> Result<(), StoreError>;
}

/// A shard up to the last processed record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShardRow {
    /// The last processed record.
    pub checkpoint: Checkpoint,
    /// Counters up to the checkpoint.
    #[serde(rename = "passed")]
    pub progress: ShardProgress,
    /// Games whose end is not on the stream yet.
    #[serde(default)]
    pub ended: BTreeSet<GameId>,
    /// Marks of copies that are not on the stream yet, by the marked game. It may be a game of another shard. On
    /// DynamoDB a mark is missing here if a crash or conflict follows between the writes of a game's row and of the
    /// shard's row: the next window of the copy, or a rebuild, shows it again.
    #[serde(default)]
    pub copies: BTreeMap<GameId, GameMarked>,
}

impl ShardRow {
    /// Whether the shard has ended and all its records are processed.
    pub fn is_done(&self) -> bool {
        self.checkpoint == Checkpoint::Ended
    }
}

/// Counters of a shard, over all workers that processed it.
///
/// They are written together with the checkpoint. If records are processed again after a crash or a conflict, counting
/// starts at that checkpoint, so that each record counts once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShardProgress {
    /// Processed events. An event that a client sent twice counts twice.
    pub events: u64,
    /// Rejected games, each at most once. On DynamoDB a game is missing here if a crash or conflict follows between the
    /// writes of its row and of the shard's row: when its records are processed again, it is already rejected.
    pub rejected: u64,
    /// Milliseconds from when the last batch was received until it was processed.
    pub lag_millis: u64,
    /// When the last batch was processed.
    pub at: Timestamp,
}

/// Adds up the counters of several shards. The lag is that of the batch that was processed last.
impl Sum for ShardProgress {
    fn sum<I: Iterator<Item = ShardProgress>>(shards: I) -> ShardProgress {
        shards.fold(ShardProgress::default(), |sum, shard| {
            let last = if shard.at > sum.at { shard } else { sum };
            ShardProgress { events: sum.events + shard.events, rejected: sum.rejected + shard.rejected, ..last }
        })
    }
}

/// The right of one worker to process a shard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// The worker. `None` if it released the shard.
    pub owner: Option<Worker>,
    /// The number of renewals. A counter that no longer grows means that the owner has stopped.
    pub counter: u64,
}

/// The name of a worker, new at each start.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Worker(pub String);
