//! The stream on one machine: one shard in a journaled key-value store.
//!
//! One thread writes. Appends that arrive during a commit share the next one, which is fsynced.

use std::{path::Path, thread};

use async_trait::async_trait;
use fjall::{Database, Keyspace, KeyspaceCreateOptions, PersistMode};
use tokio::{
    runtime::Handle,
    sync::{mpsc, oneshot, watch},
};

use super::{
    ExtendedSequenceNumber, PartitionKey, ReadStatus, RecordBatch, RecordPosition, Shard, ShardId, StoredRecord,
    Stream, StreamError,
};
use crate::engine::error::{Cause, OperationError};

/// Bytes in the journal before they move to a table of their own. A start after a crash replays the journal.
const MAX_JOURNAL_BYTES: u64 = 16 * 1024 * 1024;
/// Bytes of the read cache. The processor reads what was just written, so it can be small.
const CACHE_BYTES: u64 = 8 * 1024 * 1024;
/// Maximum number of appends that wait for the writer. Beyond it the stream is busy.
const MAX_QUEUED_APPENDS: usize = 8192;
/// Maximum number of appends in one commit.
const MAX_APPENDS_PER_COMMIT: usize = 2048;

struct Append {
    record: Vec<u8>,
    done: oneshot::Sender<Result<(), OperationError>>,
}

/// The embedded stream. After it is dropped, its writer commits all queued appends and ends.
pub struct EmbeddedStream {
    events: Keyspace,
    appends: mpsc::Sender<Append>,
    next: watch::Receiver<u64>,
}

impl EmbeddedStream {
    /// The name of the only shard.
    pub const SHARD: &str = "log";

    /// Opens the log, or creates an empty one. After a crash this recovers all commits. Must be called within a tokio
    /// runtime.
    ///
    /// # Errors
    /// [`StreamError::Engine`] if the folder cannot be opened, is in use by another process, or is damaged.
    pub fn open(path: &Path) -> Result<EmbeddedStream, StreamError> {
        let failed = |cause: Cause| OperationError::new(format!("open the event log {}", path.display()), cause);
        let database = Database::builder(path).cache_size(CACHE_BYTES).worker_threads(1).open();
        let database = database.map_err(|error| failed(error.into()))?;
        let options = || KeyspaceCreateOptions::default().max_memtable_size(MAX_JOURNAL_BYTES);
        let events = database.keyspace("events", options).map_err(|error| failed(error.into()))?;
        let next = match events.last_key_value() {
            Some(last) => number_of_key(&last.key().map_err(|error| failed(error.into()))?)? + 1,
            None => 0,
        };
        let (appends, queue) = mpsc::channel(MAX_QUEUED_APPENDS);
        let (publish, next) = watch::channel(next);
        let writer = Writer { database, events: events.clone(), next: publish, runtime: Handle::current() };
        let thread = thread::Builder::new().name("event-log".to_owned());
        thread.spawn(move || writer.run(queue)).map_err(|error| failed(error.into()))?;
        Ok(EmbeddedStream { events, appends, next })
    }

    /// Reads up to `limit` records, beginning with number `from`.
    async fn read_from(&self, from: u64, limit: usize) -> Result<Vec<StoredRecord>, StreamError> {
        let events = self.events.clone();
        let records = tokio::task::spawn_blocking(move || read_records(&events, from, limit)).await;
        records.map_err(|error| OperationError::new("read the event log", error))?
    }

    /// The number of the next record that will be appended.
    pub fn next_number(&self) -> u64 {
        *self.next.borrow()
    }
}

/// The number of a record. Keys are numbers in big-endian order, so that they sort as bytes.
fn number_of_key(key: &[u8]) -> Result<u64, StreamError> {
    let bytes =
        key.try_into().map_err(|error| OperationError::new("read a key of the event log as a number", error))?;
    Ok(u64::from_be_bytes(bytes))
}

struct Writer {
    database: Database,
    events: Keyspace,
    /// The number of the next record.
    next: watch::Sender<u64>,
    runtime: Handle,
}

impl Writer {
    fn run(self, mut queue: mpsc::Receiver<Append>) {
        loop {
            let mut group = Vec::new();
            if queue.blocking_recv_many(&mut group, MAX_APPENDS_PER_COMMIT) == 0 {
                return;
            }
            let first = *self.next.borrow();
            let committed = self.commit(first, &group);
            let committed = committed.map_err(|error| OperationError::new("commit to the event log", error));
            metrics::histogram!("alien_commit_records").record(group.len() as f64);
            if committed.is_ok() {
                self.next.send_replace(first + group.len() as u64);
            }
            // Waking a task from this thread costs a system call each; from within the runtime it does not.
            self.runtime.spawn(async move { answer(group, &committed) });
        }
    }

    fn commit(&self, first: u64, group: &[Append]) -> fjall::Result<()> {
        let mut batch = self.database.batch().durability(Some(PersistMode::SyncAll));
        for (append, number) in group.iter().zip(first..) {
            batch.insert(&self.events, number.to_be_bytes(), append.record.as_slice());
        }
        batch.commit()
    }
}

fn answer(group: Vec<Append>, committed: &Result<(), OperationError>) {
    for append in group {
        // The receiver is gone if the request was given up. Its record stays.
        let _ = append.done.send(committed.clone());
    }
}

#[async_trait]
impl Stream for EmbeddedStream {
    async fn append(&self, _key: PartitionKey, record: Vec<u8>) -> Result<(), StreamError> {
        let (done, committed) = oneshot::channel();
        self.appends.try_send(Append { record, done }).map_err(|_| StreamError::Busy)?;
        let committed =
            committed.await.map_err(|_| OperationError::new("append a record", "the writer has stopped"))?;
        Ok(committed?)
    }

    async fn shards(&self) -> Result<Vec<Shard>, StreamError> {
        Ok(vec![Shard { id: ShardId(EmbeddedStream::SHARD.to_owned()), parents: Vec::new() }])
    }

    async fn read(
        &self,
        _: &ShardId,
        after: Option<ExtendedSequenceNumber>,
        limit: usize,
    ) -> Result<RecordBatch, StreamError> {
        let from = match after {
            Some(last) => number(&last)? + 1,
            None => 0,
        };
        let records = self.read_from(from, limit).await?;
        let status = if records.len() == limit { ReadStatus::More } else { ReadStatus::CaughtUp };
        Ok(RecordBatch { records, status })
    }

    async fn read_record(&self, position: &RecordPosition) -> Result<Option<Vec<u8>>, StreamError> {
        if position.shard.0 != EmbeddedStream::SHARD {
            return Ok(None);
        }
        let failed = |cause: Cause| OperationError::new("read a record of the event log", cause);
        let (events, number) = (self.events.clone(), number(&position.sequence_number)?);
        let record = tokio::task::spawn_blocking(move || events.get(number.to_be_bytes())).await;
        let record = record.map_err(|error| failed(error.into()))?.map_err(|error| failed(error.into()))?;
        Ok(record.map(|bytes| bytes.to_vec()))
    }

    async fn newest(&self, limit: usize) -> Result<Vec<StoredRecord>, StreamError> {
        let next = *self.next.borrow();
        self.read_from(next.saturating_sub(limit as u64), limit).await
    }

    fn subscribe(&self) -> watch::Receiver<u64> {
        self.next.clone()
    }
}

fn number(sequence_number: &ExtendedSequenceNumber) -> Result<u64, StreamError> {
    let number = sequence_number.number();
    Ok(number
        .ok_or_else(|| OperationError::new(format!("find record {sequence_number}"), "the number is too large"))?)
}

fn read_records(events: &Keyspace, from: u64, limit: usize) -> Result<Vec<StoredRecord>, StreamError> {
    let entries = (from..).zip(events.range(from.to_be_bytes()..).take(limit));
    let record = |(number, entry): (u64, fjall::Guard)| {
        let (key, value) = entry.into_inner().map_err(|error| OperationError::new("read the event log", error))?;
        // Numbers have no gaps, so another number means that a part of the log was lost.
        if number_of_key(&key)? != number {
            return Err(StreamError::Lost(number));
        }
        Ok(StoredRecord { sequence_number: ExtendedSequenceNumber::numbered(number), bytes: value.to_vec() })
    };
    entries.map(record).collect()
}
