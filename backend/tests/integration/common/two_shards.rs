//! A stream of two shards without AWS.

use std::sync::Arc;

use backend::engine::stream::{
    ExtendedSequenceNumber, PartitionKey, RecordBatch, RecordPosition, Shard, ShardId, StoredRecord, Stream,
    StreamError,
};
use shared::record::Record;
use tokio::sync::watch;

/// Shows the records of a stream of one shard, at most 10,000, in two shards, by player.
pub struct TwoShards(pub Arc<dyn Stream>);

impl TwoShards {
    /// The shard of the players whose ID is even or odd.
    pub fn shard_of(player: u64) -> ShardId {
        ShardId(if player.is_multiple_of(2) { "even" } else { "odd" }.to_owned())
    }
}

fn is_on(shard: &ShardId, record: &StoredRecord) -> bool {
    TwoShards::shard_of(Record::decode(&record.bytes).unwrap().player().0) == *shard
}

#[async_trait::async_trait]
impl Stream for TwoShards {
    async fn append(&self, key: PartitionKey, record: Vec<u8>) -> Result<(), StreamError> {
        self.0.append(key, record).await
    }

    async fn shards(&self) -> Result<Vec<Shard>, StreamError> {
        Ok([0, 1].map(|player| Shard { id: TwoShards::shard_of(player), parents: Vec::new() }).into())
    }

    async fn read(
        &self,
        shard: &ShardId,
        after: Option<ExtendedSequenceNumber>,
        limit: usize,
    ) -> Result<RecordBatch, StreamError> {
        let whole = self.0.shards().await?.remove(0).id;
        let mut batch = self.0.read(&whole, after, limit).await?;
        batch.records.retain(|record| is_on(shard, record));
        Ok(batch)
    }

    async fn read_record(&self, _: &RecordPosition) -> Result<Option<Vec<u8>>, StreamError> {
        Ok(None)
    }

    fn subscribe(&self) -> watch::Receiver<u64> {
        self.0.subscribe()
    }
}
