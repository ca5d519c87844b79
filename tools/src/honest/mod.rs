//! `tools honest`: honest games by bots with skills over a bad network. None may be held back, and the rates of their
//! marks say how often an honest game is marked.

mod browser;
mod report;
mod retry;

use std::{
    io,
    sync::Arc,
    time::{Duration, Instant},
};

use clap::Args;
use shared::{
    api::{GameView, SessionView},
    ranking::RankStatus,
    rules::TICKS_PER_SECOND,
    session::{Move, Plan, SessionName},
    verdict::Verdict,
};
use tokio::{sync::Semaphore, task::JoinSet};

pub use browser::{End, HonestGame, PlayedGame};
pub use report::{JudgedGame, Outcome, Report};

use crate::{
    bad_network::{Link, NetworkOptions},
    calibrate::{KINDS, Kind},
    client::{Api, ManagerClient, RequestError, SignInOptions},
    random::Random,
};

/// The name of the session.
const SESSION_NAME: &str = "Honest games over a bad network";
/// Maximum time of a manager's request with its response.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);
/// The first games start within this time, so that their batches are spread.
const START_SPREAD: Duration = Duration::from_secs(10);
/// How long acknowledged events may take until they are processed.
const PROCESSING_LIMIT: Duration = Duration::from_secs(60);
/// The time between two looks at a game that is not processed.
const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// Options of the honest games.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// URL of the server. Must start with http://
    #[arg(long, value_name = "URL", default_value = "http://localhost:8080")]
    pub url: String,
    /// The manager who creates the session and reads its games.
    #[command(flatten)]
    pub sign_in: SignInOptions,
    /// Number of games, each by another guest
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub games: u32,
    /// Number of games that are played at the same time
    #[arg(long, value_name = "N", default_value_t = 200)]
    pub at_once: u32,
    /// Mean time after which a player leaves in seconds. Each plays up to a fifth more or less
    #[arg(long, value_name = "SECONDS", default_value_t = 75)]
    pub seconds: u32,
    /// Seed of networks and players
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
    /// The network of each player.
    #[command(flatten)]
    pub network: NetworkOptions,
}

/// Why the games cannot be played.
#[derive(Debug, thiserror::Error)]
pub enum HonestError {
    /// The URL is not that of a server without TLS.
    #[error("the URL is {0}, but must start with http://; the bad network cannot pass on TLS")]
    Url(String),
    /// The manager cannot sign in.
    #[error("cannot sign in as a manager: {0}")]
    SignIn(#[source] RequestError),
    /// The session cannot be opened.
    #[error("cannot open a session: {0}")]
    Session(#[source] RequestError),
    /// A link cannot be opened.
    #[error("cannot open a link to the server: {0}")]
    Link(#[from] io::Error),
}

/// Plays the games, and asks the server what it makes of them.
///
/// # Errors
/// If the manager cannot sign in, or no session or link can be opened.
pub async fn run(options: &Options) -> Result<Report, HonestError> {
    let target = options.url.strip_prefix("http://").ok_or_else(|| HonestError::Url(options.url.clone()))?;
    let target = target.trim_end_matches('/').to_owned();
    let session = sign_in(options).await?.open_session(&plan()).await.map_err(HonestError::Session)?;
    let played = play_games(options, &target, &session).await?;
    // The games may have taken longer than the access token lasts.
    let manager = sign_in(options).await?;
    let mut games = Vec::new();
    for (kind, played) in played {
        games.push(judge(&manager, kind, played).await);
    }
    // All games are judged. A session that stays open harms nothing.
    let _ = manager.move_session(session.session, Move::Close).await;
    Ok(Report { seed: options.seed, network: options.network, games })
}

async fn sign_in(options: &Options) -> Result<ManagerClient, HonestError> {
    let api = Api::new(options.url.clone(), REQUEST_TIMEOUT);
    ManagerClient::sign_in(api, &options.sign_in).await.map_err(HonestError::SignIn)
}

/// A contest in real time: no kind of session holds back more games.
fn plan() -> Plan {
    let plan = Plan::open_play();
    let name = SESSION_NAME.parse::<SessionName>();
    Plan { name: name.unwrap_or(plan.name), real_time: true, ..Plan::open_play() }
}

/// Plays all games, each over a link of its own.
async fn play_games(
    options: &Options,
    target: &str,
    session: &SessionView,
) -> Result<Vec<(Kind, Result<PlayedGame, String>)>, HonestError> {
    let mut random = Random::new(options.seed);
    let places = Arc::new(Semaphore::new(options.at_once.max(1) as usize));
    let kinds: Vec<Kind> = KINDS.into_iter().filter(|kind| !kind.looks_ahead()).collect();
    let mut games = JoinSet::new();
    for number in 0..options.games {
        let (seed, kind) = (random.number(), kinds[number as usize % kinds.len()]);
        let max_ticks = (f64::from(options.seconds * TICKS_PER_SECOND) * (0.8 + 0.4 * random.share())) as u32;
        let delay = if number < options.at_once { START_SPREAD.mul_f64(random.share()) } else { Duration::ZERO };
        let (places, network, target, session) =
            (Arc::clone(&places), options.network, target.to_owned(), session.session);
        games.spawn(async move {
            // The semaphore is never closed.
            let _place = places.acquire_owned().await;
            tokio::time::sleep(delay).await;
            let link = Link::open(target, network, seed).await?;
            let game = HonestGame { url: link.url(), session, number, kind, seed, max_ticks };
            Ok::<_, io::Error>((kind, game.play().await))
        });
    }
    Ok(games.join_all().await.into_iter().collect::<Result<_, _>>()?)
}

/// Asks the server what it makes of a game.
async fn judge(manager: &ManagerClient, kind: Kind, played: Result<PlayedGame, String>) -> JudgedGame {
    let player = kind.name;
    let played = match played {
        Ok(played) => played,
        Err(reason) => {
            return JudgedGame { player, outcome: Outcome::Refused(reason), marks: vec![], events: 0, retries: 0 };
        }
    };
    let (outcome, marks) = match processed_game(manager, &played).await {
        Ok(view) => match manager.figures(view.game).await {
            Ok(figures) => (outcome(&view, &played), figures.marks.into_iter().map(|view| view.mark).collect()),
            Err(error) => (Outcome::Unknown(error.to_string()), vec![]),
        },
        Err(error) => (Outcome::Unknown(error.to_string()), vec![]),
    };
    JudgedGame { player, outcome, marks, events: played.acknowledged.0, retries: played.retries }
}

/// The game once the server has processed what it acknowledged, or after a time limit.
async fn processed_game(manager: &ManagerClient, played: &PlayedGame) -> Result<GameView, RequestError> {
    let started = Instant::now();
    loop {
        let view = manager.game(played.game).await;
        let is_processed = view.as_ref().is_ok_and(|view| view.next_seq >= played.acknowledged);
        if is_processed || started.elapsed() >= PROCESSING_LIMIT {
            return view;
        }
        tokio::time::sleep(POLL_INTERVAL).await;
    }
}

fn outcome(view: &GameView, played: &PlayedGame) -> Outcome {
    match (view.verdict, &view.rank, &played.end) {
        (Verdict::Rejected { reason }, ..) => Outcome::Rejected(reason.to_string()),
        (_, _, End::Refused(reason)) => Outcome::Refused(reason.clone()),
        (_, _, End::Unfinished) => Outcome::Unfinished,
        (_, _, End::Complete) if view.next_seq < played.acknowledged => Outcome::Lost,
        (_, _, End::Complete) if view.late => Outcome::Late,
        (_, RankStatus::Unranked { cause }, End::Complete) => Outcome::Unranked(cause.clone()),
        (_, RankStatus::Ranked, End::Complete) => Outcome::Counts,
    }
}
