//! The flow of events: how many pass, how late, what was rejected, and what could not be processed, with a second try.

use std::sync::Arc;

use shared::{
    api::{DeadLetterView, DeadLetters, FlowView},
    record::Record,
};

use crate::{
    clock,
    store::{Passed, Store, StoreError},
    stream::{PartitionKey, Place, Stream, StreamError},
};

/// Dead letters that are told at once.
const MOST_LETTERS: usize = 100;

/// Why a dead letter does not get its second try.
#[derive(Debug, thiserror::Error)]
pub enum RetryError {
    /// There is none at that position.
    #[error("there is no dead letter at {0}")]
    Unknown(Place),
    /// The tables failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The event log failed.
    #[error(transparent)]
    Stream(#[from] StreamError),
}

/// Tells of the flow.
pub struct Flow {
    stream: Arc<dyn Stream>,
    store: Arc<dyn Store>,
}

impl Flow {
    /// The flow from `stream` to `store`.
    pub fn new(stream: Arc<dyn Stream>, store: Arc<dyn Store>) -> Flow {
        Flow { stream, store }
    }

    /// All that has passed, whoever processed it.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn passed(&self) -> Result<Passed, StoreError> {
        Ok(self.store.shards().await?.into_values().map(|row| row.passed).sum())
    }

    /// How it is now; two of these tell the rates.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn view(&self) -> Result<FlowView, StoreError> {
        let Passed { events, rejected, lag_millis, .. } = self.passed().await?;
        let dead_letters = self.store.dead_letters(MOST_LETTERS).await?.len() as u64;
        Ok(FlowView { now: clock::now(), events, rejected, lag_millis, dead_letters })
    }

    /// What could not be processed, oldest first.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn dead_letters(&self) -> Result<DeadLetters, StoreError> {
        let letters = self.store.dead_letters(MOST_LETTERS).await?.into_iter();
        let views = letters.map(|letter| DeadLetterView { place: letter.place.to_string(), reason: letter.reason });
        Ok(DeadLetters { letters: views.collect() })
    }

    /// Puts a record that was set aside on the stream again, and forgets that it was. If it still cannot be processed,
    /// it is set aside anew.
    ///
    /// # Errors
    /// Where there is none, or an engine fails; then it stays where it is.
    pub async fn retry(&self, place: &Place) -> Result<(), RetryError> {
        let letters = self.store.dead_letters(usize::MAX).await?;
        if !letters.iter().any(|letter| letter.place == *place) {
            return Err(RetryError::Unknown(place.clone()));
        }
        let bytes = self.stream.fetch(place).await?.ok_or_else(|| RetryError::Unknown(place.clone()))?;
        // What is no record has no order to keep.
        let key = serde_json::from_slice(&bytes).map_or(PartitionKey(0), |record: Record| (&record).into());
        self.stream.append(key, bytes).await?;
        Ok(self.store.forget_dead_letter(place).await?)
    }
}
