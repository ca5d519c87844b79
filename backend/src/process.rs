//! `backend process`: nothing but a processor, which shares the shards with all others. Start as many as are needed.

use std::{sync::Arc, time::Duration};

use tokio::sync::watch;

use crate::{
    config::Config,
    engines::{EngineError, Engines},
    processor::{Leases, Progress},
};

/// Why it cannot process.
#[derive(Debug, thiserror::Error)]
pub enum ProcessError {
    /// An engine cannot be used.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The machine gives no random numbers.
    #[error("a worker cannot be named: {0}")]
    Random(#[from] getrandom::Error),
}

/// Processes until `stop` is done, and gives the shards back.
///
/// # Errors
/// Where something that is needed is missing or wrong.
pub async fn run(config: &Config, stop: impl Future<Output = ()>) -> Result<(), ProcessError> {
    let (engines, _) = Engines::on_aws(config).await?;
    let mut leases = Leases::new(Arc::clone(&engines.stream), Arc::clone(&engines.store))?;
    let processor = engines.processor().sharing(&leases).gathering(Duration::from_secs(config.gather.into()));
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
