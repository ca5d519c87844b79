//! Writes records to Kinesis. They are collected for a moment, aggregated by shard, and retried one by one until Kinesis
//! acknowledges them or they are too old.
//!
//! Records keep their order although they are retried: an append completes when Kinesis acknowledges it, and a game's
//! next batch carries a token from that response.

mod packing;
mod sender;

use std::{sync::Arc, time::Duration};

use aws_sdk_kinesis::Client;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot},
    time::Instant,
};

use self::sender::Sender;
use super::{aggregate::UserRecord, topology::Topology};
use crate::engine::{error::OperationError, stream::StreamError};

/// Time for which a record waits for others to share its call.
const LINGER: Duration = Duration::from_millis(25);
/// Maximum number of bytes that wait for their acknowledgement. Beyond it the stream is busy.
const MAX_BUFFERED_BYTES: usize = 64 * 1024 * 1024;
/// Bytes that aggregation adds to a record's data: key, index and lengths.
const RECORD_OVERHEAD: usize = 64;

/// The producer of a stream.
pub struct Producer {
    queue: mpsc::UnboundedSender<PendingRecord>,
    buffer: Arc<Semaphore>,
}

/// A record that waits for its acknowledgement.
struct PendingRecord {
    record: UserRecord,
    hash: u128,
    since: Instant,
    done: oneshot::Sender<Result<(), StreamError>>,
    _buffered: OwnedSemaphorePermit,
}

impl PendingRecord {
    /// Bytes that the record takes in a call.
    fn bytes(&self) -> usize {
        self.record.data.len() + RECORD_OVERHEAD
    }

    fn complete(self, result: Result<(), StreamError>) {
        // The receiver is gone if the request was given up.
        let _ = self.done.send(result);
    }
}

impl Producer {
    /// Starts the producer of a stream. It ends when it is dropped.
    pub fn start(client: Client, stream: String, topology: Arc<Topology>) -> Producer {
        let (queue, records) = mpsc::unbounded_channel();
        tokio::spawn(collect(Arc::new(Sender::new(client, stream, topology)), records));
        Producer { queue, buffer: Arc::new(Semaphore::new(MAX_BUFFERED_BYTES)) }
    }

    /// Appends a record. When this returns, Kinesis has acknowledged it.
    ///
    /// # Errors
    /// [`StreamError::Busy`] if too much waits or Kinesis throttles the shard, [`StreamError::Engine`] if Kinesis does
    /// not acknowledge the record.
    pub async fn append(&self, record: UserRecord) -> Result<(), StreamError> {
        let bytes = (record.data.len() + RECORD_OVERHEAD) as u32;
        let buffered = Arc::clone(&self.buffer).try_acquire_many_owned(bytes).map_err(|_| StreamError::Busy)?;
        let (done, completed) = oneshot::channel();
        let hash = record.hash();
        let pending = PendingRecord { record, hash, since: Instant::now(), done, _buffered: buffered };
        let stopped = || OperationError::new("append a record", "the producer has stopped");
        self.queue.send(pending).map_err(|_| stopped())?;
        completed.await.map_err(|_| stopped())?
    }
}

/// Collects records for [`LINGER`] and sends them, until the producer is dropped.
async fn collect(sender: Arc<Sender>, mut queue: mpsc::UnboundedReceiver<PendingRecord>) {
    while let Some(first) = queue.recv().await {
        let mut records = vec![first];
        let until = Instant::now() + LINGER;
        while let Ok(Some(next)) = tokio::time::timeout_at(until, queue.recv()).await {
            records.push(next);
        }
        tokio::spawn(Arc::clone(&sender).send(records));
    }
}
