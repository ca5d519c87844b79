//! A cache of the stream's shards, shared by producer and reader.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use aws_sdk_kinesis::Client;
use backon::{ConstantBuilder, Retryable};

use super::shards::ShardMap;
use crate::{engine::stream::StreamError, error_chain::error_chain};

/// Time for which a list of the shards is used again.
const CACHE_LIFETIME: Duration = Duration::from_secs(5);
/// The pause between two attempts to list the shards of a stream that is opened.
const BACKOFF: ConstantBuilder = ConstantBuilder::new().with_delay(Duration::from_millis(500)).without_max_times();

/// The shards of a stream, as of at most [`CACHE_LIFETIME`] ago.
pub struct Topology {
    client: Client,
    stream: String,
    cache: Mutex<Option<(ShardMap, Instant)>>,
}

impl Topology {
    /// The shards of a stream, not listed yet.
    pub fn new(client: Client, stream: String) -> Topology {
        Topology { client, stream, cache: Mutex::default() }
    }

    /// The shards.
    ///
    /// # Errors
    /// [`StreamError::Missing`] if the stream does not exist, [`StreamError::Engine`] if Kinesis fails.
    pub async fn map(&self) -> Result<ShardMap, StreamError> {
        let cached = self.cache.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((map, at)) = cached
            && at.elapsed() < CACHE_LIFETIME
        {
            return Ok(map);
        }
        let map = ShardMap::load(&self.client, &self.stream).await?;
        *self.cache.lock().unwrap_or_else(PoisonError::into_inner) = Some((map.clone(), Instant::now()));
        Ok(map)
    }

    /// Waits until Kinesis lists the shards.
    ///
    /// # Errors
    /// [`StreamError::Missing`] at once if the stream does not exist, the last error after `timeout`.
    pub async fn wait(&self, timeout: Duration) -> Result<(), StreamError> {
        let started = Instant::now();
        let attempts = (|| self.map()).retry(BACKOFF);
        let attempts = attempts.when(|error| !matches!(error, StreamError::Missing(_)) && started.elapsed() <= timeout);
        let attempts = attempts.notify(|error, _| {
            tracing::warn!(error = error_chain(error), "cannot list the shards of the stream; trying again");
        });
        attempts.await.map(drop)
    }

    /// Clears the cache, because a response showed that the shards have changed.
    pub fn invalidate(&self) {
        *self.cache.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
