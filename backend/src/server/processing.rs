//! The processor of this process: all shards, the leased shards, or none.

use std::{sync::Arc, time::Duration};

use tokio::sync::{Mutex, watch};

use super::{ServeError, Supervisor};
use crate::{
    clock::Clock,
    domain::processor::{Leases, Processor, Progress},
    engine::{EngineSettings, Engines},
    settings::Config,
};

/// What this process does for the tables.
pub enum Processing {
    /// It processes all shards. There is no other processor.
    All(Processor),
    /// It processes the shards whose leases it holds.
    Leased(Processor, Leases),
    /// It processes nothing. Other processes do.
    Disabled,
}

/// Leases to release after the tasks have stopped, if there are any.
#[must_use]
pub struct HeldLeases {
    leases: Option<Arc<Mutex<Leases>>>,
    /// Keeps the channel open if nothing is processed: a closed channel means a failed processor.
    _progress: Option<watch::Sender<Progress>>,
}

impl Processing {
    /// What the settings choose. With embedded engines all records on the stream are processed first.
    ///
    /// # Errors
    /// If the stream cannot be processed, or the operating system provides no random numbers.
    pub async fn start(
        engines: &Engines,
        config: &Config,
        clock: Clock,
        progress: &watch::Sender<Progress>,
    ) -> Result<Processing, ServeError> {
        if config.no_process {
            return Ok(Processing::Disabled);
        }
        let flush_interval = Duration::from_secs(config.processor.flush_interval.into());
        match config.engine.settings()? {
            EngineSettings::Aws(_) => Ok(Processing::leased(engines, flush_interval, clock)?),
            EngineSettings::Embedded { .. } => {
                let processor = Processor::new(engines, clock).with_flush_interval(flush_interval);
                processor.catch_up(progress).await?;
                Ok(Processing::All(processor))
            }
        }
    }

    /// Whether there is no other processor.
    pub fn processes_all(&self) -> bool {
        matches!(self, Processing::All(_))
    }

    /// A processor that shares the shards with others.
    ///
    /// # Errors
    /// If the operating system provides no random numbers for the name of the worker.
    pub fn leased(engines: &Engines, flush_interval: Duration, clock: Clock) -> Result<Processing, getrandom::Error> {
        let leases = Leases::new(Arc::clone(&engines.stream), Arc::clone(&engines.store))?;
        let processor = Processor::new(engines, clock).with_leases(&leases).with_flush_interval(flush_interval);
        Ok(Processing::Leased(processor, leases))
    }

    /// Starts the tasks. Release the returned leases after the supervisor has stopped.
    pub fn spawn(self, supervisor: &mut Supervisor, progress: watch::Sender<Progress>) -> HeldLeases {
        let (processor, leases) = match self {
            Processing::All(processor) => (processor, None),
            Processing::Leased(processor, leases) => (processor, Some(Arc::new(Mutex::new(leases)))),
            Processing::Disabled => return HeldLeases { leases: None, _progress: Some(progress) },
        };
        if let Some(leases) = leases.clone() {
            supervisor.spawn("leases", async move { leases.lock().await.run().await });
        }
        supervisor.spawn("processor", async move { processor.run(&progress).await });
        HeldLeases { leases, _progress: None }
    }
}

impl HeldLeases {
    /// Releases the leases, so that other processors take the shards without delay.
    pub async fn release(self) {
        if let Some(leases) = self.leases {
            leases.lock().await.release().await;
        }
    }
}
