//! `backend serve`: puts the parts together, answers until it is told to stop, and loses nothing on the way out.

use std::{
    fs, io,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    sync::{Arc, OnceLock},
    time::Duration,
};

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use shared::{account::AccountName, tuning::Tuning};
use tokio::{
    net::TcpListener,
    sync::{Semaphore, watch},
};
use tower_http::add_extension::AddExtension;

use crate::{
    archive::{Archive, ArchiveError},
    domain::{
        dead_letters::DeadLetterQueue,
        games::Games,
        identity::{Identity, IdentityError, SignInLimits},
        ingest::Ingest,
        live_updates::LiveUpdates,
        moderation::Moderation,
        processor::{Leases, ProcessError, Processor, Progress},
        processor_status::ProcessorStatus,
        seats::Seats,
        sessions::Sessions,
        standings::Scoreboard,
        tickets::Tickets,
        tokens::TokenKeys,
        tuning_file::{self, TuningFileError},
    },
    engine::{EngineError, Engines},
    http::{self, App, Peer},
    settings::{Config, SettingsError},
};

/// A client must send a request's head within this time, also the next one on a connection that it keeps.
const HEAD_TIME_LIMIT: Duration = Duration::from_secs(10);
/// A load balancer keeps its connections for a minute: closed sooner, one that it has just used again would be lost.
const PROXY_HEAD_TIME_LIMIT: Duration = Duration::from_secs(75);
/// Measurements are summed up this often.
const UPKEEP: Duration = Duration::from_secs(1);
/// Sessions are looked at this often.
const SESSIONS_TICK: Duration = Duration::from_millis(250);
/// Requests under way at the end get this long.
const GRACE: Duration = Duration::from_secs(10);

/// Why the server cannot run, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}; stop what uses it, or choose another with --port")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// A folder or file cannot be used.
    #[error("cannot use {path}: {source}; check that it exists, its permissions, and the free space on its disk")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The pages are not there.
    #[error("there is no index.html in {0}; build the game first, by cargo xtask play")]
    NoPages(PathBuf),
    /// The tuning cannot be played.
    #[error(transparent)]
    Tuning(#[from] TuningFileError),
    /// An engine cannot be used.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The archive cannot be kept, or not be read.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// Settings do not go together.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The first manager cannot be made.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The stream cannot be processed.
    #[error(transparent)]
    Process(#[from] ProcessError),
    /// The machine gives no random numbers.
    #[error("a worker cannot be named: {0}")]
    Random(#[from] getrandom::Error),
}

/// A server that listens, and has processed all that was on the stream.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    router: Router,
    processor: Processing,
    live_updates: Arc<LiveUpdates>,
    sessions: Arc<Sessions>,
    identity: Arc<Identity>,
    sign_in_limits: Arc<SignInLimits>,
    /// The first manager's name, and the password where it was made up.
    manager: Option<(AccountName, Option<String>)>,
    stopping: watch::Sender<bool>,
    max_connections: usize,
    head_time_limit: Duration,
    metrics: PrometheusHandle,
    /// The archive, where one is kept.
    archive: Option<Archive>,
    /// A tuning file whose changes are taken, and where they go.
    watched: Option<(PathBuf, watch::Sender<Tuning>)>,
}

impl Server {
    /// Opens everything, recovers, and listens.
    ///
    /// # Errors
    /// Where something that is needed is missing or wrong.
    pub async fn start(config: &Config) -> Result<Server, ServeError> {
        let address = SocketAddr::new(config.host, config.port);
        let listener = TcpListener::bind(address).await.map_err(|source| ServeError::Listen { address, source })?;
        let address = listener.local_addr().map_err(|source| ServeError::Listen { address, source })?;
        if let Some(web) = &config.web
            && !web.join("index.html").is_file()
        {
            return Err(ServeError::NoPages(web.clone()));
        }
        let tuning = config.tuning.as_deref().map_or_else(|| Ok(Tuning::arcade()), tuning_file::read)?;
        let (tuning, tuning_reader) = watch::channel(tuning);
        fs::create_dir_all(&config.data).map_err(|source| ServeError::File { path: config.data.clone(), source })?;
        let keys = Arc::new(keys(config)?);
        let engines = Engines::open(&config.engine()?).await?;
        let (progress, progress_reader) = watch::channel(Progress::CaughtUp);
        let processor = Processing::begin(&engines, config, progress).await?;

        let Engines { stream, store, registry } = engines;
        let archive = match &config.archive {
            Some(folder) => Some(Archive::open(Arc::clone(&stream), folder.clone())?),
            None => None,
        };
        let identity = Arc::new(Identity::new(Arc::clone(&registry), Arc::clone(&keys), config.oidc()?)?);
        let manager = identity.prepare(config.manager_password.clone()).await?;
        let sessions = Arc::new(Sessions::new(Arc::clone(&registry), tuning_reader.clone()));
        let seats = Arc::new(Seats::new(Arc::clone(&registry), Arc::clone(&sessions), Arc::clone(&keys)));
        let scoreboard = Arc::new(Scoreboard::new(Arc::clone(&store)));
        let live_updates =
            Arc::new(LiveUpdates::new(Arc::clone(&sessions), Arc::clone(&seats), Arc::clone(&scoreboard)));
        let sign_in_limits = Arc::new(SignInLimits::default());
        let (stopping, stopping_reader) = watch::channel(false);
        let metrics = recorder();
        let app = App {
            tickets: Tickets::new(
                Arc::clone(&stream),
                Arc::clone(&keys),
                Arc::clone(&identity),
                Arc::clone(&seats),
                tuning_reader,
            ),
            ingest: Ingest::new(Arc::clone(&stream), keys),
            identity: Arc::clone(&identity),
            sign_in_limits: Arc::clone(&sign_in_limits),
            proxies: config.proxies,
            sessions: Arc::clone(&sessions),
            seats,
            moderation: Moderation::new(registry, Arc::clone(&stream)),
            live_updates: Arc::clone(&live_updates),
            processor_status: ProcessorStatus::new(Arc::clone(&store)),
            dead_letters: DeadLetterQueue::new(stream, Arc::clone(&store)),
            games: Games::new(store),
            scoreboard,
            progress: progress_reader,
            stopping: stopping_reader,
            metrics: metrics.clone(),
        };
        let router = http::router(Arc::new(app), config.web.as_deref());
        let max_connections = config.max_connections;
        let head_time_limit = if config.proxies > 0 { PROXY_HEAD_TIME_LIMIT } else { HEAD_TIME_LIMIT };
        Ok(Server {
            listener,
            address,
            router,
            processor,
            live_updates,
            sessions,
            identity,
            sign_in_limits,
            manager,
            stopping,
            max_connections,
            head_time_limit,
            metrics,
            archive,
            watched: config.tuning.clone().filter(|_| config.watch).map(|file| (file, tuning)),
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What to open in a browser.
    pub fn url(&self) -> String {
        match self.address.ip() {
            IpAddr::V4(ip) if ip.is_loopback() || ip.is_unspecified() => {
                format!("http://localhost:{}", self.address.port())
            }
            _ => format!("http://{}", self.address),
        }
    }

    /// The first manager's name, at the first start, and the password where it was made up: to be told once.
    pub fn manager(&self) -> Option<&(AccountName, Option<String>)> {
        self.manager.as_ref()
    }

    /// Answers until `stop` is done, then lets requests under way finish.
    pub async fn run(mut self, stop: impl Future<Output = ()>) {
        let mut archive = self.archive.take();
        let work = async {
            tokio::join!(
                self.processor.run(),
                self.live_updates.run(),
                keep_time(&self.sessions),
                keep_up(self.metrics),
                forget_attempts(&self.sign_in_limits),
                self.identity.run(),
                take_changes(self.watched),
                keep_archive(archive.as_mut()),
            );
        };
        let limits = (self.max_connections, self.head_time_limit);
        let answer = accept(self.listener, self.router, limits, stop, self.stopping);
        tokio::select! {
            () = work => {}
            () = answer => {}
        }
        if let Some(archive) = &mut archive
            && let Err(error) = archive.catch_up().await
        {
            tracing::error!(%error, "the archive lacks the last events; it takes them at the next start");
        }
        self.processor.end().await;
    }
}

/// What this server does for the tables.
enum Processing {
    /// Everything: it is alone.
    All(Processor, watch::Sender<Progress>),
    /// The shards that it holds leases of.
    Shared(Processor, Leases, watch::Sender<Progress>),
    /// Nothing: others do it.
    Elsewhere,
}

impl Processing {
    /// What the settings ask for, with the stream processed so far where nobody else does it.
    async fn begin(
        engines: &Engines,
        config: &Config,
        progress: watch::Sender<Progress>,
    ) -> Result<Processing, ServeError> {
        if config.no_process {
            return Ok(Processing::Elsewhere);
        }
        let processor = Processor::new(engines).with_flush_interval(Duration::from_secs(config.flush_interval.into()));
        if config.dynamodb.is_some() {
            let leases = Leases::new(Arc::clone(&engines.stream), Arc::clone(&engines.store))?;
            return Ok(Processing::Shared(processor.with_leases(&leases), leases, progress));
        }
        processor.catch_up(&progress).await?;
        Ok(Processing::All(processor, progress))
    }

    async fn run(&mut self) {
        match self {
            Processing::All(processor, progress) => processor.run(progress).await,
            Processing::Shared(processor, leases, progress) => {
                tokio::join!(leases.run(), processor.run(progress));
            }
            Processing::Elsewhere => std::future::pending().await,
        }
    }

    /// Leaves to others what was this server's.
    async fn end(&mut self) {
        if let Processing::Shared(_, leases, _) = self {
            leases.release().await;
        }
    }
}

/// What tokens are signed with: what was given, or this machine's own.
fn keys(config: &Config) -> Result<TokenKeys, ServeError> {
    if let Some(secret) = &config.key {
        return Ok(TokenKeys::shared(secret));
    }
    let path = config.data.join("key");
    TokenKeys::open(&path).map_err(|source| ServeError::File { path, source })
}

async fn keep_archive(archive: Option<&mut Archive>) {
    match archive {
        Some(archive) => archive.run().await,
        None => std::future::pending().await,
    }
}

async fn accept(
    listener: TcpListener,
    router: Router,
    (max_connections, head_time_limit): (usize, Duration),
    stop: impl Future<Output = ()>,
    stopping: watch::Sender<bool>,
) {
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(head_time_limit);
    let free = Arc::new(Semaphore::new(max_connections));
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let connection = async {
            let place = Arc::clone(&free).acquire_owned().await;
            listener.accept().await.map(|(socket, peer)| (socket, peer, place))
        };
        let (socket, peer, place) = tokio::select! {
            () = &mut stop => break,
            accepted = connection => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of file handles, most likely: wait for connections to end.
                    tracing::warn!(%error, "a connection cannot be taken");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            },
        };
        // Small answers should leave at once; a socket that refuses works all the same.
        let _ = socket.set_nodelay(true);
        let service = TowerToHyperService::new(AddExtension::new(router.clone(), Peer(peer.ip())));
        let connection = graceful.watch(builder.serve_connection(TokioIo::new(socket), service));
        tokio::spawn(async move {
            let _place = place;
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended early");
            }
        });
    }
    drop(listener);
    stopping.send_replace(true);
    if tokio::time::timeout(GRACE, graceful.shutdown()).await.is_err() {
        tracing::warn!("some connections did not end in time");
    }
}

/// Moves sessions when it is time.
async fn keep_time(sessions: &Sessions) {
    loop {
        if let Err(error) = sessions.make_due_moves().await {
            tracing::error!(%error, "sessions cannot be moved; trying again");
        }
        tokio::time::sleep(SESSIONS_TICK).await;
    }
}

async fn forget_attempts(sign_in_limits: &SignInLimits) {
    loop {
        tokio::time::sleep(SignInLimits::CLEANUP_INTERVAL).await;
        sign_in_limits.remove_idle();
    }
}

async fn take_changes(watched: Option<(PathBuf, watch::Sender<Tuning>)>) {
    if let Some((file, tuning)) = watched {
        tuning_file::watch(file, tuning).await;
    }
}

/// Sums up what was measured: until then, each measurement is kept by itself.
async fn keep_up(metrics: PrometheusHandle) {
    loop {
        tokio::time::sleep(UPKEEP).await;
        metrics.run_upkeep();
    }
}

/// The process has one recorder, whichever server asks.
fn recorder() -> PrometheusHandle {
    static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();
    RECORDER
        .get_or_init(|| {
            let recorder = PrometheusBuilder::new().build_recorder();
            let handle = recorder.handle();
            if metrics::set_global_recorder(recorder).is_err() {
                tracing::warn!("metrics are recorded elsewhere");
            }
            handle
        })
        .clone()
}
