//! `backend rebuild`: computes the tables again from the stream or from an archive.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Args;
use tokio::sync::watch;

use super::output::print;
use crate::{
    archive::{ArchiveError, ArchivedStream},
    clock::Clock,
    domain::{
        processor::{ProcessError, Processor, Progress},
        processor_status::ProcessorStatus,
    },
    engine::{EngineError, EngineSettings, Engines, MissingParts, TABLES, store::EmbeddedStore, stream::Stream},
    server::logging,
    settings::{EngineArgs, FileArgs, LogArgs, SettingsError},
};

/// The file of the new tables in the data folder, until they replace the old ones.
const UNFINISHED: &str = "tables.redb.new";
/// The folder in the data folder in which the archive is sorted. It is removed afterwards.
const SORTING: &str = "archive.sorting";

/// Flags of `backend rebuild`.
#[derive(Debug, Args)]
#[command(
    next_line_help = true,
    after_help = "\
Examples:
  backend rebuild --data data
          From the event log in the data folder
  backend rebuild --data data --from-archive /backup/archive
          From an archive, e.g. a copy of what Firehose wrote to S3

DynamoDB tables cannot be replaced. Delete the table PREFIX-tables first, and set --dynamodb-create."
)]
pub struct Options {
    #[command(flatten)]
    file: FileArgs,
    #[command(flatten)]
    engine: EngineArgs,
    /// Read the records from the archive in this folder instead of the stream. The server or Firehose has written it
    #[arg(long, value_name = "DIR", help_heading = "Data")]
    from_archive: Option<PathBuf>,
    #[command(flatten)]
    log: LogArgs,
}

/// Why the tables cannot be rebuilt.
#[derive(Debug, thiserror::Error)]
pub enum RebuildError {
    /// An engine cannot be used.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Settings contradict each other.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The archive cannot be read.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// The records cannot be processed.
    #[error("cannot process the records")]
    Process(#[from] ProcessError),
    /// The old tables cannot be replaced.
    #[error("cannot replace {path}; check its permissions")]
    Replace {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The result cannot be printed.
    #[error("cannot write to standard output")]
    Print(#[source] io::Error),
}

/// Rebuilds the tables and prints the number of events. No server and no processor may run at the same time.
///
/// # Errors
/// If the stream or the archive cannot be read, or the tables cannot be written. The old embedded tables are then kept.
pub async fn run(options: &Options) -> Result<(), RebuildError> {
    logging::init(options.log.log_json);
    let events = rebuild(options).await?;
    print(&format!("rebuilt the tables; events processed: {events}\n")).map_err(RebuildError::Print)
}

/// Rebuilds the tables; returns the number of events.
async fn rebuild(options: &Options) -> Result<u64, RebuildError> {
    let settings = options.engine.settings()?;
    // The server later reads the stream from its beginning. Records that the archive contained then change nothing.
    let archive: Option<Arc<dyn Stream>> = match &options.from_archive {
        Some(archive) => Some(Arc::new(ArchivedStream::open(archive, &options.engine.data.join(SORTING))?)),
        None => None,
    };
    match (&settings, archive) {
        (EngineSettings::Embedded { data, missing }, archive) => replace_tables(data, archive, *missing).await,
        // The operator has deleted the old DynamoDB table.
        (EngineSettings::Aws(aws), Some(archive)) => replay(&Engines::with_dynamodb_tables(archive, aws).await?).await,
        (EngineSettings::Aws(_), None) => replay(&Engines::open(&settings).await?).await,
    }
}

/// Writes new tables next to the old ones and replaces these; returns the number of events.
async fn replace_tables(
    data: &Path,
    archive: Option<Arc<dyn Stream>>,
    missing: MissingParts,
) -> Result<u64, RebuildError> {
    let replace_error = |path: &Path, source| RebuildError::Replace { path: path.to_owned(), source };
    // The registry stays open until the end, so that no server writes to the old tables.
    let (stream, registry) = Engines::without_tables(data, archive, missing)?;
    let unfinished = data.join(UNFINISHED);
    if unfinished.exists() {
        fs::remove_file(&unfinished).map_err(|source| replace_error(&unfinished, source))?;
    }
    let events = {
        let store = Arc::new(EmbeddedStore::open(&unfinished).map_err(EngineError::from)?);
        replay(&Engines { stream, store, registry: Arc::clone(&registry) }).await?
    };
    let tables = data.join(TABLES);
    fs::rename(&unfinished, &tables).map_err(|source| replace_error(&tables, source))?;
    Ok(events)
}

/// Processes the whole stream; returns the number of events.
async fn replay(engines: &Engines) -> Result<u64, RebuildError> {
    let clock = Clock::system();
    let status = ProcessorStatus::new(Arc::clone(&engines.store), clock.clone());
    let events = async || status.progress().await.map(|progress| progress.events).map_err(EngineError::from);
    let before = events().await?;
    Processor::new(engines, clock).catch_up(&watch::channel(Progress::CaughtUp).0).await?;
    Ok(events().await? - before)
}
