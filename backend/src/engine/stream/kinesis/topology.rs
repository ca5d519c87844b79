//! The shards as they were a moment ago, known to whoever writes and whoever reads.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use aws_sdk_kinesis::Client;

use super::shards::ShardMap;
use crate::engine::stream::StreamError;

/// For so long they are taken for what they were.
const FRESH: Duration = Duration::from_secs(5);
/// From one try to the next.
const AGAIN: Duration = Duration::from_millis(500);

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

    /// Waits until the shards are known.
    ///
    /// # Errors
    /// Where there is no such stream, or Kinesis does not tell for so long.
    pub async fn wait(&self, patience: Duration) -> Result<(), StreamError> {
        let started = Instant::now();
        loop {
            match self.map().await {
                Ok(_) => return Ok(()),
                Err(error @ StreamError::Missing(_)) => return Err(error),
                Err(error) if started.elapsed() > patience => return Err(error),
                Err(error) => tracing::warn!(%error, "the stream does not answer; trying again"),
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// They have changed: whoever needs them next asks anew.
    pub fn forget(&self) {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
