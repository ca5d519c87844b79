//! The stream: the truth. Records are appended durably, partitioned by key, and read in order, shard by shard.

mod embedded;
pub mod kinesis;
mod position;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use shared::record::Record;
use tokio::sync::watch;

pub use embedded::EmbeddedStream;
pub use kinesis::KinesisStream;
pub use position::{ExtendedSequenceNumber, InvalidPosition, RecordPosition, SequenceNumber, ShardId};

/// Records of one key are on one shard, and keep their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartitionKey(pub u64);

impl From<&Record> for PartitionKey {
    fn from(record: &Record) -> PartitionKey {
        PartitionKey(record.player().0)
    }
}

/// A shard, as the stream has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shard {
    /// Its name.
    pub id: ShardId,
    /// The shards that it was split or merged from: their records come before its own.
    pub parents: Vec<ShardId>,
}

/// How far a shard has been processed. Later ones are greater.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Checkpoint {
    /// Up to this position, and that one too.
    At(ExtendedSequenceNumber),
    /// To its end: it was split or merged.
    Ended,
}

impl Checkpoint {
    /// Whether the record at that position of the shard has been processed.
    pub fn covers(&self, position: &ExtendedSequenceNumber) -> bool {
        match self {
            Checkpoint::At(last) => position <= last,
            Checkpoint::Ended => true,
        }
    }
}

/// A record as read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRecord {
    /// Its order within the shard.
    pub sequence_number: ExtendedSequenceNumber,
    /// A [`shared::record::Record`] as JSON.
    pub bytes: Vec<u8>,
}

/// Some of a shard's records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordBatch {
    /// In order.
    pub records: Vec<StoredRecord>,
    /// What comes after them.
    pub status: ReadStatus,
}

/// What comes after a stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadStatus {
    /// More records can be read now.
    More,
    /// The batch reaches the newest record.
    CaughtUp,
    /// The shard was split or merged, and the batch reaches its last record.
    ShardEnd,
}

/// Why the stream did not take or give a record.
#[derive(Debug, thiserror::Error)]
pub enum StreamError {
    /// More is being appended than the engine can make durable.
    #[error("the stream is full of waiting appends")]
    Busy,
    /// There is no such stream.
    #[error("there is no stream {0}")]
    Missing(String),
    /// It takes no records.
    #[error("this stream can only be read")]
    ReadOnly,
    /// The record cannot be written down.
    #[error("a record cannot be written: {0}")]
    Record(#[from] serde_json::Error),
    /// The engine failed; nothing of the append is acknowledged.
    #[error("the stream failed: {0}")]
    Engine(String),
}

/// An ordered, durable log of records.
#[async_trait]
pub trait Stream: Send + Sync {
    /// Appends a record under its partition key. When this returns, the record is durable.
    ///
    /// # Errors
    /// Where it is not, or not known to be, durable.
    async fn append(&self, key: PartitionKey, record: Vec<u8>) -> Result<(), StreamError>;

    /// The shards that there are, parents before their children.
    ///
    /// # Errors
    /// Where the engine cannot tell.
    async fn shards(&self) -> Result<Vec<Shard>, StreamError>;

    /// Up to `limit` records of a shard after a position, from the beginning where there is none.
    ///
    /// # Errors
    /// Where the engine cannot read.
    async fn read(
        &self,
        shard: &ShardId,
        after: Option<ExtendedSequenceNumber>,
        limit: usize,
    ) -> Result<RecordBatch, StreamError>;

    /// One record; none where there is none any more.
    ///
    /// # Errors
    /// Where the engine cannot read.
    async fn read_record(&self, position: &RecordPosition) -> Result<Option<Vec<u8>>, StreamError>;

    /// Changes whenever there may be more to read.
    fn subscribe(&self) -> watch::Receiver<u64>;
}

impl dyn Stream {
    /// Appends a record of ours.
    ///
    /// # Errors
    /// Where it is not, or not known to be, durable.
    pub async fn append_record(&self, record: &Record) -> Result<(), StreamError> {
        self.append(record.into(), serde_json::to_vec(record)?).await
    }
}
