//! `backend dlq`: what could not be processed, for operators: listed, and tried again.

use clap::Subcommand;

use crate::{
    config::Config,
    engines::{EngineError, Engines},
    flow::{Flow, RetryError},
    store::StoreError,
    stream::Place,
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
        place: Place,
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
    let engines = Engines::open(config).await?;
    let letters = engines.store.dead_letters(MOST).await?;
    let flow = Flow::new(engines.stream, engines.store);
    match action {
        Action::List => Ok(letters.iter().map(|letter| format!("{}\t{}\n", letter.place, letter.reason)).collect()),
        Action::Retry { place } => {
            flow.retry(place).await?;
            Ok(format!("{place} is on the stream again\n"))
        }
        Action::RetryAll => {
            for letter in &letters {
                flow.retry(&letter.place).await?;
            }
            Ok(format!("{} are on the stream again\n", letters.len()))
        }
    }
}
