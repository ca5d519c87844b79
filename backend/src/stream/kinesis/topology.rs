//! The shards as they were a moment ago, known to whoever writes and whoever reads.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use aws_sdk_kinesis::Client;

use super::shards::ShardMap;
use crate::stream::StreamError;

/// For so long they are taken for what they were.
const FRESH: Duration = Duration::from_secs(5);

/// What is known of the shards.
pub struct Topology {
    client: Client,
    stream: String,
    known: Mutex<Option<(ShardMap, Instant)>>,
}

impl Topology {
    /// Of a stream, of which nothing is known yet.
    pub fn new(client: Client, stream: String) -> Topology {
        Topology { client, stream, known: Mutex::default() }
    }

    /// The shards.
    ///
    /// # Errors
    /// Where Kinesis has to be asked, and does not answer.
    pub async fn map(&self) -> Result<ShardMap, StreamError> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((map, at)) = known
            && at.elapsed() < FRESH
        {
            return Ok(map);
        }
        let map = ShardMap::load(&self.client, &self.stream).await?;
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some((map.clone(), Instant::now()));
        Ok(map)
    }

    /// They have changed: whoever needs them next asks anew.
    pub fn forget(&self) {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
