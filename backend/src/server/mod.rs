//! The server: puts the parts together, accepts connections, runs background tasks and stops without losing data.

mod connections;
pub mod logging;
mod metrics;
mod processing;
mod start;
mod supervisor;
mod tasks;

use std::{
    io,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

use metrics_exporter_prometheus::BuildError;
use shared::account::AccountName;
use tokio::sync::watch;

use self::{connections::Connections, tasks::Tasks};
pub use self::{
    processing::{HeldLeases, Processing},
    supervisor::{Supervisor, TaskError},
};
use crate::{
    archive::ArchiveError,
    domain::{identity::IdentityError, processor::ProcessError, tuning_file::TuningFileError},
    engine::{EngineError, LatestTimeError},
    settings::SettingsError,
};

/// Why the server cannot start, or stops by itself.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The server cannot listen on the address.
    #[error("cannot listen on {address}: {source}; stop the process that uses it, or choose another with --port")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The cause.
        source: io::Error,
    },
    /// A folder or a file cannot be used.
    #[error("cannot use {path}: {source}; check that it exists, its permissions, and the free space on its disk")]
    File {
        /// The folder or file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The signing key is missing from a data folder that is in use.
    #[error(
        "{0}, the key that signs tokens, is missing, although the data folder is in use; restore it from a copy, set \
         ALIEN_KEY to the key, or start once with --create-missing: then all guests lose their games, and accounts sign in \
         again"
    )]
    NoKey(PathBuf),
    /// The folder of the pages has no pages.
    #[error("{0} has no index.html; build the game first: cargo xtask play")]
    NoPages(PathBuf),
    /// The tuning file cannot be used.
    #[error(transparent)]
    Tuning(#[from] TuningFileError),
    /// An engine cannot be used.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The latest time in the stored data cannot be read.
    #[error("cannot read the latest time in the stored data")]
    LatestTime(#[from] LatestTimeError),
    /// The archive cannot be read.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// Settings contradict each other.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The first manager's account cannot be created, or the issuer's settings are not valid.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The stream cannot be processed.
    #[error("cannot process the stream")]
    Process(#[from] ProcessError),
    /// The operating system provides no random numbers.
    #[error("cannot create a random name for this worker")]
    Random(#[from] getrandom::Error),
    /// Metrics cannot be recorded.
    #[error("cannot record metrics")]
    Metrics(#[from] BuildError),
    /// The process cannot receive signals.
    #[error("cannot receive signals")]
    Signals(#[source] io::Error),
    /// A background task failed, so that the server stopped.
    #[error(transparent)]
    Task(#[from] TaskError),
}

/// A server that listens. An embedded one has processed all records that were on the stream at its start.
pub struct Server {
    address: SocketAddr,
    connections: Connections,
    tasks: Tasks,
    /// Turns true when the server stops, so that long responses end.
    stopping: watch::Sender<bool>,
    /// The name of a new manager, and the password if it is random.
    manager: Option<(AccountName, Option<String>)>,
}

impl Server {
    /// The address on which the server listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL to open in a browser on this machine.
    pub fn url(&self) -> String {
        match self.address.ip() {
            IpAddr::V4(ip) if ip.is_loopback() || ip.is_unspecified() => {
                format!("http://localhost:{}", self.address.port())
            }
            _ => format!("http://{}", self.address),
        }
    }

    /// The name of the first manager if this start created the account, and the password if it is random.
    pub fn manager(&self) -> Option<&(AccountName, Option<String>)> {
        self.manager.as_ref()
    }

    /// Serves until `stop` completes or a background task fails.
    ///
    /// The server then stops accepting connections and waits up to ten seconds for open requests. After that it stops the
    /// background tasks, archives the last records and releases its leases.
    ///
    /// # Errors
    /// If a background task failed.
    pub async fn run(self, stop: impl Future<Output = ()>) -> Result<(), ServeError> {
        self.run_with(Supervisor::default(), stop).await
    }

    /// The same with a supervisor that may already have tasks.
    async fn run_with(self, mut supervisor: Supervisor, stop: impl Future<Output = ()>) -> Result<(), ServeError> {
        let shutdown = self.tasks.spawn(&mut supervisor);
        let mut result = Ok(());
        let stop = async { result = supervisor.run_until(stop).await };
        let open = self.connections.accept(stop).await;
        self.stopping.send_replace(true);
        open.drain().await;
        supervisor.stop().await;
        shutdown.finish().await;
        Ok(result?)
    }
}

#[cfg(test)]
mod tests {
    use std::{
        future::{pending, ready},
        net::TcpStream,
    };

    use super::*;
    use crate::settings::{Config, EngineArgs};

    async fn start(data: &tempfile::TempDir) -> Server {
        let engine = EngineArgs { data: data.path().to_owned(), ..EngineArgs::default() };
        Server::start(&Config { port: 0, engine, ..Config::default() }).await.unwrap()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_stopped_server_closes_its_port() {
        let data = tempfile::tempdir().unwrap();
        let server = start(&data).await;
        let address = server.address();
        TcpStream::connect(address).unwrap();
        server.run(ready(())).await.unwrap();
        assert!(TcpStream::connect(address).is_err(), "{address} still accepts connections");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_failed_task_stops_the_server_with_an_error() {
        let data = tempfile::tempdir().unwrap();
        let mut supervisor = Supervisor::default();
        supervisor.spawn("broken", ready(()));
        let error = start(&data).await.run_with(supervisor, pending()).await.unwrap_err();
        assert_eq!(error.to_string(), "the background task broken ended unexpectedly");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn settings_that_contradict_each_other_are_rejected_before_a_file_is_created() {
        let data = tempfile::tempdir().unwrap();
        let engine = EngineArgs { data: data.path().join("data"), ..EngineArgs::default() };
        let config = Config { port: 0, engine, watch: true, ..Config::default() };
        let error = Server::start(&config).await.err().unwrap();
        assert_eq!(error.to_string(), "--watch needs --tuning; set both, or neither");
        assert!(!config.engine.data.exists());
    }
}
