//! The stream: the log of all records, from which everything in the store is derived. Records are appended durably,
//! partitioned by key, and read in order, shard by shard.

mod embedded;
pub mod kinesis;
mod position;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use shared::record::{Record, RecordError};
use tokio::sync::watch;

use super::error::OperationError;

pub use embedded::EmbeddedStream;
pub use kinesis::KinesisStream;
pub use position::{ExtendedSequenceNumber, InvalidPosition, RecordPosition, SequenceNumber, ShardId};

/// The partition key of a record. Records of one key are on one shard and keep their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartitionKey(pub u64);

impl From<&Record> for PartitionKey {
    fn from(record: &Record) -> PartitionKey {
        PartitionKey(record.player().0)
    }
}

/// A shard of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shard {
    /// The name.
    pub id: ShardId,
    /// The shards that it was split or merged from. Their records come before its own.
    pub parents: Vec<ShardId>,
}

/// The position up to which a shard is processed. Later checkpoints are greater.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Checkpoint {
    /// Up to and including this record.
    At(ExtendedSequenceNumber),
    /// To the end: the shard was split or merged, and all its records are processed.
    Ended,
}

impl Checkpoint {
    /// Whether the record with that sequence number is processed.
    pub fn covers(&self, sequence_number: &ExtendedSequenceNumber) -> bool {
        match self {
            Checkpoint::At(last) => sequence_number <= last,
            Checkpoint::Ended => true,
        }
    }
}

/// A record as read from a shard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRecord {
    /// Its order within the shard.
    pub sequence_number: ExtendedSequenceNumber,
    /// An encoded [`Record`], unless something else wrote to the stream.
    pub bytes: Vec<u8>,
}

/// Records read from a shard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordBatch {
    /// The records, in order.
    pub records: Vec<StoredRecord>,
    /// What follows them.
    pub status: ReadStatus,
}

/// What follows a record batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadStatus {
    /// More records can be read now.
    More,
    /// The batch reaches the newest record.
    CaughtUp,
    /// The shard was split or merged, and the batch reaches its last record.
    ShardEnd,
}

/// Why an operation of the stream failed.
#[derive(Debug, thiserror::Error)]
pub enum StreamError {
    /// Records arrive faster than the engine makes them durable.
    #[error("too many records wait to be written to the stream; try again shortly")]
    Busy,
    /// The stream does not exist.
    #[error("the stream {0} does not exist")]
    Missing(String),
    /// A record is missing, although later ones exist.
    #[error(
        "record {0} is missing from the event log; restore the log from a copy, or rebuild the tables from an archive"
    )]
    Lost(u64),
    /// The stream takes no records.
    #[error("this stream is read-only")]
    ReadOnly,
    /// The record has no form in JSON.
    #[error("a record cannot be written as JSON")]
    Encoding(#[from] serde_json::Error),
    /// A record cannot be read.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The engine failed. A record that was being appended may be durable or not.
    #[error(transparent)]
    Engine(#[from] OperationError),
}

/// An ordered, durable log of records.
#[async_trait]
pub trait Stream: Send + Sync {
    /// Appends a record under its partition key. It is durable when this returns.
    ///
    /// # Errors
    /// [`StreamError::Busy`], [`StreamError::ReadOnly`], or [`StreamError::Engine`] if the record is not known to be
    /// durable.
    async fn append(&self, key: PartitionKey, record: Vec<u8>) -> Result<(), StreamError>;

    /// The shards, parents before their children.
    ///
    /// # Errors
    /// [`StreamError::Missing`] or [`StreamError::Engine`].
    async fn shards(&self) -> Result<Vec<Shard>, StreamError>;

    /// Reads up to `limit` records of a shard, after the given sequence number or from the beginning.
    ///
    /// # Errors
    /// [`StreamError::Engine`] if the engine fails.
    async fn read(
        &self,
        shard: &ShardId,
        after: Option<ExtendedSequenceNumber>,
        limit: usize,
    ) -> Result<RecordBatch, StreamError>;

    /// Reads one record. `None` if the stream does not have it, or no longer.
    ///
    /// # Errors
    /// [`StreamError::Engine`] if the engine fails.
    async fn read_record(&self, position: &RecordPosition) -> Result<Option<Vec<u8>>, StreamError>;

    /// Reads the newest records, at most `limit`, in order. Empty if the engine can only read on from a position.
    ///
    /// # Errors
    /// [`StreamError::Engine`] if the engine fails.
    async fn newest(&self, _limit: usize) -> Result<Vec<StoredRecord>, StreamError> {
        Ok(Vec::new())
    }

    /// A value that changes whenever there may be more records to read.
    fn subscribe(&self) -> watch::Receiver<u64>;
}

impl dyn Stream {
    /// Appends a record under its player's partition key.
    ///
    /// # Errors
    /// As [`Stream::append`].
    pub async fn append_record(&self, record: &Record) -> Result<(), StreamError> {
        self.append(record.into(), record.encode()?).await
    }
}
