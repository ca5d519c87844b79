//! The stream on one machine: an ordered, journaled store in one folder, fsynced by group commit.
//!
//! One thread writes. While it waits for the disk, appends queue up, and all of them share the next commit.

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

/// The only shard that there is.
const SHARD: &str = "log";
/// What is written before it is moved from the journal to a table of its own, in bytes: a start after a crash reads
/// that much again.
const JOURNALED: u64 = 16 * 1024 * 1024;
/// What is kept in memory for reading, in bytes. The processor reads what was just written.
const CACHED: u64 = 8 * 1024 * 1024;
/// Appends that wait for a commit, at most; beyond that the stream is busy.
const QUEUE: usize = 8192;
/// Appends that share one commit, at most.
const GROUP: usize = 2048;

struct Append {
    record: Vec<u8>,
    done: oneshot::Sender<Result<(), String>>,
}

/// The embedded event log. Dropping it ends its writer once all queued appends are durable.
pub struct EmbeddedStream {
    events: Keyspace,
    appends: mpsc::Sender<Append>,
    next: watch::Receiver<u64>,
}

impl EmbeddedStream {
    /// Opens the log, or makes an empty one. After a crash this recovers what was committed. Call it within a tokio
    /// runtime.
    ///
    /// # Errors
    /// Where the folder cannot be opened, is in use by another process, or is damaged.
    pub fn open(path: &Path) -> Result<EmbeddedStream, StreamError> {
        let database = Database::builder(path).cache_size(CACHED).worker_threads(1).open().map_err(engine)?;
        let options = || KeyspaceCreateOptions::default().max_memtable_size(JOURNALED);
        let events = database.keyspace("events", options).map_err(engine)?;
        let next = match events.last_key_value() {
            Some(last) => number(&last.key().map_err(engine)?)? + 1,
            None => 0,
        };
        let (appends, queue) = mpsc::channel(QUEUE);
        let (publish, next) = watch::channel(next);
        let writer = Writer { database, events: events.clone(), next: publish, runtime: Handle::current() };
        thread::Builder::new().name("event-log".to_owned()).spawn(move || writer.run(queue)).map_err(engine)?;
        Ok(EmbeddedStream { events, appends, next })
    }
}

/// Records are numbered; the keys are the numbers in big-endian order, which sort as bytes.
fn number(key: &[u8]) -> Result<u64, StreamError> {
    let bytes = key.try_into().map_err(|_| StreamError::Engine("a key is not a number".to_owned()))?;
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
            if queue.blocking_recv_many(&mut group, GROUP) == 0 {
                return;
            }
            let first = *self.next.borrow();
            let committed = self.commit(first, &group).map_err(|error| error.to_string());
            metrics::histogram!("alien_commit_records").record(group.len() as f64);
            if committed.is_ok() {
                self.next.send_replace(first + group.len() as u64);
            }
            // Those who wait are woken from within the runtime: from here each would cost a call to the system.
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

fn answer(group: Vec<Append>, committed: &Result<(), String>) {
    for append in group {
        // Whoever no longer waits for the answer has given up on this request; its record is kept all the same.
        let _ = append.done.send(committed.clone());
    }
}

#[async_trait]
impl Stream for EmbeddedStream {
    async fn append(&self, _key: PartitionKey, record: Vec<u8>) -> Result<(), StreamError> {
        let (done, answer) = oneshot::channel();
        self.appends.try_send(Append { record, done }).map_err(|_| StreamError::Busy)?;
        match answer.await {
            Ok(result) => result.map_err(StreamError::Engine),
            Err(_) => Err(StreamError::Engine("its writer has stopped".to_owned())),
        }
    }

    async fn shards(&self) -> Result<Vec<Shard>, StreamError> {
        Ok(vec![Shard { id: ShardId(SHARD.to_owned()), parents: Vec::new() }])
    }

    async fn read(
        &self,
        _: &ShardId,
        after: Option<ExtendedSequenceNumber>,
        limit: usize,
    ) -> Result<RecordBatch, StreamError> {
        let events = self.events.clone();
        let from = match after {
            Some(position) => number_of(&position)? + 1,
            None => 0,
        };
        let records = tokio::task::spawn_blocking(move || read(&events, from, limit)).await.map_err(engine)??;
        let status = if records.len() == limit { ReadStatus::More } else { ReadStatus::CaughtUp };
        Ok(RecordBatch { records, status })
    }

    async fn read_record(&self, position: &RecordPosition) -> Result<Option<Vec<u8>>, StreamError> {
        if position.shard.0 != SHARD {
            return Ok(None);
        }
        let (events, number) = (self.events.clone(), number_of(&position.sequence_number)?);
        let found = tokio::task::spawn_blocking(move || events.get(number.to_be_bytes())).await.map_err(engine)?;
        Ok(found.map_err(engine)?.map(|bytes| bytes.to_vec()))
    }

    fn subscribe(&self) -> watch::Receiver<u64> {
        self.next.clone()
    }
}

fn number_of(position: &ExtendedSequenceNumber) -> Result<u64, StreamError> {
    position.number().ok_or_else(|| engine(format!("{position} is no position of this log")))
}

fn read(events: &Keyspace, from: u64, limit: usize) -> Result<Vec<StoredRecord>, StreamError> {
    let stretch = events.range(from.to_be_bytes()..).take(limit);
    let stored = |entry: fjall::Guard| {
        let (key, value) = entry.into_inner().map_err(engine)?;
        Ok(StoredRecord { sequence_number: ExtendedSequenceNumber::numbered(number(&key)?), bytes: value.to_vec() })
    };
    stretch.map(stored).collect()
}

fn engine(error: impl std::fmt::Display) -> StreamError {
    StreamError::Engine(error.to_string())
}
