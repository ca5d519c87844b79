//! `tools load`: a load test with bots that play by the rules in real time, through the public API.

mod bot_game;
mod report;
mod watcher;

use std::{
    io::{Write, stderr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use clap::Args;
use shared::{
    api::ProblemCode,
    nickname::{Nickname, NicknameError},
    session::{JoinCode, SessionId},
};
use tokio::{sync::watch, task::JoinSet};

use bot_game::BotGame;
pub use report::{PlayedGame, Report};
use watcher::ScoreboardWatcher;

use crate::client::{Api, PlayerClient, RequestError, find_session};

/// Bots send their events this often, as browsers do.
const BATCH_INTERVAL: Duration = Duration::from_secs(1);
/// Maximum time of a request with its response.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(5);
/// The pause before a bot asks again for a seat or a ticket.
const RETRY_DELAY: Duration = Duration::from_secs(1);
/// Progress is printed this often.
const PROGRESS_INTERVAL: Duration = Duration::from_secs(5);

/// Options of the load test.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// URL of the server
    #[arg(long, value_name = "URL", default_value = "http://localhost:8080")]
    pub url: String,
    /// Join code of the session to play in. Without it the bots play in open play
    #[arg(long, value_name = "CODE")]
    pub join: Option<JoinCode>,
    /// Number of bots that play at the same time
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub players: u32,
    /// Nicknames of the bots, separated by commas. Further bots are called Bot and their number
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub nicknames: Vec<Nickname>,
    /// Duration in seconds. Ctrl-C ends the test earlier
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub seconds: u64,
    /// Watch the scoreboard as well, and report how long points take to show there
    #[arg(long)]
    pub watch: bool,
    /// Seed of the bots. Bot number I plays with the seed N + I, so that the same seed makes the same decisions
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
}

/// Why the load test cannot start.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The session cannot be found.
    #[error("cannot find a session with the join code {0}: {1}")]
    Session(JoinCode, #[source] RequestError),
    /// The nickname of a bot is not valid.
    #[error("the nickname of a bot is not valid: {0}")]
    Nickname(#[from] NicknameError),
}

/// What all bots share.
struct LoadTest {
    stopped: watch::Receiver<bool>,
    report: Mutex<Report>,
    watcher: Option<ScoreboardWatcher>,
}

/// Lets bots play until the duration is over or `stop` completes. Then waits until they have sent their last events.
///
/// # Errors
/// If there is no session with the join code.
pub async fn run(options: &Options, stop: impl Future<Output = ()>) -> Result<Report, LoadError> {
    let session = match &options.join {
        Some(code) => match find_session(&Api::new(options.url.clone(), REQUEST_TIMEOUT), code).await {
            Ok(session) => Some(session),
            Err(error) => return Err(LoadError::Session(code.clone(), error)),
        },
        None => None,
    };
    let (stopping, stopped) = watch::channel(false);
    let report = Mutex::new(Report { seed: options.seed, ..Report::default() });
    let test = Arc::new(LoadTest { stopped, report, watcher: options.watch.then(ScoreboardWatcher::default) });
    let mut bots = JoinSet::new();
    for number in 0..options.players {
        // The bots spread their batches over the interval.
        let delay = BATCH_INTERVAL * number / options.players;
        let nickname = match options.nicknames.get(number as usize) {
            Some(nickname) => nickname.clone(),
            None => format!("Bot {number}").parse()?,
        };
        // Each bot has connections of its own, as browsers have.
        let client = PlayerClient::new(Api::new(options.url.clone(), REQUEST_TIMEOUT), nickname, session);
        let seed = options.seed.wrapping_add(number.into());
        bots.spawn(run_bot(client, seed, delay, Arc::clone(&test)));
    }
    tokio::select! {
        () = stop => {}
        () = tokio::time::sleep(Duration::from_secs(options.seconds)) => {}
        () = print_progress(&test.report) => {}
        () = watch_scoreboard(test.watcher.as_ref(), &options.url, session) => {}
    }
    stopping.send_replace(true);
    bots.join_all().await;
    let report = std::mem::take(&mut *test.report());
    Ok(Report { shown: test.watcher.as_ref().map(ScoreboardWatcher::take_delays).unwrap_or_default(), ..report })
}

impl LoadTest {
    fn report(&self) -> MutexGuard<'_, Report> {
        self.report.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Watches the scoreboard if there is a watcher. Never completes.
async fn watch_scoreboard(watcher: Option<&ScoreboardWatcher>, url: &str, session: Option<SessionId>) {
    match watcher {
        Some(watcher) => watcher.watch(url, session).await,
        None => std::future::pending().await,
    }
}

/// Prints the progress to standard error at intervals. Never completes.
async fn print_progress(report: &Mutex<Report>) {
    let started = Instant::now();
    let mut before = 0;
    loop {
        tokio::time::sleep(PROGRESS_INTERVAL).await;
        let report = report.lock().unwrap_or_else(PoisonError::into_inner);
        let rate = (report.events - before) / PROGRESS_INTERVAL.as_secs();
        before = report.events;
        let (seconds, players, errors) = (started.elapsed().as_secs(), report.players, report.failures());
        // The test continues if standard error is closed.
        let _ = writeln!(stderr(), "{seconds} s: {players} players, {rate} events/s, {errors} errors");
    }
}

/// Plays one game after another until the test stops, or the server allows the bot no further game.
async fn run_bot(mut client: PlayerClient, seed: u64, delay: Duration, test: Arc<LoadTest>) {
    tokio::time::sleep(delay).await;
    let mut has_played = false;
    let mut refusal = None;
    while !*test.stopped.borrow() {
        let ticket = match client.take_seat().await {
            Ok(()) => client.start_game().await,
            Err(error) => Err(error),
        };
        match ticket {
            Ok(ticket) => {
                test.report().players += u32::from(!std::mem::replace(&mut has_played, true));
                client.wait_for_start(&ticket).await;
                // A seed that is secret before the start is in a ticket that is issued after it.
                let Some(game_seed) = ticket.seed.known() else { continue };
                let game = BotGame::new(ticket, game_seed, seed);
                let played = game.play(&client, &test.stopped, &test.report, test.watcher.as_ref()).await;
                test.report().games.push(played);
            }
            Err(error) => {
                match error.code() {
                    // The session has not started yet, or has ended.
                    Some(ProblemCode::WrongStage) => {}
                    // A seat may become free later, or a manager may admit the bot.
                    Some(
                        ProblemCode::SeatsTaken
                        | ProblemCode::NicknameTaken
                        | ProblemCode::Locked
                        | ProblemCode::NotApproved,
                    ) => refusal = Some(error.to_string()),
                    Some(ProblemCode::NoAttemptLeft | ProblemCode::Removed) => break,
                    _ => test.report().count_error(&error),
                }
                tokio::time::sleep(RETRY_DELAY).await;
                // The next request for a ticket reports a lost seat.
                let _ = client.send_heartbeat().await;
            }
        }
    }
    if let Some(reason) = refusal.filter(|_| !has_played) {
        *test.report().refused.entry(reason).or_default() += 1;
    }
}
