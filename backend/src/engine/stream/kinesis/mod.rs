//! The stream on Amazon Kinesis: records are aggregated as by the Kinesis Producer Library, and read shard by shard.

pub mod aggregate;
mod producer;
mod reader;
mod shards;
mod topology;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use aws_config::{SdkConfig, retry::RetryConfig, timeout::TimeoutConfig};
use aws_sdk_kinesis::{Client, config::Builder};
use tokio::sync::watch;

use self::{aggregate::UserRecord, producer::Producer, reader::Reader, topology::Topology};
use super::{
    ExtendedSequenceNumber, PartitionKey, RecordBatch, RecordPosition, SequenceNumber, Shard, ShardId, StoredRecord,
    Stream, StreamError,
};
use crate::engine::error::OperationError;

/// Time limit of a call.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(3);
/// Time limit for Kinesis to list the shards of a stream that is opened.
const OPEN_TIMEOUT: Duration = Duration::from_secs(30);
/// Time limit for a new stream to become readable.
const CREATE_TIMEOUT: Duration = Duration::from_secs(120);
/// Time between two signals to read.
const POLL_INTERVAL: Duration = Duration::from_millis(250);

/// A Kinesis stream.
pub struct KinesisStream {
    producer: Producer,
    reader: Reader,
    topology: Arc<Topology>,
    polls: watch::Sender<u64>,
}

impl KinesisStream {
    /// Opens a stream. If it does not exist and `create_shards` is given, creates it with that number of shards.
    ///
    /// # Errors
    /// [`StreamError::Missing`] if it does not exist and is not to be created, [`StreamError::Engine`] if Kinesis fails.
    pub async fn open(
        config: &SdkConfig,
        name: &str,
        create_shards: Option<u16>,
    ) -> Result<KinesisStream, StreamError> {
        // The producer retries records one by one, and readers read again: no call needs a retry as a whole.
        let config = Builder::from(config)
            .retry_config(RetryConfig::disabled())
            .timeout_config(TimeoutConfig::builder().operation_timeout(OPERATION_TIMEOUT).build());
        let client = Client::from_conf(config.build());
        let topology = Arc::new(Topology::new(client.clone(), name.to_owned()));
        match (topology.wait(OPEN_TIMEOUT).await, create_shards) {
            (Err(StreamError::Missing(_)), Some(shards)) => {
                let created = client.create_stream().stream_name(name).shard_count(shards.into()).send().await;
                created.map_err(|error| OperationError::new("create the stream", error))?;
                topology.wait(CREATE_TIMEOUT).await?;
            }
            (known, _) => known?,
        }
        let polls = watch::Sender::new(0);
        tokio::spawn(signal_polls(polls.clone()));
        Ok(KinesisStream {
            producer: Producer::start(client.clone(), name.to_owned(), Arc::clone(&topology)),
            reader: Reader::new(client, name.to_owned(), Arc::clone(&topology)),
            topology,
            polls,
        })
    }

    /// Splits a Kinesis record that AWS Lambda delivered into the records that were aggregated in it.
    ///
    /// # Errors
    /// [`StreamError::Engine`] if the stream has no such shard, or Kinesis fails.
    pub async fn unpack(
        &self,
        shard: &ShardId,
        sequence: &SequenceNumber,
        data: &[u8],
    ) -> Result<Vec<StoredRecord>, StreamError> {
        let map = self.topology.map().await?;
        Ok(reader::unpack(sequence, data, map.require(shard)?).collect())
    }
}

/// Signals at intervals that there may be more to read: Kinesis does not notify readers of new records.
async fn signal_polls(polls: watch::Sender<u64>) {
    loop {
        tokio::time::sleep(POLL_INTERVAL).await;
        polls.send_modify(|count| *count += 1);
        // This task has the last sender: the stream was dropped.
        if polls.sender_count() == 1 {
            return;
        }
    }
}

#[async_trait]
impl Stream for KinesisStream {
    async fn append(&self, key: PartitionKey, record: Vec<u8>) -> Result<(), StreamError> {
        self.producer.append(UserRecord { key: format!("{:016x}", key.0), explicit_hash: None, data: record }).await
    }

    async fn shards(&self) -> Result<Vec<Shard>, StreamError> {
        Ok(self.topology.map().await?.all().map(|range| range.shard.clone()).collect())
    }

    async fn read(
        &self,
        shard: &ShardId,
        after: Option<ExtendedSequenceNumber>,
        limit: usize,
    ) -> Result<RecordBatch, StreamError> {
        self.reader.read(shard, after, limit).await
    }

    async fn read_record(&self, position: &RecordPosition) -> Result<Option<Vec<u8>>, StreamError> {
        if self.shards().await?.iter().all(|shard| shard.id != position.shard) {
            return Ok(None);
        }
        self.reader.read_record(position).await
    }

    fn subscribe(&self) -> watch::Receiver<u64> {
        self.polls.subscribe()
    }
}
