//! The shards of a Kinesis stream, and which of them owns a hash.

use std::ops::RangeInclusive;

use aws_sdk_kinesis::{Client, error::ProvideErrorMetadata, types};

use super::{call, engine};
use crate::engine::stream::{Shard, ShardId, StreamError};

/// A shard and the hashes that it owns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// The shard, with those that it came from.
    pub shard: Shard,
    /// The MD5s of the partition keys that it owns.
    pub hashes: RangeInclusive<u128>,
    /// Whether it was split or merged, and takes no records any more.
    pub is_closed: bool,
}

/// All shards that still have records, by their ids: parents come before their children.
#[derive(Debug, Clone, Default)]
pub struct ShardMap(Vec<Range>);

impl ShardMap {
    /// Asks for the shards.
    ///
    /// # Errors
    /// Where the stream is not there, or Kinesis does not answer.
    pub async fn load(client: &Client, stream: &str) -> Result<ShardMap, StreamError> {
        let mut ranges = Vec::new();
        let mut token = None;
        loop {
            let request = client.list_shards();
            // With a token, the stream must not be named.
            let request = match token {
                Some(token) => request.next_token(token),
                None => request.stream_name(stream),
            };
            let answer = request.send().await.map_err(|error| match error.code() {
                Some("ResourceNotFoundException") => StreamError::Missing(stream.to_owned()),
                _ => call(error),
            })?;
            for shard in answer.shards() {
                ranges.push(range(shard)?);
            }
            token = answer.next_token;
            if token.is_none() {
                break;
            }
        }
        ranges.sort_by(|a, b| a.shard.id.cmp(&b.shard.id));
        Ok(ShardMap(ranges))
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Range> {
        self.0.iter()
    }

    /// One of them.
    pub fn get(&self, id: &ShardId) -> Option<&Range> {
        self.0.iter().find(|range| range.shard.id == *id)
    }

    /// The open shard that owns a hash.
    pub fn owner(&self, hash: u128) -> Option<&Range> {
        self.0.iter().find(|range| !range.is_closed && range.hashes.contains(&hash))
    }
}

fn range(shard: &types::Shard) -> Result<Range, StreamError> {
    let hashes = shard.hash_key_range().ok_or_else(|| engine("a shard without a range of hashes"))?;
    let (from, to) = (hashes.starting_hash_key(), hashes.ending_hash_key());
    let parents = [shard.parent_shard_id(), shard.adjacent_parent_shard_id()].into_iter().flatten();
    Ok(Range {
        shard: Shard {
            id: ShardId(shard.shard_id().to_owned()),
            parents: parents.map(|id| ShardId(id.to_owned())).collect(),
        },
        hashes: from.parse().map_err(engine)?..=to.parse().map_err(engine)?,
        is_closed: shard.sequence_number_range().is_some_and(|range| range.ending_sequence_number().is_some()),
    })
}
