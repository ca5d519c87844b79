//! The stream: the truth. Records are appended durably, partitioned by game, and read in order, shard by shard.

mod embedded;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use shared::ids::GameId;
use tokio::sync::watch;

pub use embedded::EmbeddedStream;

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
    /// The engine failed; nothing of the append is acknowledged.
    #[error("the event log failed: {0}")]
    Engine(String),
}

/// An ordered, durable log of records.
#[async_trait]
pub trait Stream: Send + Sync {
    /// Appends a record under its game's partition key. When this returns, the record is durable.
    ///
    /// # Errors
    /// Where it is not, or not known to be, durable.
    async fn append(&self, key: GameId, record: Vec<u8>) -> Result<Position, StreamError>;

    /// Up to `limit` records after a position, from the beginning where there is none.
    ///
    /// # Errors
    /// Where the engine cannot read.
    async fn read(&self, after: Option<Position>, limit: usize) -> Result<Vec<Stored>, StreamError>;

    /// The position of the last durable record, kept up to date.
    fn head(&self) -> watch::Receiver<Option<Position>>;
}
