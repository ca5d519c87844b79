//! Reads shards of a Kinesis stream from any position on.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use aws_sdk_kinesis::{
    Client,
    error::ProvideErrorMetadata,
    types::{Record, ShardIteratorType},
};
use tokio::time::Instant;

use super::{
    aggregate::{self, UserRecord},
    call, engine,
    shards::Range,
    topology::Topology,
};
use crate::engine::stream::{
    ExtendedSequenceNumber, ReadStatus, RecordBatch, RecordPosition, SequenceNumber, ShardId, StoredRecord, StreamError,
};

/// From one question to the next on the same shard: it answers five a second.
const EVERY: Duration = Duration::from_millis(220);
/// Records of Kinesis' in one answer, at most. Each holds many of ours, up to 50 kB: more would not come before a call is
/// given up, and with five questions a second this is beyond the 2 MB a second that a shard gives.
const ANSWER: i32 = 200;

/// Reads shards.
pub struct Reader {
    client: Client,
    stream: String,
    topology: Arc<Topology>,
    /// By shard and by what was given out last, so that each who reads goes on where it was.
    cursors: Mutex<HashMap<(ShardId, Option<ExtendedSequenceNumber>), Cursor>>,
}

/// Where reading a shard goes on.
struct Cursor {
    /// What was given out last.
    after: Option<ExtendedSequenceNumber>,
    /// For the next question; none at the end of a shard that was split or merged.
    iterator: Option<String>,
    /// What was read and not given out yet.
    left: VecDeque<StoredRecord>,
    /// Whether the last answer had all that there was.
    is_at_tip: bool,
    /// The next question may be asked from then on.
    next: Instant,
}

impl Reader {
    /// A reader of a stream.
    pub fn new(client: Client, stream: String, topology: Arc<Topology>) -> Reader {
        Reader { client, stream, topology, cursors: Mutex::default() }
    }

    /// Up to `limit` records after a position.
    ///
    /// # Errors
    /// Where Kinesis does not answer. It can be asked again.
    pub async fn read(
        &self,
        shard: &ShardId,
        after: Option<ExtendedSequenceNumber>,
        limit: usize,
    ) -> Result<RecordBatch, StreamError> {
        let map = self.topology.map().await?;
        let range = map.get(shard).ok_or_else(|| engine(format!("there is no shard {shard} any more")))?;
        let kept = self.cursors.lock().unwrap_or_else(PoisonError::into_inner).remove(&(shard.clone(), after.clone()));
        let mut cursor = match kept {
            Some(cursor) => cursor,
            None => self.begin(shard, after.clone()).await?,
        };
        if cursor.left.is_empty() {
            self.ask(&mut cursor, range).await?;
        }
        let records: Vec<StoredRecord> = cursor.left.drain(..limit.min(cursor.left.len())).collect();
        let is_over = cursor.iterator.is_none() || range.is_closed && cursor.is_at_tip && records.is_empty();
        let status = match () {
            () if !cursor.left.is_empty() => ReadStatus::More,
            () if is_over => ReadStatus::ShardEnd,
            () if cursor.is_at_tip => ReadStatus::CaughtUp,
            () => ReadStatus::More,
        };
        cursor.after = records.last().map(|last| last.sequence_number.clone()).or(after);
        self.cursors
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert((shard.clone(), cursor.after.clone()), cursor);
        Ok(RecordBatch { records, status })
    }

    /// One record.
    ///
    /// # Errors
    /// Where Kinesis does not answer.
    pub async fn read_record(&self, position: &RecordPosition) -> Result<Option<Vec<u8>>, StreamError> {
        let iterator = self.iterator(&position.shard, Some(&position.sequence_number)).await?;
        let answer = self.client.get_records().set_shard_iterator(iterator).limit(1).send().await.map_err(call)?;
        let record = answer
            .records()
            .iter()
            .find(|record| record.sequence_number() == position.sequence_number.sequence_number.as_str());
        let Some(data) = record.map(|record| record.data().as_ref()) else {
            return Ok(None);
        };
        match aggregate::decode(data) {
            Some(parts) => {
                Ok(parts.into_iter().nth(position.sequence_number.subsequence_number as usize).map(|part| part.data))
            }
            None => Ok(Some(data.to_vec())),
        }
    }

    async fn begin(&self, shard: &ShardId, after: Option<ExtendedSequenceNumber>) -> Result<Cursor, StreamError> {
        let iterator = self.iterator(shard, after.as_ref()).await?;
        Ok(Cursor { after, iterator, left: VecDeque::new(), is_at_tip: false, next: Instant::now() })
    }

    /// From a position on, since there may be more parts of the record there, or from the beginning.
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
        Ok(request.send().await.map_err(call)?.shard_iterator)
    }

    /// Asks for more.
    async fn ask(&self, cursor: &mut Cursor, range: &Range) -> Result<(), StreamError> {
        let Some(iterator) = cursor.iterator.clone() else {
            return Ok(());
        };
        tokio::time::sleep_until(cursor.next).await;
        cursor.next = Instant::now() + EVERY;
        metrics::counter!("alien_kinesis_get_calls_total").increment(1);
        let answer = match self.client.get_records().shard_iterator(iterator).limit(ANSWER).send().await {
            Ok(answer) => answer,
            Err(error) => match error.code() {
                Some("ExpiredIteratorException") => {
                    cursor.iterator = self.iterator(&range.shard.id, cursor.after.as_ref()).await?;
                    return Ok(());
                }
                // The shard has more, and gives it in a moment.
                Some("ProvisionedThroughputExceededException") => return Ok(()),
                code => {
                    // The shard may be no more; whoever comes next asks for them anew.
                    if code == Some("ResourceNotFoundException") {
                        self.topology.forget();
                    }
                    return Err(call(error));
                }
            },
        };
        for record in answer.records() {
            let sequence = sequence(record)?;
            let new = unpack(&sequence, record.data().as_ref(), range)
                .filter(|stored| cursor.after.as_ref().is_none_or(|after| stored.sequence_number > *after));
            cursor.left.extend(new);
        }
        cursor.is_at_tip = answer.millis_behind_latest().unwrap_or_default() == 0;
        cursor.iterator = answer.next_shard_iterator;
        Ok(())
    }
}

fn sequence(record: &Record) -> Result<SequenceNumber, StreamError> {
    record.sequence_number().parse().map_err(|_| engine("a sequence number is no number"))
}

/// The records that were written as one, without those that the shard of that range does not own: they were written again
/// where they belong.
pub fn unpack(sequence: &SequenceNumber, data: &[u8], range: &Range) -> impl Iterator<Item = StoredRecord> {
    let owned = |part: &UserRecord| range.hashes.contains(&part.hash());
    let parts: Vec<Option<Vec<u8>>> = match aggregate::decode(data) {
        Some(parts) => parts.into_iter().map(|part| owned(&part).then_some(part.data)).collect(),
        None => vec![Some(data.to_vec())],
    };
    let sequence_number = sequence.clone();
    (0..).zip(parts).filter_map(move |(subsequence_number, bytes)| {
        let sequence_number = ExtendedSequenceNumber { sequence_number: sequence_number.clone(), subsequence_number };
        Some(StoredRecord { sequence_number, bytes: bytes? })
    })
}
