//! Sends records in calls of PutRecords, and retries those that Kinesis does not acknowledge.

use std::{ops::RangeInclusive, sync::Arc, time::Duration};

use aws_sdk_kinesis::{Client, error::ProvideErrorMetadata, types::PutRecordsResultEntry};
use backon::{BackoffBuilder, ExponentialBuilder};
use tokio::sync::Semaphore;

use super::{
    super::{shards::ShardRange, topology::Topology},
    PendingRecord,
    packing::{Entry, aggregate_by_shard, split_into_calls},
};
use crate::engine::{
    error::{Cause, OperationError},
    stream::{ShardId, StreamError},
};

/// Maximum number of concurrent calls.
const MAX_CONCURRENT_CALLS: usize = 16;
/// Maximum age of a record that is retried. The append of an older one fails, and the client sends its batch again.
const MAX_RECORD_AGE: Duration = Duration::from_secs(5);
/// The pauses between attempts: 25 to 50 ms at first, then twice as long each time, up to 0.5 to 1 s. The age of the
/// records ends the attempts.
const BACKOFF: ExponentialBuilder = ExponentialBuilder::new()
    .with_min_delay(Duration::from_millis(25))
    .with_max_delay(Duration::from_millis(500))
    .without_max_times()
    .with_jitter();
/// The error code of a shard that receives more than its capacity.
const THROTTLED: &str = "ProvisionedThroughputExceededException";

/// Why a record is not durable yet.
#[derive(Debug, Clone)]
enum PutFailure {
    /// The shard receives more than its capacity.
    Throttled,
    /// The record is on a shard that does not own it, because the stream was split or merged. Readers skip it there.
    WrongShard,
    /// Kinesis failed.
    Failed(OperationError),
}

impl PutFailure {
    fn failed(cause: impl Into<Cause>) -> PutFailure {
        PutFailure::Failed(OperationError::new("write to the stream", cause))
    }

    /// The failure of each record of a call.
    fn of_all(self, records: Vec<PendingRecord>) -> impl Iterator<Item = Failed> {
        records.into_iter().map(move |pending| (pending, self.clone()))
    }
}

impl From<PutFailure> for StreamError {
    fn from(failure: PutFailure) -> StreamError {
        match failure {
            PutFailure::Throttled => StreamError::Busy,
            PutFailure::WrongShard => OperationError::new("write to the stream", "it is being split or merged").into(),
            PutFailure::Failed(error) => error.into(),
        }
    }
}

/// A record that is not durable yet.
type Failed = (PendingRecord, PutFailure);

/// Sends records to a stream.
pub struct Sender {
    client: Client,
    stream: String,
    topology: Arc<Topology>,
    calls: Semaphore,
}

impl Sender {
    /// A sender for a stream.
    pub fn new(client: Client, stream: String, topology: Arc<Topology>) -> Sender {
        Sender { client, stream, topology, calls: Semaphore::new(MAX_CONCURRENT_CALLS) }
    }

    /// Sends records until each is acknowledged or too old.
    pub async fn send(self: Arc<Self>, mut records: Vec<PendingRecord>) {
        for pause in BACKOFF.build() {
            let failed = self.try_send(records).await;
            records = retain_young(failed);
            if records.is_empty() {
                return;
            }
            tokio::time::sleep(pause).await;
        }
    }

    /// Sends each record once; returns those that are not durable.
    async fn try_send(&self, records: Vec<PendingRecord>) -> Vec<Failed> {
        let map = match self.topology.map().await {
            Ok(map) => map,
            Err(error) => return PutFailure::failed(error).of_all(records).collect(),
        };
        let mut failed = Vec::new();
        let (entries, unowned) = aggregate_by_shard(records, &map);
        if !unowned.is_empty() {
            self.topology.invalidate();
            failed.extend(PutFailure::WrongShard.of_all(unowned));
        }
        for call in split_into_calls(entries) {
            let _permit = self.calls.acquire().await;
            failed.extend(self.put(call).await);
        }
        failed
    }

    /// Makes one call; returns the records that are not durable.
    async fn put(&self, entries: Vec<Entry>) -> Vec<Failed> {
        let requests: Result<Vec<_>, _> = entries.iter().map(Entry::request).collect();
        count_call(&entries);
        let response = self.client.put_records().stream_name(&self.stream).set_records(requests.ok()).send().await;
        let results = match response {
            Ok(response) => response.records,
            Err(error) => {
                let failure = match error.code() {
                    Some(THROTTLED) => PutFailure::Throttled,
                    _ => PutFailure::failed(error),
                };
                return entries.into_iter().flat_map(|entry| failure.clone().of_all(entry.records)).collect();
            }
        };
        let mut failed = Vec::new();
        for (entry, result) in entries.into_iter().zip(results) {
            failed.extend(self.complete(entry, &result).await);
        }
        failed
    }

    /// Completes the appends of an entry that are durable on the shard that owns them; returns the other records.
    async fn complete(&self, entry: Entry, result: &PutRecordsResultEntry) -> Vec<Failed> {
        let Some(shard) = result.shard_id() else {
            let failure = match result.error_code() {
                Some(THROTTLED) => PutFailure::Throttled,
                code => PutFailure::failed(code.unwrap_or("Kinesis gave no reason")),
            };
            return failure.of_all(entry.records).collect();
        };
        let Some(hashes) = self.hashes_of(shard, &entry.shard).await else {
            return PutFailure::WrongShard.of_all(entry.records).collect();
        };
        let (owned, misplaced): (Vec<_>, Vec<_>) =
            entry.records.into_iter().partition(|pending| hashes.contains(&pending.hash));
        owned.into_iter().for_each(|pending| pending.complete(Ok(())));
        PutFailure::WrongShard.of_all(misplaced).collect()
    }

    /// The hash keys of the shard on which an entry is. If it is not the `expected` one, the stream was split or merged
    /// in the meantime.
    async fn hashes_of(&self, shard: &str, expected: &ShardRange) -> Option<RangeInclusive<u128>> {
        if shard == expected.shard.id.0 {
            return Some(expected.hashes.clone());
        }
        self.topology.invalidate();
        let map = self.topology.map().await.unwrap_or_default();
        Some(map.get(&ShardId(shard.to_owned()))?.hashes.clone())
    }
}

/// Completes the appends of records that are too old with their failure; returns the others for another attempt.
fn retain_young(failed: Vec<Failed>) -> Vec<PendingRecord> {
    let (old, young): (Vec<_>, Vec<_>) =
        failed.into_iter().partition(|(pending, _)| pending.since.elapsed() > MAX_RECORD_AGE);
    old.into_iter().for_each(|(pending, failure)| pending.complete(Err(failure.into())));
    young.into_iter().map(|(pending, _)| pending).collect()
}

fn count_call(entries: &[Entry]) {
    let bytes = entries.iter().map(|entry| entry.bytes).sum::<usize>();
    metrics::counter!("alien_kinesis_put_calls_total").increment(1);
    metrics::counter!("alien_kinesis_put_records_total").increment(entries.len() as u64);
    metrics::counter!("alien_kinesis_put_bytes_total").increment(bytes as u64);
}
