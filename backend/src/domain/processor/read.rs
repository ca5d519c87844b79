//! Reads batches of records from a shard.

use std::time::Duration;

use crate::engine::stream::{
    Checkpoint, ExtendedSequenceNumber, ReadStatus, RecordBatch, ShardId, StoredRecord, Stream, StreamError,
};

/// Records in a batch without a flush interval. Large batches let a processor that is behind write each game once.
const MAX_BATCH_RECORDS: usize = 10_000;
/// Records in a batch with a flush interval.
const MAX_FLUSH_RECORDS: usize = 50_000;

/// Records to process, and the checkpoint after them.
pub struct Unprocessed {
    pub records: Vec<StoredRecord>,
    /// `None` if a read returned no records and the shard has not ended.
    pub checkpoint: Option<Checkpoint>,
    /// Whether to read this shard again at once: there are more records, or its children can be processed now.
    pub has_more: bool,
}

/// Reads the next records of a shard after a checkpoint, from the shard's beginning without one.
///
/// Without a flush interval, it returns the records of one response of the stream. With one, it reads all records.
///
/// # Errors
/// If the stream fails.
pub async fn next_records(
    stream: &dyn Stream,
    shard: &ShardId,
    after: Option<ExtendedSequenceNumber>,
    flush_interval: Duration,
) -> Result<Unprocessed, StreamError> {
    let RecordBatch { records, status } = match flush_interval.is_zero() {
        true => stream.read(shard, after, MAX_BATCH_RECORDS).await?,
        false => read_all(stream, shard, after).await?,
    };
    let checkpoint = match status {
        ReadStatus::ShardEnd => Some(Checkpoint::Ended),
        ReadStatus::More | ReadStatus::CaughtUp => {
            records.last().map(|last| Checkpoint::At(last.sequence_number.clone()))
        }
    };
    Ok(Unprocessed { records, checkpoint, has_more: status != ReadStatus::CaughtUp })
}

/// Reads until the newest record, the shard's end, or the limit.
async fn read_all(
    stream: &dyn Stream,
    shard: &ShardId,
    after: Option<ExtendedSequenceNumber>,
) -> Result<RecordBatch, StreamError> {
    let mut all = stream.read(shard, after.clone(), MAX_FLUSH_RECORDS).await?;
    while all.status == ReadStatus::More && all.records.len() < MAX_FLUSH_RECORDS {
        let last = all.records.last().map(|record| record.sequence_number.clone()).or(after.clone());
        let more = stream.read(shard, last, MAX_FLUSH_RECORDS - all.records.len()).await?;
        all.records.extend(more.records);
        all.status = more.status;
    }
    Ok(all)
}
