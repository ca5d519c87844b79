//! Dead letters: records that cannot be processed.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::StoreError;
use crate::engine::stream::RecordPosition;

/// Reads and deletes dead letters. Every method fails with [`StoreError::Engine`] if the engine fails.
#[async_trait]
pub trait DeadLetters: Send + Sync {
    /// Up to `limit` dead letters in the order of their positions: by shard, oldest first.
    async fn dead_letters(&self, limit: usize) -> Result<Vec<DeadLetter>, StoreError>;

    /// Deletes the dead letter of a position, if there is one.
    async fn forget_dead_letter(&self, position: &RecordPosition) -> Result<(), StoreError>;
}

/// A record that cannot be processed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadLetter {
    /// The record's position on the stream.
    #[serde(rename = "place")]
    pub position: RecordPosition,
    /// Why it cannot be processed.
    pub reason: String,
}
