//! Starts the server: opens the engines, puts the parts together and listens.

use std::{fs, net::SocketAddr, path::Path, sync::Arc, time::Duration};

use shared::tuning::Tuning;
use tokio::{net::TcpListener, sync::watch};

use super::{Processing, ServeError, Server, connections::Connections, metrics, tasks::Tasks};
use crate::{
    archive::Archive,
    clock::Clock,
    domain::{
        dead_letters::DeadLetterQueue,
        games::Games,
        identity::{Identity, SignInLimits},
        ingest::Ingest,
        live_updates::LiveUpdates,
        moderation::Moderation,
        open_play::OpenPlay,
        processor::Progress,
        processor_status::ProcessorStatus,
        seats::Seats,
        sessions::Sessions,
        standings::Scoreboard,
        tickets::Tickets,
        tokens::TokenKeys,
        tuning_file,
        viewers::Viewers,
    },
    engine::{self, Engines, MissingParts},
    http::{self, App},
    settings::Config,
};

/// The file of the signing key in the data folder.
const KEY_FILE: &str = "key";

impl Server {
    /// Opens the engines, processes the records that are on the stream, and listens.
    ///
    /// # Errors
    /// If the settings contradict each other, the address is in use, or a file or an engine cannot be used.
    pub async fn start(config: &Config) -> Result<Server, ServeError> {
        Server::start_with(config, None, Clock::system()).await
    }

    /// Starts a server with engines that are open, which servers in one process can share, and with a clock of its own.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub async fn start_on(engines: Engines, config: &Config, clock: Clock) -> Result<Server, ServeError> {
        Server::start_with(config, Some(engines), clock).await
    }

    async fn start_with(config: &Config, engines: Option<Engines>, clock: Clock) -> Result<Server, ServeError> {
        config.check()?;
        let (listener, address) = listen(config).await?;
        require_pages(config.web.as_deref())?;
        let tuning = config.tuning.as_deref().map_or_else(|| Ok(Tuning::arcade()), tuning_file::read)?;
        let (tuning, tuning_reader) = watch::channel(tuning);
        let keys = Arc::new(open_keys(config, clock.clone())?);
        let metrics = metrics::recorder()?;

        let engines = match engines {
            Some(engines) => engines,
            None => Engines::open(&config.engine.settings()?).await?,
        };
        clock.raise_to(engines.latest_time().await?);
        let (progress, progress_reader) = watch::channel(Progress::CaughtUp);
        let processing = Processing::start(&engines, config, clock.clone(), &progress).await?;
        let Engines { stream, store, registry } = engines;
        let archive = match &config.archive {
            Some(folder) => Some(Archive::open(Arc::clone(&stream), folder.clone(), clock.clone())?),
            None => None,
        };

        let identity =
            Arc::new(Identity::new(Arc::clone(&registry), Arc::clone(&keys), config.oidc.settings()?, clock.clone())?);
        let manager = identity.prepare(config.manager_password.clone()).await?;
        let sign_in_limits = Arc::new(SignInLimits::default());
        let sessions = Arc::new(Sessions::new(Arc::clone(&registry), tuning_reader.clone(), clock.clone()));
        let seats =
            Arc::new(Seats::new(Arc::clone(&registry), Arc::clone(&sessions), Arc::clone(&keys), clock.clone()));
        let scoreboard = Arc::new(Scoreboard::new(Arc::clone(&store)));
        let live_updates =
            Arc::new(LiveUpdates::new(Arc::clone(&sessions), Arc::clone(&seats), Arc::clone(&scoreboard)));
        let flush_interval = Duration::from_secs(config.processor.flush_interval.into());
        let progress_of_all = processing.processes_all().then(|| progress_reader.clone());
        let (stopping, stopping_reader) = watch::channel(false);
        let app = App {
            clock: clock.clone(),
            tickets: Tickets::new(
                Arc::clone(&stream),
                OpenPlay::new(Arc::clone(&store), progress_of_all, flush_interval),
                Arc::clone(&keys),
                Arc::clone(&identity),
                Arc::clone(&seats),
                tuning_reader,
                clock.clone(),
            ),
            ingest: Ingest::new(Arc::clone(&stream), Arc::clone(&keys), Arc::clone(&seats), clock.clone()),
            games: Games::new(Arc::clone(&store), Arc::clone(&registry), config.replay_delay, clock.clone()),
            viewers: Viewers::new(Arc::clone(&sessions), keys),
            identity: Arc::clone(&identity),
            sign_in_limits: Arc::clone(&sign_in_limits),
            proxies: config.proxies,
            sessions: Arc::clone(&sessions),
            seats,
            moderation: Moderation::new(registry, Arc::clone(&stream), Arc::clone(&store), clock.clone()),
            live_updates: Arc::clone(&live_updates),
            processor_status: ProcessorStatus::new(Arc::clone(&store), clock.clone()),
            dead_letters: DeadLetterQueue::new(stream, store),
            scoreboard,
            progress: progress_reader,
            stopping: stopping_reader,
            metrics: metrics.clone(),
        };
        let router = http::router(Arc::new(app), config.web.as_deref());
        Ok(Server {
            address,
            connections: Connections::new(listener, router, config.max_connections, config.proxies),
            tasks: Tasks {
                clock,
                processing,
                progress,
                live_updates,
                sessions,
                identity,
                sign_in_limits,
                metrics,
                archive,
                watched_tuning: config.tuning.clone().filter(|_| config.watch).map(|file| (file, tuning)),
            },
            stopping,
            manager,
        })
    }
}

async fn listen(config: &Config) -> Result<(TcpListener, SocketAddr), ServeError> {
    let address = SocketAddr::new(config.host, config.port);
    let listener = TcpListener::bind(address).await.map_err(|source| ServeError::Listen { address, source })?;
    let bound = listener.local_addr().map_err(|source| ServeError::Listen { address, source })?;
    Ok((listener, bound))
}

fn require_pages(web: Option<&Path>) -> Result<(), ServeError> {
    match web {
        Some(web) if !web.join("index.html").is_file() => Err(ServeError::NoPages(web.to_owned())),
        _ => Ok(()),
    }
}

/// The keys that sign tokens: from the settings, or from the data folder, which is created if missing.
fn open_keys(config: &Config, clock: Clock) -> Result<TokenKeys, ServeError> {
    let data = &config.engine.data;
    fs::create_dir_all(data).map_err(|source| ServeError::File { path: data.clone(), source })?;
    if let Some(secret) = &config.key {
        return Ok(TokenKeys::shared(secret, clock));
    }
    let path = data.join(KEY_FILE);
    if engine::is_in_use(data) && !path.exists() && config.engine.missing() == MissingParts::Refuse {
        return Err(ServeError::NoKey(path));
    }
    TokenKeys::open(&path, clock).map_err(|source| ServeError::File { path, source })
}
