//! Reads the shards of a Kinesis stream from any position.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use aws_sdk_kinesis::{
    Client,
    error::ProvideErrorMetadata,
    operation::get_records::GetRecordsOutput,
    types::{Record, ShardIteratorType},
};
use tokio::time::Instant;

use super::{
    aggregate::{self, UserRecord},
    shards::ShardRange,
    topology::Topology,
};
use crate::engine::{
    error::OperationError,
    stream::{
        ExtendedSequenceNumber, ReadStatus, RecordBatch, RecordPosition, SequenceNumber, ShardId, StoredRecord,
        StreamError,
    },
};

/// Time between two calls for one shard. Kinesis allows five a second.
const CALL_INTERVAL: Duration = Duration::from_millis(220);
/// Maximum number of Kinesis records in one response. Each holds up to 50 kB of our records: a larger response would
/// exceed the time limit of a call. Five of these a second already exceed the 2 MB a second that a shard gives.
const MAX_KINESIS_RECORDS: i32 = 200;

/// The reader of a stream.
pub struct Reader {
    client: Client,
    stream: String,
    topology: Arc<Topology>,
    /// By shard and by the last record that was returned, so that several callers can read the same shard.
    cursors: Mutex<HashMap<(ShardId, Option<ExtendedSequenceNumber>), Cursor>>,
}

/// A caller's position in a shard.
struct Cursor {
    /// The last record that was returned.
    after: Option<ExtendedSequenceNumber>,
    /// For the next call. `None` at the end of a shard that was split or merged.
    iterator: Option<String>,
    /// Records that were read and not returned yet.
    buffer: VecDeque<StoredRecord>,
    /// Whether the last response reached the newest record.
    is_at_tip: bool,
    /// The time from which the next call is allowed.
    next_call: Instant,
}

impl Cursor {
    /// What follows a batch of records that were taken from the buffer.
    fn status_after(&self, records: &[StoredRecord], range: &ShardRange) -> ReadStatus {
        if !self.buffer.is_empty() {
            return ReadStatus::More;
        }
        // A closed shard may keep an iterator for a while after its last record.
        let is_ended = self.iterator.is_none() || range.is_closed && self.is_at_tip && records.is_empty();
        match (is_ended, self.is_at_tip) {
            (true, _) => ReadStatus::ShardEnd,
            (false, true) => ReadStatus::CaughtUp,
            (false, false) => ReadStatus::More,
        }
    }

    /// Buffers the records of a response that come after the last returned one.
    fn add(&mut self, response: GetRecordsOutput, range: &ShardRange) -> Result<(), StreamError> {
        for record in response.records() {
            let sequence_number = sequence_number(record)?;
            let new = unpack(&sequence_number, record.data().as_ref(), range)
                .filter(|stored| self.after.as_ref().is_none_or(|after| stored.sequence_number > *after));
            self.buffer.extend(new);
        }
        self.is_at_tip = response.millis_behind_latest().unwrap_or_default() == 0;
        self.iterator = response.next_shard_iterator;
        Ok(())
    }
}

impl Reader {
    /// A reader of a stream.
    pub fn new(client: Client, stream: String, topology: Arc<Topology>) -> Reader {
        Reader { client, stream, topology, cursors: Mutex::default() }
    }

    /// Reads up to `limit` records after a position.
    ///
    /// # Errors
    /// [`StreamError::Engine`] if the shard does not exist or Kinesis fails. The same call can be repeated.
    pub async fn read(
        &self,
        shard: &ShardId,
        after: Option<ExtendedSequenceNumber>,
        limit: usize,
    ) -> Result<RecordBatch, StreamError> {
        let map = self.topology.map().await?;
        let range = map.require(shard)?;
        let kept = self.cursors.lock().unwrap_or_else(PoisonError::into_inner).remove(&(shard.clone(), after.clone()));
        let mut cursor = match kept {
            Some(cursor) => cursor,
            None => self.new_cursor(shard, after.clone()).await?,
        };
        if cursor.buffer.is_empty() {
            self.fill(&mut cursor, range).await?;
        }
        let records: Vec<StoredRecord> = cursor.buffer.drain(..limit.min(cursor.buffer.len())).collect();
        let status = cursor.status_after(&records, range);
        cursor.after = records.last().map(|last| last.sequence_number.clone()).or(after);
        let key = (shard.clone(), cursor.after.clone());
        self.cursors.lock().unwrap_or_else(PoisonError::into_inner).insert(key, cursor);
        Ok(RecordBatch { records, status })
    }

    /// Reads one record. `None` if the shard no longer has it.
    ///
    /// # Errors
    /// [`StreamError::Engine`] if Kinesis fails.
    pub async fn read_record(&self, position: &RecordPosition) -> Result<Option<Vec<u8>>, StreamError> {
        let ExtendedSequenceNumber { sequence_number, subsequence_number } = &position.sequence_number;
        let iterator = self.iterator(&position.shard, Some(&position.sequence_number)).await?;
        let response = self.client.get_records().set_shard_iterator(iterator).limit(1).send().await;
        let response = response.map_err(|error| OperationError::new(format!("read the record {position}"), error))?;
        let mut records = response.records().iter();
        let Some(record) = records.find(|record| record.sequence_number() == sequence_number.as_str()) else {
            return Ok(None);
        };
        let data = record.data().as_ref();
        match aggregate::decode(data) {
            Some(parts) => Ok(parts.into_iter().nth(*subsequence_number as usize).map(|part| part.data)),
            None => Ok(Some(data.to_vec())),
        }
    }

    async fn new_cursor(&self, shard: &ShardId, after: Option<ExtendedSequenceNumber>) -> Result<Cursor, StreamError> {
        let iterator = self.iterator(shard, after.as_ref()).await?;
        Ok(Cursor { after, iterator, buffer: VecDeque::new(), is_at_tip: false, next_call: Instant::now() })
    }

    /// An iterator at a position, because more records may be aggregated under its sequence number, or at the beginning.
    async fn iterator(
        &self,
        shard: &ShardId,
        from: Option<&ExtendedSequenceNumber>,
    ) -> Result<Option<String>, StreamError> {
        let request = self.client.get_shard_iterator().stream_name(&self.stream).shard_id(&shard.0);
        let request = match from {
            Some(position) => request
                .shard_iterator_type(ShardIteratorType::AtSequenceNumber)
                .starting_sequence_number(position.sequence_number.as_str()),
            None => request.shard_iterator_type(ShardIteratorType::TrimHorizon),
        };
        let response = request.send().await;
        let response =
            response.map_err(|error| OperationError::new(format!("position in the shard {shard}"), error))?;
        Ok(response.shard_iterator)
    }

    /// Makes one call for more records.
    async fn fill(&self, cursor: &mut Cursor, range: &ShardRange) -> Result<(), StreamError> {
        let Some(iterator) = cursor.iterator.clone() else {
            return Ok(());
        };
        tokio::time::sleep_until(cursor.next_call).await;
        cursor.next_call = Instant::now() + CALL_INTERVAL;
        metrics::counter!("alien_kinesis_get_calls_total").increment(1);
        let request = self.client.get_records().shard_iterator(iterator).limit(MAX_KINESIS_RECORDS);
        let error = match request.send().await {
            Ok(response) => return cursor.add(response, range),
            Err(error) => error,
        };
        let shard = &range.shard.id;
        match error.code() {
            Some("ExpiredIteratorException") => {
                cursor.iterator = self.iterator(shard, cursor.after.as_ref()).await?;
                return Ok(());
            }
            // The next call gets the records.
            Some("ProvisionedThroughputExceededException") => return Ok(()),
            // The shard may have expired.
            Some("ResourceNotFoundException") => self.topology.invalidate(),
            _ => {}
        }
        Err(OperationError::new(format!("read the shard {shard}"), error).into())
    }
}

fn sequence_number(record: &Record) -> Result<SequenceNumber, StreamError> {
    let number = record.sequence_number().parse();
    Ok(number.map_err(|error| OperationError::new("read the sequence number of a record", error))?)
}

/// The records that were aggregated in a Kinesis record, except those that the shard does not own. The producer has
/// written these again to their shards.
pub fn unpack(sequence_number: &SequenceNumber, data: &[u8], range: &ShardRange) -> impl Iterator<Item = StoredRecord> {
    let is_owned = |part: &UserRecord| range.hashes.contains(&part.hash());
    let parts: Vec<Option<Vec<u8>>> = match aggregate::decode(data) {
        Some(parts) => parts.into_iter().map(|part| is_owned(&part).then_some(part.data)).collect(),
        None => vec![Some(data.to_vec())],
    };
    let sequence_number = sequence_number.clone();
    (0..).zip(parts).filter_map(move |(subsequence_number, bytes)| {
        let sequence_number = ExtendedSequenceNumber { sequence_number: sequence_number.clone(), subsequence_number };
        Some(StoredRecord { sequence_number, bytes: bytes? })
    })
}
