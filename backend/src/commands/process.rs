//! `backend process`: a processor without a server. Any number of processors share the shards of the stream.

use std::{io, time::Duration};

use clap::Args;
use tokio::sync::watch;

use super::signals::stop_signal;
use crate::{
    clock::Clock,
    domain::processor::Progress,
    engine::{EngineError, Engines},
    server::{Processing, Supervisor, TaskError, logging},
    settings::{AwsArgs, FileArgs, LogArgs, ProcessorArgs, SettingsError},
};

/// Flags of `backend process`.
#[derive(Debug, Args)]
#[command(
    next_line_help = true,
    after_help = "\
Example:
  backend process --kinesis alien --dynamodb alien
          Process the stream of servers that run with --no-process"
)]
pub struct Options {
    #[command(flatten)]
    file: FileArgs,
    #[command(flatten)]
    aws: AwsArgs,
    #[command(flatten)]
    processor: ProcessorArgs,
    #[command(flatten)]
    log: LogArgs,
}

/// Why the processor cannot run.
#[derive(Debug, thiserror::Error)]
pub enum ProcessError {
    /// An engine cannot be used.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Settings contradict each other.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The operating system provides no random numbers.
    #[error("cannot create a random name for this worker")]
    Random(#[from] getrandom::Error),
    /// The process cannot receive signals.
    #[error("cannot receive signals")]
    Signals(#[source] io::Error),
    /// A background task failed.
    #[error(transparent)]
    Task(#[from] TaskError),
}

/// Processes the stream until a signal stops it, and releases the leases.
///
/// # Errors
/// If an engine cannot be used, or a background task fails.
pub async fn run(options: &Options) -> Result<(), ProcessError> {
    logging::init(options.log.log_json);
    let stop = stop_signal().map_err(ProcessError::Signals)?;
    let (engines, _) = Engines::on_aws(&options.aws.required()?).await?;
    let flush_interval = Duration::from_secs(options.processor.flush_interval.into());
    let processing = Processing::leased(&engines, flush_interval, Clock::system())?;
    let (progress, _) = watch::channel(Progress::CaughtUp);
    let mut supervisor = Supervisor::default();
    let leases = processing.spawn(&mut supervisor, progress);
    tracing::info!("processing; Ctrl-C releases the shards to other processors");
    let result = supervisor.run_until(stop).await;
    supervisor.stop().await;
    leases.release().await;
    Ok(result?)
}
