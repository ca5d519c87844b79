//! A server in the process of the test, on a socket and with a data folder of its own.

use std::{ops::Deref, sync::Arc, thread::JoinHandle, time::Duration};

use backend::{
    clock::Clock,
    engine::Engines,
    server::{ServeError, Server},
    settings::Config,
};
use clap::Parser;
use tempfile::TempDir;
use tokio::{runtime, sync::oneshot};

use super::{
    api::{Api, MANAGER_PASSWORD},
    process::write_short_tuning,
};

/// How long work of the server that is under way may take when the test ends.
const SHUTDOWN_LIMIT: Duration = Duration::from_secs(10);

/// The arguments of `backend serve`.
#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    config: Config,
}

/// A server in this process, with embedded engines. It has threads of its own, so a test that blocks does not block it.
/// Dropping it ends it.
///
/// All such servers share one set of metrics: tests of metrics start a [`super::ServerProcess`].
pub struct TestServer {
    api: Api,
    data: Arc<TempDir>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl TestServer {
    /// Starts a server with an empty data folder and these arguments of `backend serve`.
    pub async fn start(arguments: &[&str]) -> TestServer {
        TestServer::start_in(tempfile::tempdir().unwrap(), arguments).await
    }

    /// Starts a server whose games are short.
    pub async fn start_short() -> TestServer {
        let data = tempfile::tempdir().unwrap();
        let tuning = write_short_tuning(data.path());
        TestServer::start_in(data, &["--tuning", &tuning]).await
    }

    async fn start_in(data: TempDir, arguments: &[&str]) -> TestServer {
        TestServer::run(Arc::new(data), arguments, async |config| Server::start(config).await).await
    }

    /// Starts a server on open engines, with a clock of its own and the signing key in the data folder.
    pub async fn start_on(engines: &Engines, data: &Arc<TempDir>, clock: Clock, arguments: &[&str]) -> TestServer {
        let engines = engines.clone();
        TestServer::run(Arc::clone(data), arguments, async |config| Server::start_on(engines, config, clock).await)
            .await
    }

    async fn run(
        data: Arc<TempDir>,
        arguments: &[&str],
        start: impl AsyncFnOnce(&Config) -> Result<Server, ServeError> + Send + 'static,
    ) -> TestServer {
        log_warnings();
        let config = config(&data, arguments);
        let (stop, stopped) = oneshot::channel();
        let (started, address) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            let runtime = runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
            runtime.block_on(async {
                let server = start(&config).await.unwrap_or_else(|error| panic!("{error}"));
                started.send(server.address()).unwrap();
                tokio::select! {
                    _ = server.run(std::future::pending()) => panic!("the server ended by itself"),
                    _ = stopped => {}
                }
            });
            runtime.shutdown_timeout(SHUTDOWN_LIMIT);
        });
        let address = address.await.expect("the server did not start");
        TestServer { api: Api::new(format!("http://{address}")), data, stop: Some(stop), thread: Some(thread) }
    }

    /// The data folder.
    pub fn data(&self) -> &std::path::Path {
        self.data.path()
    }
}

impl Deref for TestServer {
    type Target = Api;

    fn deref(&self) -> &Api {
        &self.api
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
            && !std::thread::panicking()
        {
            panic!("the server panicked");
        }
    }
}

/// Prints the warnings of servers in this process. The test harness shows them for failed tests.
fn log_warnings() {
    // Only the first call has an effect.
    let _ = tracing_subscriber::fmt().with_env_filter("warn").with_test_writer().try_init();
}

fn config(data: &TempDir, arguments: &[&str]) -> Config {
    let data = data.path().to_str().unwrap();
    let fixed = ["serve", "--port", "0", "--manager-password", MANAGER_PASSWORD, "--data", data];
    let cli = Cli::try_parse_from(fixed.iter().chain(arguments)).unwrap_or_else(|error| panic!("{error}"));
    cli.config
}
