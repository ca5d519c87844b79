//! The shards of a Kinesis stream, and the hash keys that each of them owns.

use std::ops::RangeInclusive;

use aws_sdk_kinesis::{Client, error::ProvideErrorMetadata, types};

use crate::engine::{
    error::OperationError,
    stream::{Shard, ShardId, StreamError},
};

/// A shard with its range of hash keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShardRange {
    /// The shard, with its parents.
    pub shard: Shard,
    /// The hash keys that it owns. A record's hash key is the MD5 of its partition key.
    pub hashes: RangeInclusive<u128>,
    /// Whether it was split or merged, and takes no more records.
    pub is_closed: bool,
}

/// All shards that still have records, by their IDs: parents come before their children.
#[derive(Debug, Clone, Default)]
pub struct ShardMap(Vec<ShardRange>);

impl ShardMap {
    /// Lists the shards of a stream.
    ///
    /// # Errors
    /// [`StreamError::Missing`] if the stream does not exist, [`StreamError::Engine`] if Kinesis fails.
    pub async fn load(client: &Client, stream: &str) -> Result<ShardMap, StreamError> {
        let mut ranges = Vec::new();
        let mut token = None;
        loop {
            let request = client.list_shards();
            // Kinesis rejects a request with both a token and the stream's name.
            let request = match token {
                Some(token) => request.next_token(token),
                None => request.stream_name(stream),
            };
            let response = request.send().await.map_err(|error| match error.code() {
                Some("ResourceNotFoundException") => StreamError::Missing(stream.to_owned()),
                _ => OperationError::new("list the shards of the stream", error).into(),
            })?;
            for shard in response.shards() {
                ranges.push(shard_range(shard)?);
            }
            token = response.next_token;
            if token.is_none() {
                break;
            }
        }
        ranges.sort_by(|a, b| a.shard.id.cmp(&b.shard.id));
        Ok(ShardMap(ranges))
    }

    /// All shards.
    pub fn all(&self) -> impl Iterator<Item = &ShardRange> {
        self.0.iter()
    }

    /// A shard by its ID.
    pub fn get(&self, id: &ShardId) -> Option<&ShardRange> {
        self.0.iter().find(|range| range.shard.id == *id)
    }

    /// A shard by its ID.
    ///
    /// # Errors
    /// [`StreamError::Engine`] if the stream does not have it, or no longer.
    pub fn require(&self, id: &ShardId) -> Result<&ShardRange, StreamError> {
        let range = self.get(id);
        Ok(range.ok_or_else(|| OperationError::new(format!("read the shard {id}"), "the stream no longer has it"))?)
    }

    /// The open shard that owns a hash key.
    pub fn owner(&self, hash: u128) -> Option<&ShardRange> {
        self.0.iter().find(|range| !range.is_closed && range.hashes.contains(&hash))
    }
}

fn shard_range(shard: &types::Shard) -> Result<ShardRange, OperationError> {
    let id = shard.shard_id();
    let operation = || format!("read the hash key range of the shard {id}");
    let hashes = shard.hash_key_range().ok_or_else(|| OperationError::new(operation(), "it has none"))?;
    let parse =
        |hash: &str| hash.parse().map_err(|error: std::num::ParseIntError| OperationError::new(operation(), error));
    let parents = [shard.parent_shard_id(), shard.adjacent_parent_shard_id()].into_iter().flatten();
    Ok(ShardRange {
        shard: Shard { id: ShardId(id.to_owned()), parents: parents.map(|id| ShardId(id.to_owned())).collect() },
        hashes: parse(hashes.starting_hash_key())?..=parse(hashes.ending_hash_key())?,
        is_closed: shard.sequence_number_range().is_some_and(|range| range.ending_sequence_number().is_some()),
    })
}
