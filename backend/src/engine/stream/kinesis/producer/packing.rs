//! Packs records into as few Kinesis records and calls as the limits allow.

use std::collections::BTreeMap;

use aws_sdk_kinesis::{error::BuildError, primitives::Blob, types::PutRecordsRequestEntry};

use super::{
    super::{
        aggregate,
        shards::{ShardMap, ShardRange},
    },
    PendingRecord,
};
use crate::engine::stream::ShardId;

/// Maximum size of an aggregated record in bytes, the default of the Kinesis Producer Library. A larger record is
/// aggregated with no other.
const MAX_AGGREGATED_BYTES: usize = 50 * 1024;
/// Maximum number of aggregated records in one call: <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html>.
const MAX_CALL_RECORDS: usize = 500;
/// Maximum size of a call in bytes. Kinesis accepts more; its local replacements accept 5 MiB.
const MAX_CALL_BYTES: usize = 4 * 1024 * 1024;

/// An aggregated record for one shard.
pub struct Entry {
    /// The shard.
    pub shard: ShardRange,
    /// The records in it, in the order of their appends.
    pub records: Vec<PendingRecord>,
    /// Their bytes in a call.
    pub bytes: usize,
}

impl Entry {
    fn new(shard: &ShardRange) -> Entry {
        Entry { shard: shard.clone(), records: Vec::new(), bytes: 0 }
    }

    /// The entry in Kinesis' form.
    ///
    /// # Errors
    /// If a part is missing, which does not happen.
    pub fn request(&self) -> Result<PutRecordsRequestEntry, BuildError> {
        let data = aggregate::encode(self.records.iter().map(|pending| pending.record.clone()));
        let key = self.records.first().map_or("a", |pending| pending.record.key.as_str());
        PutRecordsRequestEntry::builder()
            .partition_key(key)
            .explicit_hash_key(self.shard.hashes.start().to_string())
            .data(Blob::new(data))
            .build()
    }
}

/// Aggregates records by shard. Returns separately the records whose hash key no open shard owns.
pub fn aggregate_by_shard(records: Vec<PendingRecord>, map: &ShardMap) -> (Vec<Entry>, Vec<PendingRecord>) {
    let mut full = Vec::new();
    let mut open: BTreeMap<ShardId, Entry> = BTreeMap::new();
    let mut unowned = Vec::new();
    for pending in records {
        let Some(shard) = map.owner(pending.hash) else {
            unowned.push(pending);
            continue;
        };
        let entry = open.entry(shard.shard.id.clone()).or_insert_with(|| Entry::new(shard));
        if entry.bytes + pending.bytes() > MAX_AGGREGATED_BYTES && !entry.records.is_empty() {
            full.push(std::mem::replace(entry, Entry::new(shard)));
        }
        entry.bytes += pending.bytes();
        entry.records.push(pending);
    }
    full.extend(open.into_values());
    (full, unowned)
}

/// Distributes entries to calls.
pub fn split_into_calls(entries: Vec<Entry>) -> Vec<Vec<Entry>> {
    let mut calls: Vec<Vec<Entry>> = Vec::new();
    let mut bytes = 0;
    for entry in entries {
        match calls.last_mut() {
            Some(call) if call.len() < MAX_CALL_RECORDS && bytes + entry.bytes <= MAX_CALL_BYTES => {
                bytes += entry.bytes;
                call.push(entry);
            }
            _ => {
                bytes = entry.bytes;
                calls.push(vec![entry]);
            }
        }
    }
    calls
}
