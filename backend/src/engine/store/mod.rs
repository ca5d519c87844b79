//! The store: tables that the processor derives from the stream. They can be deleted and computed again.
//!
//! Each concern has a trait of its own; [`Store`] unites them and writes to all of them in one step.

mod dead_letters;
mod dynamodb;
mod embedded;
mod games;
mod rankings;
mod shards;

use async_trait::async_trait;

use super::error::OperationError;
use crate::engine::stream::ShardId;

pub use dead_letters::{DeadLetter, DeadLetters};
pub use dynamodb::DynamoStore;
pub use embedded::EmbeddedStore;
pub use games::{CountedResult, GameChange, GameRow, GameTables};
pub use rankings::{PlayerChange, PlayerRow, Rankings};
pub use shards::{Lease, ShardProgress, ShardRow, ShardTables, Worker};

/// All tables.
#[async_trait]
pub trait Store: GameTables + Rankings + ShardTables + DeadLetters {
    /// Applies the changes that a record batch causes, and then writes the shard's new row.
    ///
    /// If this is interrupted, the same changes can be computed again from the same records and applied again.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if a row is not the version before its change. The shard's row is then unchanged.
    /// [`StoreError::Engine`] if the engine fails.
    async fn apply(&self, changes: Changes, shard: &ShardId, row: ShardRow) -> Result<(), StoreError>;
}

/// Everything that processing a record batch changes.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// Changed games, each at most once.
    pub games: Vec<GameChange>,
    /// Changed players of sessions, each at most once.
    pub players: Vec<PlayerChange>,
    /// Records that cannot be processed.
    pub dead_letters: Vec<DeadLetter>,
}

/// Why an operation of the store failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another writer changed a row since it was read: read it and compute the changes again.
    #[error("another writer changed a row")]
    Conflict,
    /// The engine failed.
    #[error(transparent)]
    Engine(#[from] OperationError),
}
