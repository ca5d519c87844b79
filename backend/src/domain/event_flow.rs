//! The flow of events: how many pass, how late, what was rejected, and what could not be processed, with a second try.

use std::sync::Arc;

use shared::{
    api::{DeadLetterView, DeadLetters, FlowView},
    record::Record,
};

use crate::{
    clock,
    engine::{
        store::{ShardProgress, Store, StoreError},
        stream::{PartitionKey, RecordPosition, Stream, StreamError},
    },
};

/// Dead letters that are told at once.
const MAX_DEAD_LETTERS: usize = 100;

/// Why a dead letter does not get its second try.
#[derive(Debug, thiserror::Error)]
pub enum RetryError {
    /// There is none at that position.
    #[error("there is no dead letter at {0}")]
    Unknown(RecordPosition),
    /// The tables failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The event log failed.
    #[error(transparent)]
    Stream(#[from] StreamError),
}

/// Tells of the flow.
pub struct EventFlow {
    stream: Arc<dyn Stream>,
    store: Arc<dyn Store>,
}

impl EventFlow {
    /// The flow from `stream` to `store`.
    pub fn new(stream: Arc<dyn Stream>, store: Arc<dyn Store>) -> EventFlow {
        EventFlow { stream, store }
    }

    /// All that has passed, whoever processed it.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn progress(&self) -> Result<ShardProgress, StoreError> {
        Ok(self.store.shards().await?.into_values().map(|row| row.progress).sum())
    }

    /// How it is now; two of these tell the rates.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn view(&self) -> Result<FlowView, StoreError> {
        let ShardProgress { events, rejected, lag_millis, .. } = self.progress().await?;
        let dead_letters = self.store.dead_letters(MAX_DEAD_LETTERS).await?.len() as u64;
        Ok(FlowView { now: clock::now(), events, rejected, lag_millis, dead_letters })
    }

    /// What could not be processed, oldest first.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn dead_letters(&self) -> Result<DeadLetters, StoreError> {
        let dead_letters = self.store.dead_letters(MAX_DEAD_LETTERS).await?.into_iter();
        let views = dead_letters.map(|dead_letter| DeadLetterView {
            position: dead_letter.position.to_string(),
            reason: dead_letter.reason,
        });
        Ok(DeadLetters { dead_letters: views.collect() })
    }

    /// Puts a record that was set aside on the stream again, and forgets that it was. If it still cannot be processed,
    /// it is set aside anew.
    ///
    /// # Errors
    /// Where there is none, or an engine fails; then it stays where it is.
    pub async fn retry(&self, position: &RecordPosition) -> Result<(), RetryError> {
        let dead_letters = self.store.dead_letters(usize::MAX).await?;
        if !dead_letters.iter().any(|dead_letter| dead_letter.position == *position) {
            return Err(RetryError::Unknown(position.clone()));
        }
        let bytes = self.stream.read_record(position).await?.ok_or_else(|| RetryError::Unknown(position.clone()))?;
        // What is no record has no order to keep.
        let key = serde_json::from_slice(&bytes).map_or(PartitionKey(0), |record: Record| (&record).into());
        self.stream.append(key, bytes).await?;
        Ok(self.store.forget_dead_letter(position).await?)
    }
}
