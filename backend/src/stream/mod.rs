//! The stream: the truth. Records are appended durably, partitioned by game, and read in order, shard by shard.

mod embedded;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use shared::record::Record;
use tokio::sync::watch;

pub use embedded::EmbeddedStream;

/// Records of one key keep their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartitionKey(pub u64);

impl From<&Record> for PartitionKey {
    fn from(record: &Record) -> PartitionKey {
        PartitionKey(record.key())
    }
}

/// Where a record stands in its shard. Later records have greater positions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position(pub u64);

/// A record as read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Where it stands.
    pub position: Position,
    /// A [`shared::record::Record`] as JSON.
    pub bytes: Vec<u8>,
}

/// Why the stream did not take or give a record.
#[derive(Debug, thiserror::Error)]
pub enum StreamError {
    /// More is being appended than the engine can make durable.
    #[error("the event log is full of waiting appends")]
    Busy,
    /// The record cannot be written down.
    #[error("a record cannot be written: {0}")]
    Record(#[from] serde_json::Error),
    /// The engine failed; nothing of the append is acknowledged.
    #[error("the event log failed: {0}")]
    Engine(String),
}

/// An ordered, durable log of records.
#[async_trait]
pub trait Stream: Send + Sync {
    /// Appends a record under its partition key. When this returns, the record is durable.
    ///
    /// # Errors
    /// Where it is not, or not known to be, durable.
    async fn append(&self, key: PartitionKey, record: Vec<u8>) -> Result<Position, StreamError>;

    /// Up to `limit` records after a position, from the beginning where there is none.
    ///
    /// # Errors
    /// Where the engine cannot read.
    async fn read(&self, after: Option<Position>, limit: usize) -> Result<Vec<Stored>, StreamError>;

    /// The position of the last durable record, kept up to date.
    fn head(&self) -> watch::Receiver<Option<Position>>;
}

impl dyn Stream {
    /// Appends a record of ours.
    ///
    /// # Errors
    /// Where it is not, or not known to be, durable.
    pub async fn publish(&self, record: &Record) -> Result<Position, StreamError> {
        self.append(record.into(), serde_json::to_vec(record)?).await
    }
}
