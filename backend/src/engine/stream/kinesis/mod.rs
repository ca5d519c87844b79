//! The stream on Amazon Kinesis: records aggregated as the Kinesis Producer Library does, read shard by shard.

pub mod aggregate;
mod producer;
mod reader;
mod shards;
mod topology;

use std::{error::Error, sync::Arc, time::Duration};

use async_trait::async_trait;
use aws_config::{SdkConfig, retry::RetryConfig, timeout::TimeoutConfig};
use aws_sdk_kinesis::{Client, config::Builder};
use tokio::sync::watch;

use self::{aggregate::UserRecord, producer::Producer, reader::Reader, topology::Topology};
use super::{
    ExtendedSequenceNumber, PartitionKey, RecordBatch, RecordPosition, SequenceNumber, Shard, ShardId, StoredRecord,
    Stream, StreamError,
};
use crate::engine::aws::error_chain;

/// A call that takes longer is given up.
const CALL_TIME: Duration = Duration::from_secs(3);
/// A stream that does not answer for so long cannot be opened.
const OPENING: Duration = Duration::from_secs(30);
/// Nor one that is not there for so long after it was made.
const MAKING: Duration = Duration::from_secs(120);
/// From one look for new records to the next.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// A Kinesis stream.
pub struct KinesisStream {
    producer: Producer,
    reader: Reader,
    topology: Arc<Topology>,
    news: watch::Sender<u64>,
}

impl KinesisStream {
    /// Opens a stream. Where there is none of that name, it is made with so many shards, if any are named.
    ///
    /// # Errors
    /// Where it is not there, or cannot be reached.
    pub async fn open(config: &SdkConfig, name: &str, make: Option<u16>) -> Result<KinesisStream, StreamError> {
        // Records are tried again one by one, and readers come back, so that no call needs to be repeated as a whole.
        let config = Builder::from(config)
            .retry_config(RetryConfig::disabled())
            .timeout_config(TimeoutConfig::builder().operation_timeout(CALL_TIME).build());
        let client = Client::from_conf(config.build());
        let topology = Arc::new(Topology::new(client.clone(), name.to_owned()));
        match (topology.wait(OPENING).await, make) {
            (Err(StreamError::Missing(_)), Some(shards)) => {
                let request = client.create_stream().stream_name(name).shard_count(shards.into());
                request.send().await.map_err(call)?;
                topology.wait(MAKING).await?;
            }
            (known, _) => known?,
        }
        let news = watch::Sender::new(0);
        tokio::spawn(look(news.clone()));
        Ok(KinesisStream {
            producer: Producer::start(client.clone(), name.to_owned(), Arc::clone(&topology)),
            reader: Reader::new(client, name.to_owned(), Arc::clone(&topology)),
            topology,
            news,
        })
    }
}

impl KinesisStream {
    /// Our records in one of Kinesis' that was read elsewhere, as AWS reads for its functions.
    ///
    /// # Errors
    /// Where the shard is not known.
    pub async fn unpack(
        &self,
        shard: &ShardId,
        sequence: &SequenceNumber,
        data: &[u8],
    ) -> Result<Vec<StoredRecord>, StreamError> {
        let map = self.topology.map().await?;
        let range = map.get(shard).ok_or_else(|| engine(format!("there is no shard {shard} any more")))?;
        Ok(reader::unpack(sequence, data, range).collect())
    }
}

/// Kinesis does not say when there is something new.
async fn look(news: watch::Sender<u64>) {
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        news.send_modify(|looks| *looks += 1);
        // The stream itself is gone.
        if news.sender_count() == 1 {
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
        self.news.subscribe()
    }
}

fn engine(error: impl std::fmt::Display) -> StreamError {
    StreamError::Engine(error.to_string())
}

/// A call that failed.
fn call(error: impl Error) -> StreamError {
    engine(error_chain(error))
}
