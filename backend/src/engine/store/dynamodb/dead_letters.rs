//! Dead letters on a queue of SQS, where alarms and other tools find them, too.
//!
//! A queue has no list: to read it is to receive everything and to give it back at once. So what it holds is remembered
//! for a moment.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use aws_config::SdkConfig;
use aws_sdk_sqs::{
    Client,
    config::Builder,
    error::ProvideErrorMetadata,
    types::{Message, QueueAttributeName},
};

use crate::engine::{
    aws::{CutOff, error_chain},
    store::{DeadLetter, StoreError},
    stream::RecordPosition,
};

/// Messages in one answer, at most.
const ANSWER: i32 = 10;
/// Nobody else receives what is being read for so long, in seconds.
const HIDDEN: i32 = 30;
/// What is on the queue is known for so long.
const KNOWN_FOR: Duration = Duration::from_secs(5);
/// Letters that are looked through, at most.
const MOST: usize = 10_000;
/// A letter is kept for so long, in seconds: 14 days, the longest that there is.
const KEPT: u32 = 14 * 24 * 60 * 60;

/// The queue.
pub struct Letters {
    client: Client,
    url: String,
    known: Mutex<Option<(Vec<DeadLetter>, Instant)>>,
}

impl Letters {
    /// Opens the queue; where it is not there, makes it, if asked to.
    pub async fn open(config: &SdkConfig, name: &str, make: bool) -> Result<Letters, StoreError> {
        let client = Client::from_conf(Builder::from(config).retry_classifier(CutOff).build());
        let url = match client.get_queue_url().queue_name(name).send().await {
            Ok(found) => found.queue_url,
            Err(error) if make && is_missing(error.code()) => {
                let kept = (QueueAttributeName::MessageRetentionPeriod, KEPT.to_string());
                let request = client.create_queue().queue_name(name).set_attributes(Some(HashMap::from([kept])));
                request.send().await.map_err(failed)?.queue_url
            }
            Err(error) if is_missing(error.code()) => {
                let why = format!("there is no queue {name}; have it made by --dynamodb-create");
                return Err(StoreError::Engine(why));
            }
            Err(error) => return Err(failed(error)),
        };
        Ok(Letters { client, url: url.unwrap_or_default(), known: Mutex::default() })
    }

    /// Puts letters on the queue.
    pub async fn send(&self, dead_letters: &[DeadLetter]) -> Result<(), StoreError> {
        for dead_letter in dead_letters {
            let body = serde_json::to_string(dead_letter).map_err(failed)?;
            self.client.send_message().queue_url(&self.url).message_body(body).send().await.map_err(failed)?;
        }
        if !dead_letters.is_empty() {
            self.remember(None);
        }
        Ok(())
    }

    /// The letters that there are, in the order of their places.
    pub async fn list(&self, limit: usize) -> Result<Vec<DeadLetter>, StoreError> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let dead_letters = match known {
            Some((dead_letters, at)) if at.elapsed() < KNOWN_FOR => dead_letters,
            _ => {
                let (dead_letters, received) = self.receive_all().await?;
                self.give_back(received).await?;
                self.remember(Some(dead_letters.clone()));
                dead_letters
            }
        };
        Ok(dead_letters.into_iter().take(limit).collect())
    }

    /// Takes the letter of a place off the queue, however often it is there.
    pub async fn forget(&self, position: &RecordPosition) -> Result<(), StoreError> {
        let (_, received) = self.receive_all().await?;
        let (of_place, others): (Vec<_>, Vec<_>) = received
            .into_iter()
            .partition(|message| dead_letter(message).is_some_and(|dead_letter| dead_letter.position == *position));
        for message in of_place {
            let request = self.client.delete_message().queue_url(&self.url).set_receipt_handle(message.receipt_handle);
            request.send().await.map_err(failed)?;
        }
        self.give_back(others).await?;
        self.remember(None);
        Ok(())
    }

    /// Everything on the queue: what it says, each once, and the messages, which others do not see for a while.
    async fn receive_all(&self) -> Result<(Vec<DeadLetter>, Vec<Message>), StoreError> {
        let mut dead_letters = BTreeMap::new();
        let mut received = Vec::new();
        while received.len() < MOST {
            let request = self.client.receive_message().queue_url(&self.url).max_number_of_messages(ANSWER);
            let messages =
                request.visibility_timeout(HIDDEN).send().await.map_err(failed)?.messages.unwrap_or_default();
            if messages.is_empty() {
                break;
            }
            // What AWS itself has put there, of a function that failed again and again, is not a letter of ours.
            dead_letters.extend(
                messages.iter().filter_map(dead_letter).map(|dead_letter| (dead_letter.position.clone(), dead_letter)),
            );
            received.extend(messages);
        }
        Ok((dead_letters.into_values().collect(), received))
    }

    async fn give_back(&self, messages: Vec<Message>) -> Result<(), StoreError> {
        for message in messages {
            let request = self.client.change_message_visibility().queue_url(&self.url).visibility_timeout(0);
            request.set_receipt_handle(message.receipt_handle).send().await.map_err(failed)?;
        }
        Ok(())
    }

    fn remember(&self, dead_letters: Option<Vec<DeadLetter>>) {
        let now = dead_letters.map(|dead_letters| (dead_letters, Instant::now()));
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }
}

fn dead_letter(message: &Message) -> Option<DeadLetter> {
    serde_json::from_str(message.body()?).ok()
}

fn is_missing(code: Option<&str>) -> bool {
    code.is_some_and(|code| code.contains("NonExistentQueue") || code == "QueueDoesNotExist")
}

fn failed(error: impl std::error::Error) -> StoreError {
    StoreError::Engine(format!("the queue of dead letters failed: {}", error_chain(error)))
}
