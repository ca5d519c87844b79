//! Dead letters: records that the processor could not process. A manager or operator lists and retries them.

use std::sync::Arc;

use shared::{
    api::{DeadLetterView, DeadLetters},
    record::Record,
};

use crate::engine::{
    store::{Store, StoreError},
    stream::{PartitionKey, RecordPosition, Stream, StreamError},
};

/// The most dead letters in one list, and the highest number that the processor status shows.
pub const MAX_DEAD_LETTERS: usize = 100;

/// Why a dead letter cannot be retried.
#[derive(Debug, thiserror::Error)]
pub enum RetryError {
    /// There is no dead letter at that position.
    #[error("there is no dead letter at {0}")]
    Unknown(RecordPosition),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The stream failed.
    #[error(transparent)]
    Stream(#[from] StreamError),
}

/// Lists dead letters and retries them.
pub struct DeadLetterQueue {
    stream: Arc<dyn Stream>,
    store: Arc<dyn Store>,
}

impl DeadLetterQueue {
    /// Creates a queue that reads dead letters from `store` and their records from `stream`.
    pub fn new(stream: Arc<dyn Stream>, store: Arc<dyn Store>) -> DeadLetterQueue {
        DeadLetterQueue { stream, store }
    }

    /// Returns up to 100 dead letters, of each shard the oldest first.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn list(&self) -> Result<DeadLetters, StoreError> {
        let dead_letters = self.store.dead_letters(MAX_DEAD_LETTERS).await?.into_iter();
        let views = dead_letters.map(|dead_letter| DeadLetterView {
            position: dead_letter.position.to_string(),
            reason: dead_letter.reason,
        });
        Ok(DeadLetters { dead_letters: views.collect() })
    }

    /// Appends the record of a dead letter to the stream again and deletes the dead letter. If the processor still cannot
    /// process the record, it creates a new dead letter.
    ///
    /// # Errors
    /// If there is no dead letter at that position, or an engine fails. The dead letter is kept then.
    pub async fn retry(&self, position: &RecordPosition) -> Result<(), RetryError> {
        let dead_letters = self.store.dead_letters(usize::MAX).await?;
        if !dead_letters.iter().any(|dead_letter| dead_letter.position == *position) {
            return Err(RetryError::Unknown(position.clone()));
        }
        let bytes = self.stream.read_record(position).await?.ok_or_else(|| RetryError::Unknown(position.clone()))?;
        // Bytes that are not a record belong to no player, so their order does not matter.
        let key = Record::decode(&bytes).map_or(PartitionKey(0), |record| (&record).into());
        self.stream.append(key, bytes).await?;
        Ok(self.store.forget_dead_letter(position).await?)
    }
}
