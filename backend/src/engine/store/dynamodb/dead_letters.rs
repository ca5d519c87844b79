//! Dead letters in a queue of SQS, where alarms and other tools find them as well.
//!
//! SQS cannot list a queue. To list the dead letters, all messages are received and then made visible again; the result
//! is cached for a moment.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use aws_config::SdkConfig;
use aws_sdk_sqs::{
    Client,
    config::Builder,
    error::ProvideErrorMetadata,
    types::{Message, QueueAttributeName},
};

use super::DynamoStore;
use crate::engine::{
    aws::RetryBrokenConnections,
    error::{Cause, OperationError},
    store::{DeadLetter, DeadLetters, StoreError},
    stream::RecordPosition,
};

/// Maximum number of messages in one response, the limit of SQS.
const MAX_RECEIVED: i32 = 10;
/// Time for which SQS hides received messages from others, in seconds.
const VISIBILITY_TIMEOUT: i32 = 30;
/// Time for which the list of dead letters is used again.
const CACHE_LIFETIME: Duration = Duration::from_secs(5);
/// Maximum number of messages that are received for one list.
const MAX_LISTED: usize = 10_000;
/// Time after which SQS deletes a message, in seconds: 14 days, the limit of SQS.
const RETENTION: u32 = 14 * 24 * 60 * 60;

#[async_trait]
impl DeadLetters for DynamoStore {
    async fn dead_letters(&self, limit: usize) -> Result<Vec<DeadLetter>, StoreError> {
        self.dead_letters.list(limit).await
    }

    async fn forget_dead_letter(&self, position: &RecordPosition) -> Result<(), StoreError> {
        self.dead_letters.delete(position).await
    }
}

/// The queue.
pub struct DeadLetterQueue {
    client: Client,
    url: String,
    cache: Mutex<Option<(Vec<DeadLetter>, Instant)>>,
}

impl DeadLetterQueue {
    /// Opens the queue. If it does not exist and `create` is set, creates it.
    ///
    /// # Errors
    /// [`StoreError::Engine`] if it does not exist, or SQS fails.
    pub async fn open(config: &SdkConfig, name: &str, create: bool) -> Result<DeadLetterQueue, StoreError> {
        let client = Client::from_conf(Builder::from(config).retry_classifier(RetryBrokenConnections).build());
        let operation = || format!("open the queue {name}");
        let url = match client.get_queue_url().queue_name(name).send().await {
            Ok(found) => found.queue_url,
            Err(error) if create && is_missing(error.code()) => {
                let retention = (QueueAttributeName::MessageRetentionPeriod, RETENTION.to_string());
                let request = client.create_queue().queue_name(name).set_attributes(Some(HashMap::from([retention])));
                request.send().await.map_err(|error| OperationError::new(operation(), error))?.queue_url
            }
            Err(error) => return Err(OperationError::new(operation(), error).into()),
        };
        let url = url.ok_or_else(|| OperationError::new(operation(), "SQS returned no address for it"))?;
        Ok(DeadLetterQueue { client, url, cache: Mutex::default() })
    }

    /// Sends dead letters to the queue.
    ///
    /// # Errors
    /// [`StoreError::Engine`] if SQS fails. A part of the letters may be sent then.
    pub async fn send(&self, dead_letters: &[DeadLetter]) -> Result<(), StoreError> {
        let failed = |cause: Cause| OperationError::new("send a dead letter to the queue", cause);
        for dead_letter in dead_letters {
            let body = serde_json::to_string(dead_letter).map_err(|error| failed(error.into()))?;
            let request = self.client.send_message().queue_url(&self.url).message_body(body);
            request.send().await.map_err(|error| failed(error.into()))?;
        }
        if !dead_letters.is_empty() {
            self.set_cache(None);
        }
        Ok(())
    }

    async fn list(&self, limit: usize) -> Result<Vec<DeadLetter>, StoreError> {
        let cached = self.cache.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let dead_letters = match cached {
            Some((dead_letters, at)) if at.elapsed() < CACHE_LIFETIME => dead_letters,
            _ => {
                let messages = self.receive_all().await?;
                let dead_letters = in_order(&messages);
                self.make_visible(messages).await?;
                self.set_cache(Some(dead_letters.clone()));
                dead_letters
            }
        };
        Ok(dead_letters.into_iter().take(limit).collect())
    }

    /// Deletes all messages with the dead letter of a position. SQS may hold several, because a batch that is processed
    /// again sends its dead letters again.
    async fn delete(&self, position: &RecordPosition) -> Result<(), StoreError> {
        let messages = self.receive_all().await?;
        let (at_position, others): (Vec<_>, Vec<_>) = messages
            .into_iter()
            .partition(|message| dead_letter(message).is_some_and(|dead_letter| dead_letter.position == *position));
        for message in at_position {
            let request = self.client.delete_message().queue_url(&self.url).set_receipt_handle(message.receipt_handle);
            let deleted = request.send().await;
            deleted.map_err(|error| OperationError::new("delete a dead letter from the queue", error))?;
        }
        self.make_visible(others).await?;
        self.set_cache(None);
        Ok(())
    }

    /// Receives all messages, and hides them from others for a while.
    async fn receive_all(&self) -> Result<Vec<Message>, StoreError> {
        let mut messages = Vec::new();
        while messages.len() < MAX_LISTED {
            let request = self.client.receive_message().queue_url(&self.url).max_number_of_messages(MAX_RECEIVED);
            let response = request.visibility_timeout(VISIBILITY_TIMEOUT).send().await;
            let response =
                response.map_err(|error| OperationError::new("receive dead letters from the queue", error))?;
            let received = response.messages.unwrap_or_default();
            if received.is_empty() {
                break;
            }
            messages.extend(received);
        }
        Ok(messages)
    }

    async fn make_visible(&self, messages: Vec<Message>) -> Result<(), StoreError> {
        for message in messages {
            let request = self.client.change_message_visibility().queue_url(&self.url).visibility_timeout(0);
            let changed = request.set_receipt_handle(message.receipt_handle).send().await;
            changed.map_err(|error| OperationError::new("return a dead letter to the queue", error))?;
        }
        Ok(())
    }

    fn set_cache(&self, dead_letters: Option<Vec<DeadLetter>>) {
        let cache = dead_letters.map(|dead_letters| (dead_letters, Instant::now()));
        *self.cache.lock().unwrap_or_else(PoisonError::into_inner) = cache;
    }
}

/// The dead letters in messages, each once, in the order of their positions.
fn in_order(messages: &[Message]) -> Vec<DeadLetter> {
    let dead_letters = messages.iter().filter_map(dead_letter);
    let by_position: BTreeMap<RecordPosition, DeadLetter> =
        dead_letters.map(|dead_letter| (dead_letter.position.clone(), dead_letter)).collect();
    by_position.into_values().collect()
}

/// The dead letter in a message. `None` for a message that AWS Lambda sent after a function failed.
fn dead_letter(message: &Message) -> Option<DeadLetter> {
    serde_json::from_str(message.body()?).ok()
}

fn is_missing(code: Option<&str>) -> bool {
    code.is_some_and(|code| code.contains("NonExistentQueue") || code == "QueueDoesNotExist")
}
