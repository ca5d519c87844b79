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

use super::{PartitionKey, Position, Stored, Stream, StreamError};

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
    done: oneshot::Sender<Result<Position, String>>,
}

/// The embedded event log. Dropping it ends its writer once all queued appends are durable.
pub struct EmbeddedStream {
    events: Keyspace,
    appends: mpsc::Sender<Append>,
    head: watch::Receiver<Option<Position>>,
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
        let last = match events.last_key_value() {
            Some(last) => Some(position(&last.key().map_err(engine)?)?),
            None => None,
        };
        let (appends, queue) = mpsc::channel(QUEUE);
        let (publish, head) = watch::channel(last);
        let writer = Writer { database, events: events.clone(), head: publish, runtime: Handle::current() };
        thread::Builder::new().name("event-log".to_owned()).spawn(move || writer.run(queue)).map_err(engine)?;
        Ok(EmbeddedStream { events, appends, head })
    }
}

/// Positions are kept as big-endian numbers, which sort as bytes.
fn position(key: &[u8]) -> Result<Position, StreamError> {
    let bytes = key.try_into().map_err(|_| StreamError::Engine("a key is not a position".to_owned()))?;
    Ok(Position(u64::from_be_bytes(bytes)))
}

struct Writer {
    database: Database,
    events: Keyspace,
    head: watch::Sender<Option<Position>>,
    runtime: Handle,
}

impl Writer {
    fn run(self, mut queue: mpsc::Receiver<Append>) {
        loop {
            let mut group = Vec::new();
            if queue.blocking_recv_many(&mut group, GROUP) == 0 {
                return;
            }
            let first = self.head.borrow().map_or(0, |last| last.0 + 1);
            let committed = self.commit(first, &group).map_err(|error| error.to_string());
            metrics::histogram!("alien_commit_records").record(group.len() as f64);
            if committed.is_ok() {
                self.head.send_replace(Some(Position(first + group.len() as u64 - 1)));
            }
            // Those who wait are woken from within the runtime: from here each would cost a call to the system.
            self.runtime.spawn(async move { answer(group, first, &committed) });
        }
    }

    fn commit(&self, first: u64, group: &[Append]) -> fjall::Result<()> {
        let mut batch = self.database.batch().durability(Some(PersistMode::SyncAll));
        for (append, position) in group.iter().zip(first..) {
            batch.insert(&self.events, position.to_be_bytes(), append.record.as_slice());
        }
        batch.commit()
    }
}

fn answer(group: Vec<Append>, first: u64, committed: &Result<(), String>) {
    for (append, position) in group.into_iter().zip(first..) {
        // Whoever no longer waits for the answer has given up on this request; its record is kept all the same.
        let _ = append.done.send(committed.clone().map(|()| Position(position)));
    }
}

#[async_trait]
impl Stream for EmbeddedStream {
    async fn append(&self, _key: PartitionKey, record: Vec<u8>) -> Result<Position, StreamError> {
        let (done, position) = oneshot::channel();
        self.appends.try_send(Append { record, done }).map_err(|_| StreamError::Busy)?;
        match position.await {
            Ok(result) => result.map_err(StreamError::Engine),
            Err(_) => Err(StreamError::Engine("its writer has stopped".to_owned())),
        }
    }

    async fn read(&self, after: Option<Position>, limit: usize) -> Result<Vec<Stored>, StreamError> {
        let events = self.events.clone();
        let from = after.map_or(0, |position| position.0 + 1);
        tokio::task::spawn_blocking(move || read(&events, from, limit)).await.map_err(engine)?
    }

    fn head(&self) -> watch::Receiver<Option<Position>> {
        self.head.clone()
    }
}

fn read(events: &Keyspace, from: u64, limit: usize) -> Result<Vec<Stored>, StreamError> {
    let stretch = events.range(from.to_be_bytes()..).take(limit);
    let stored = |entry: fjall::Guard| {
        let (key, value) = entry.into_inner().map_err(engine)?;
        Ok(Stored { position: position(&key)?, bytes: value.to_vec() })
    };
    stretch.map(stored).collect()
}

fn engine(error: impl std::fmt::Display) -> StreamError {
    StreamError::Engine(error.to_string())
}
