//! Several records as one, in the format of the Kinesis Producer Library:
//! <https://github.com/awslabs/amazon-kinesis-producer/blob/master/aggregation-format.md>.
//!
//! Four magic bytes, a protobuf message, and its MD5. What does not look so is a record by itself.

use md5::{Digest, Md5};
use prost::Message;

const MAGIC: [u8; 4] = [0xF3, 0x89, 0x9A, 0xC2];
const DIGEST_BYTES: usize = 16;

/// A record of a user of the stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserRecord {
    /// What it is partitioned by.
    pub key: String,
    /// What it is partitioned by instead, if given: a number of 128 bits.
    pub explicit_hash: Option<u128>,
    /// What it holds.
    pub data: Vec<u8>,
}

impl UserRecord {
    /// Where it belongs: its shard's range of hashes holds this one.
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
    records: Vec<Part>,
}

#[derive(Clone, PartialEq, Message)]
struct Part {
    #[prost(uint64, tag = "1")]
    partition_key_index: u64,
    #[prost(uint64, optional, tag = "2")]
    explicit_hash_key_index: Option<u64>,
    #[prost(bytes = "vec", tag = "3")]
    data: Vec<u8>,
}

/// Writes records as one, in their order.
pub fn encode(records: impl IntoIterator<Item = UserRecord>) -> Vec<u8> {
    let mut whole = Aggregated::default();
    for UserRecord { key, explicit_hash, data } in records {
        whole.records.push(Part {
            partition_key_index: index(&mut whole.partition_key_table, key),
            explicit_hash_key_index: explicit_hash
                .map(|hash| index(&mut whole.explicit_hash_key_table, hash.to_string())),
            data,
        });
    }
    let message = whole.encode_to_vec();
    [&MAGIC[..], &message, &Md5::digest(&message)].concat()
}

/// Where a text stands in a table, at the latest from now on.
fn index(table: &mut Vec<String>, text: String) -> u64 {
    let known = table.iter().position(|known| *known == text);
    known.unwrap_or_else(|| {
        table.push(text);
        table.len() - 1
    }) as u64
}

/// The records that were written as one; none where it is a record by itself.
pub fn decode(data: &[u8]) -> Option<Vec<UserRecord>> {
    let (message, digest) = data.strip_prefix(&MAGIC)?.split_last_chunk::<DIGEST_BYTES>()?;
    if Md5::digest(message)[..] != digest[..] {
        return None;
    }
    let whole = Aggregated::decode(message).ok()?;
    let at = |table: &[String], index: u64| table.get(usize::try_from(index).ok()?).cloned();
    let record = |part: Part| {
        let key = at(&whole.partition_key_table, part.partition_key_index)?;
        let explicit_hash = match part.explicit_hash_key_index {
            Some(index) => Some(at(&whole.explicit_hash_key_table, index)?.parse().ok()?),
            None => None,
        };
        Some(UserRecord { key, explicit_hash, data: part.data })
    };
    whole.records.into_iter().map(record).collect()
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
        fn what_is_written_as_one_is_read_as_several(records in proptest::collection::vec(record(), 0..50)) {
            prop_assert_eq!(decode(&encode(records.clone())), Some(records));
        }

        #[test]
        fn anything_else_is_one_record(data in proptest::collection::vec(any::<u8>(), 0..200), magic: bool) {
            let data = if magic { [&MAGIC[..], &data].concat() } else { data };
            prop_assert_eq!(decode(&data), None);
        }
    }
}
