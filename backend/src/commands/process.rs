//! `backend process`: nothing but a processor, which shares the shards with all others. Start as many as are needed.

use std::{sync::Arc, time::Duration};

use tokio::sync::watch;

use crate::{
    domain::processor::{Leases, Processor, Progress},
    engine::{EngineError, Engines},
    settings::{Config, SettingsError},
};

/// Why it cannot process.
#[derive(Debug, thiserror::Error)]
pub enum ProcessError {
    /// An engine cannot be used.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Settings do not go together.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The machine gives no random numbers.
    #[error("a worker cannot be named: {0}")]
    Random(#[from] getrandom::Error),
}

/// Processes until `stop` is done, and gives the shards back.
///
/// # Errors
/// Where something that is needed is missing or wrong.
pub async fn run(config: &Config, stop: impl Future<Output = ()>) -> Result<(), ProcessError> {
    let (engines, _) = Engines::on_aws(&config.aws()?).await?;
    let mut leases = Leases::new(Arc::clone(&engines.stream), Arc::clone(&engines.store))?;
    let processor = Processor::new(&engines)
        .with_leases(&leases)
        .with_flush_interval(Duration::from_secs(config.flush_interval.into()));
    let (progress, _) = watch::channel(Progress::CaughtUp);
    tracing::info!("processing; Ctrl-C gives the shards to the others");
    tokio::select! {
        () = stop => {}
        () = leases.run() => {}
        () = processor.run(&progress) => {}
    }
    leases.release().await;
    Ok(())
}
