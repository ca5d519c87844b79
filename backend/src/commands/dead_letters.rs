//! `backend dlq`: what could not be processed, for operators: listed, and tried again.

use clap::Subcommand;

use crate::{
    domain::dead_letters::{DeadLetterQueue, RetryError},
    engine::{EngineError, Engines, store::StoreError, stream::RecordPosition},
    settings::{Config, SettingsError},
};

/// Letters that are listed at most.
const MOST: usize = 10_000;

/// What to do with dead letters.
#[derive(Debug, Clone, Subcommand)]
pub enum Action {
    /// Print each with its place on the stream and the reason, oldest first
    List,
    /// Put one on the stream again, by its place
    Retry {
        /// As `list` prints it
        position: RecordPosition,
    },
    /// Put all of them on the stream again
    RetryAll,
}

/// Why it was not done.
#[derive(Debug, thiserror::Error)]
pub enum DlqError {
    /// An engine cannot be used.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Settings do not go together.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The letters cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A letter did not get its second try.
    #[error(transparent)]
    Retry(#[from] RetryError),
}

/// Does it; gives what to print.
///
/// # Errors
/// Where the engines fail, or there is no such letter.
pub async fn run(config: &Config, action: &Action) -> Result<String, DlqError> {
    let engines = Engines::open(&config.engine()?).await?;
    let dead_letters = engines.store.dead_letters(MOST).await?;
    let queue = DeadLetterQueue::new(engines.stream, engines.store);
    match action {
        Action::List => Ok(dead_letters
            .iter()
            .map(|dead_letter| format!("{}\t{}\n", dead_letter.position, dead_letter.reason))
            .collect()),
        Action::Retry { position } => {
            queue.retry(position).await?;
            Ok(format!("{position} is on the stream again\n"))
        }
        Action::RetryAll => {
            for dead_letter in &dead_letters {
                queue.retry(&dead_letter.position).await?;
            }
            Ok(format!("{} are on the stream again\n", dead_letters.len()))
        }
    }
}
