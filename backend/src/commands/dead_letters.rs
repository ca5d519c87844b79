//! `backend dead-letters`: lists records that cannot be processed, and puts them on the stream again.

use std::{fmt::Write, io};

use clap::{Args, Subcommand};

use super::output::print;
use crate::{
    domain::dead_letters::{DeadLetterQueue, RetryError},
    engine::{EngineError, Engines, store::StoreError, stream::RecordPosition},
    settings::{EngineArgs, FileArgs, SettingsError},
};

/// Maximum number of dead letters that one command lists or retries.
const MAX_DEAD_LETTERS: usize = 10_000;

/// Flags of `backend dead-letters`.
#[derive(Debug, Args)]
#[command(
    next_line_help = true,
    after_help = "\
Examples:
  backend dead-letters --data data list
  backend dead-letters --kinesis alien --dynamodb alien retry-all"
)]
pub struct Options {
    #[command(flatten)]
    file: FileArgs,
    #[command(flatten)]
    engine: EngineArgs,
    #[command(subcommand)]
    action: Action,
}

/// What to do with dead letters.
#[derive(Debug, Clone, Subcommand)]
enum Action {
    /// Print the position and the rejection reason of each dead letter, oldest first
    List,
    /// Put one record on the stream again and remove its dead letter
    Retry {
        /// Position of the record on the stream, as `list` prints it
        position: RecordPosition,
    },
    /// Put the records of all dead letters on the stream again
    RetryAll,
}

/// Why the dead letters cannot be listed or retried.
#[derive(Debug, thiserror::Error)]
pub enum DeadLetterError {
    /// An engine cannot be used.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Settings contradict each other.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The dead letters cannot be read.
    #[error("cannot read the dead letters")]
    Store(#[from] StoreError),
    /// A record cannot be put on the stream again.
    #[error("cannot retry a dead letter")]
    Retry(#[from] RetryError),
    /// The list cannot be printed.
    #[error("cannot write to standard output")]
    Print(#[from] io::Error),
}

/// Runs the action and prints its result.
///
/// # Errors
/// If an engine fails, or there is no dead letter at the given position.
pub async fn run(options: &Options) -> Result<(), DeadLetterError> {
    let engines = Engines::open(&options.engine.settings()?).await?;
    let dead_letters = engines.store.dead_letters(MAX_DEAD_LETTERS).await?;
    let queue = DeadLetterQueue::new(engines.stream, engines.store);
    let mut text = String::new();
    match &options.action {
        Action::List => {
            for dead_letter in &dead_letters {
                // Writing into a string cannot fail.
                let _ = writeln!(text, "{}\t{}", dead_letter.position, dead_letter.reason);
            }
        }
        Action::Retry { position } => {
            queue.retry(position).await?;
            text = format!("{position} is on the stream again\n");
        }
        Action::RetryAll => {
            for dead_letter in &dead_letters {
                queue.retry(&dead_letter.position).await?;
            }
            text = format!("{} records are on the stream again\n", dead_letters.len());
        }
    }
    Ok(print(&text)?)
}
