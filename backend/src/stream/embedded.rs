//! The stream on one machine: an ordered table in one file, fsynced by group commit.
//!
//! One thread writes. While it waits for the disk, appends queue up, and all of them share the next commit.

use std::{path::Path, sync::Arc, thread};

use async_trait::async_trait;
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition};
use shared::ids::GameId;
use tokio::sync::{mpsc, oneshot, watch};

use super::{Position, Stored, Stream, StreamError};

const EVENTS: TableDefinition<u64, &[u8]> = TableDefinition::new("events");

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
    database: Arc<Database>,
    appends: mpsc::Sender<Append>,
    head: watch::Receiver<Option<Position>>,
}

impl EmbeddedStream {
    /// Opens the log, or makes an empty one. After a crash this recovers what was committed.
    ///
    /// # Errors
    /// Where the file cannot be opened, is in use by another process, or is damaged.
    pub fn open(path: &Path) -> Result<EmbeddedStream, StreamError> {
        let database = Arc::new(Database::create(path).map_err(engine)?);
        let last = create_table(&database).map_err(engine)?;
        let (appends, queue) = mpsc::channel(QUEUE);
        let (publish, head) = watch::channel(last);
        let writer = Writer { database: Arc::clone(&database), head: publish };
        thread::Builder::new().name("event-log".to_owned()).spawn(move || writer.run(queue)).map_err(engine)?;
        Ok(EmbeddedStream { database, appends, head })
    }
}

fn create_table(database: &Database) -> Result<Option<Position>, redb::Error> {
    let transaction = database.begin_write()?;
    let last = {
        let table = transaction.open_table(EVENTS)?;
        table.last()?.map(|(key, _)| Position(key.value()))
    };
    transaction.commit()?;
    Ok(last)
}

struct Writer {
    database: Arc<Database>,
    head: watch::Sender<Option<Position>>,
}

impl Writer {
    fn run(self, mut queue: mpsc::Receiver<Append>) {
        let mut group = Vec::with_capacity(GROUP);
        while queue.blocking_recv_many(&mut group, GROUP) > 0 {
            let first = self.head.borrow().map_or(0, |last| last.0 + 1);
            let committed = self.commit(first, &group).map_err(|error| error.to_string());
            metrics::histogram!("alien_commit_records").record(group.len() as f64);
            if committed.is_ok() {
                self.head.send_replace(Some(Position(first + group.len() as u64 - 1)));
            }
            for (append, position) in group.drain(..).zip(first..) {
                // Whoever no longer waits for the answer has given up on this request; its record is kept all the same.
                let _ = append.done.send(committed.clone().map(|()| Position(position)));
            }
        }
    }

    fn commit(&self, first: u64, group: &[Append]) -> Result<(), redb::Error> {
        let mut transaction = self.database.begin_write()?;
        transaction.set_quick_repair(true);
        {
            let mut table = transaction.open_table(EVENTS)?;
            for (append, position) in group.iter().zip(first..) {
                table.insert(position, append.record.as_slice())?;
            }
        }
        transaction.commit()?;
        Ok(())
    }
}

#[async_trait]
impl Stream for EmbeddedStream {
    async fn append(&self, _key: GameId, record: Vec<u8>) -> Result<Position, StreamError> {
        let (done, position) = oneshot::channel();
        self.appends.try_send(Append { record, done }).map_err(|_| StreamError::Busy)?;
        match position.await {
            Ok(result) => result.map_err(StreamError::Engine),
            Err(_) => Err(StreamError::Engine("its writer has stopped".to_owned())),
        }
    }

    async fn read(&self, after: Option<Position>, limit: usize) -> Result<Vec<Stored>, StreamError> {
        let database = Arc::clone(&self.database);
        let from = after.map_or(0, |position| position.0 + 1);
        tokio::task::spawn_blocking(move || read(&database, from, limit)).await.map_err(engine)?.map_err(engine)
    }

    fn head(&self) -> watch::Receiver<Option<Position>> {
        self.head.clone()
    }
}

fn read(database: &Database, from: u64, limit: usize) -> Result<Vec<Stored>, redb::Error> {
    let table = database.begin_read()?.open_table(EVENTS)?;
    let mut records = Vec::new();
    for entry in table.range(from..)?.take(limit) {
        let (key, value) = entry?;
        records.push(Stored { position: Position(key.value()), bytes: value.value().to_vec() });
    }
    Ok(records)
}

fn engine(error: impl std::fmt::Display) -> StreamError {
    StreamError::Engine(error.to_string())
}
