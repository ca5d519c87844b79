//! The progress of the processors over all shards and servers, for the desk and for operators.

use std::sync::Arc;

use shared::api::FlowView;

use super::dead_letters::MAX_DEAD_LETTERS;
use crate::{
    clock::Clock,
    engine::store::{ShardProgress, Store, StoreError},
};

/// Reads the progress of the processors from the store.
pub struct ProcessorStatus {
    store: Arc<dyn Store>,
    clock: Clock,
}

impl ProcessorStatus {
    /// Creates a reader of the progress in `store`.
    pub fn new(store: Arc<dyn Store>, clock: Clock) -> ProcessorStatus {
        ProcessorStatus { store, clock }
    }

    /// Returns the progress summed over all shards, whichever server processed them.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn progress(&self) -> Result<ShardProgress, StoreError> {
        Ok(self.store.shards().await?.into_values().map(|row| row.progress).sum())
    }

    /// Returns the progress and the number of dead letters, at most 100, with the current time. The difference of two
    /// views gives rates.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn view(&self) -> Result<FlowView, StoreError> {
        let ShardProgress { events, rejected, lag_millis, .. } = self.progress().await?;
        let dead_letters = self.store.dead_letters(MAX_DEAD_LETTERS).await?.len() as u64;
        Ok(FlowView { now: self.clock.now(), events, rejected, lag_millis, dead_letters })
    }
}
