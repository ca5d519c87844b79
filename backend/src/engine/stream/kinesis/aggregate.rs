//! Aggregation of several records into one Kinesis record, in the format of the Kinesis Producer Library:
//! <https://github.com/awslabs/amazon-kinesis-producer/blob/master/aggregation-format.md>.
//!
//! The format is four magic bytes, a protobuf message, and its MD5. Data in any other form is a record that is not
//! aggregated.

use md5::{Digest, Md5};
use prost::Message;

const MAGIC: [u8; 4] = [0xF3, 0x89, 0x9A, 0xC2];
const DIGEST_BYTES: usize = 16;

/// A record as the producer's caller sees it, in the terms of the Kinesis Producer Library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserRecord {
    /// The partition key.
    pub key: String,
    /// The hash key. `None` for the MD5 of the partition key.
    pub explicit_hash: Option<u128>,
    /// The data.
    pub data: Vec<u8>,
}

impl UserRecord {
    /// The hash key. The record belongs to the shard that owns it.
    pub fn hash(&self) -> u128 {
        self.explicit_hash.unwrap_or_else(|| u128::from_be_bytes(Md5::digest(self.key.as_bytes()).into()))
    }
}

#[derive(Clone, PartialEq, Message)]
struct Aggregated {
    #[prost(string, repeated, tag = "1")]
    partition_key_table: Vec<String>,
    #[prost(string, repeated, tag = "2")]
    explicit_hash_key_table: Vec<String>,
    #[prost(message, repeated, tag = "3")]
    records: Vec<AggregatedRecord>,
}

#[derive(Clone, PartialEq, Message)]
struct AggregatedRecord {
    #[prost(uint64, tag = "1")]
    partition_key_index: u64,
    #[prost(uint64, optional, tag = "2")]
    explicit_hash_key_index: Option<u64>,
    #[prost(bytes = "vec", tag = "3")]
    data: Vec<u8>,
}

/// Aggregates records into one, in their order.
pub fn encode(records: impl IntoIterator<Item = UserRecord>) -> Vec<u8> {
    let mut aggregated = Aggregated::default();
    for UserRecord { key, explicit_hash, data } in records {
        let partition_key_index = intern(&mut aggregated.partition_key_table, key);
        let explicit_hash_key_index =
            explicit_hash.map(|hash| intern(&mut aggregated.explicit_hash_key_table, hash.to_string()));
        aggregated.records.push(AggregatedRecord { partition_key_index, explicit_hash_key_index, data });
    }
    let message = aggregated.encode_to_vec();
    [&MAGIC[..], &message, &Md5::digest(&message)].concat()
}

/// The index of a text in a table. Adds it if the table does not have it.
fn intern(table: &mut Vec<String>, text: String) -> u64 {
    let known = table.iter().position(|known| *known == text);
    known.unwrap_or_else(|| {
        table.push(text);
        table.len() - 1
    }) as u64
}

/// The records that were aggregated in a Kinesis record. `None` if it is not aggregated.
pub fn decode(data: &[u8]) -> Option<Vec<UserRecord>> {
    let (message, digest) = data.strip_prefix(&MAGIC)?.split_last_chunk::<DIGEST_BYTES>()?;
    if Md5::digest(message)[..] != digest[..] {
        return None;
    }
    let aggregated = Aggregated::decode(message).ok()?;
    let at = |table: &[String], index: u64| table.get(usize::try_from(index).ok()?).cloned();
    let record = |part: AggregatedRecord| {
        let key = at(&aggregated.partition_key_table, part.partition_key_index)?;
        let explicit_hash = match part.explicit_hash_key_index {
            Some(index) => Some(at(&aggregated.explicit_hash_key_table, index)?.parse().ok()?),
            None => None,
        };
        Some(UserRecord { key, explicit_hash, data: part.data })
    };
    aggregated.records.into_iter().map(record).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn record() -> impl Strategy<Value = UserRecord> {
        let parts = ("[a-z0-9]{1,8}", any::<Option<u128>>(), proptest::collection::vec(any::<u8>(), 0..200));
        parts.prop_map(|(key, explicit_hash, data)| UserRecord { key, explicit_hash, data })
    }

    proptest! {
        #[test]
        fn aggregated_records_round_trip(records in proptest::collection::vec(record(), 0..50)) {
            prop_assert_eq!(decode(&encode(records.clone())), Some(records));
        }

        #[test]
        fn other_data_is_not_aggregated(data in proptest::collection::vec(any::<u8>(), 0..200), magic: bool) {
            let data = if magic { [&MAGIC[..], &data].concat() } else { data };
            prop_assert_eq!(decode(&data), None);
        }
    }
}
