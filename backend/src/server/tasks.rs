//! The background tasks of the server.

use std::{path::PathBuf, sync::Arc, time::Duration};

use metrics_exporter_prometheus::PrometheusHandle;
use shared::tuning::Tuning;
use tokio::sync::{Mutex, watch};

use super::{HeldLeases, Processing, Supervisor};
use crate::{
    archive::Archive,
    clock::Clock,
    domain::{
        identity::{Identity, SignInLimits},
        live_updates::LiveUpdates,
        processor::Progress,
        sessions::Sessions,
        tuning_file,
    },
    error_chain::error_chain,
};

/// The recorder aggregates measurements this often. Until then it stores each one.
const METRICS_UPKEEP_INTERVAL: Duration = Duration::from_secs(1);
/// The server checks this often whether a session must change its stage.
const SESSION_CLOCK_INTERVAL: Duration = Duration::from_millis(250);

/// The services that the background tasks use.
pub struct Tasks {
    pub clock: Clock,
    pub processing: Processing,
    pub progress: watch::Sender<Progress>,
    pub live_updates: Arc<LiveUpdates>,
    pub sessions: Arc<Sessions>,
    pub identity: Arc<Identity>,
    pub sign_in_limits: Arc<SignInLimits>,
    pub metrics: PrometheusHandle,
    /// The archive, if the settings name one.
    pub archive: Option<Archive>,
    /// A tuning file to reload, and the channel for its tunings.
    pub watched_tuning: Option<(PathBuf, watch::Sender<Tuning>)>,
}

/// What remains to do after the tasks have stopped.
#[must_use]
pub struct Shutdown {
    archive: Option<Arc<Mutex<Archive>>>,
    leases: HeldLeases,
}

impl Tasks {
    /// Starts the tasks. Finish the returned shutdown after the supervisor has stopped.
    pub fn spawn(self, supervisor: &mut Supervisor) -> Shutdown {
        let Tasks { clock, live_updates, sessions, identity, sign_in_limits, metrics, .. } = self;
        let leases = self.processing.spawn(supervisor, self.progress);
        supervisor.spawn("live updates", async move { live_updates.run().await });
        supervisor.spawn("session clock", async move { run_session_clock(&sessions, &clock).await });
        supervisor.spawn("issuer keys", async move { identity.run().await });
        supervisor.spawn("sign-in limits", async move { remove_idle_limits(&sign_in_limits).await });
        supervisor.spawn("metrics upkeep", async move { run_metrics_upkeep(&metrics).await });
        if let Some((file, tuning)) = self.watched_tuning {
            supervisor.spawn("tuning file", tuning_file::watch(file, tuning));
        }
        let archive = self.archive.map(|archive| Arc::new(Mutex::new(archive)));
        if let Some(archive) = archive.clone() {
            supervisor.spawn("archive", async move { archive.lock().await.run().await });
        }
        Shutdown { archive, leases }
    }
}

impl Shutdown {
    /// Archives the last records and releases the leases.
    pub async fn finish(self) {
        if let Some(archive) = self.archive
            && let Err(error) = archive.lock().await.catch_up().await
        {
            let error = error_chain(&error);
            tracing::error!(error, "cannot archive the last records; the next start archives them");
        }
        self.leases.release().await;
    }
}

/// Makes the moves of sessions that are due. The clock may step only while no session is open: a step would free its seats
/// and shorten its time.
async fn run_session_clock(sessions: &Sessions, clock: &Clock) {
    loop {
        let is_any_active = sessions.make_due_moves().await.unwrap_or_else(|error| {
            tracing::error!(error = error_chain(&error), "cannot move sessions to their next stage; trying again");
            true
        });
        clock.follow_wall(!is_any_active);
        tokio::time::sleep(SESSION_CLOCK_INTERVAL).await;
    }
}

async fn remove_idle_limits(sign_in_limits: &SignInLimits) {
    loop {
        tokio::time::sleep(SignInLimits::CLEANUP_INTERVAL).await;
        sign_in_limits.remove_idle();
    }
}

async fn run_metrics_upkeep(metrics: &PrometheusHandle) {
    loop {
        tokio::time::sleep(METRICS_UPKEEP_INTERVAL).await;
        metrics.run_upkeep();
    }
}
