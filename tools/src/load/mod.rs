//! `backend swarm`: bots that play by the rules in real time, through the public API, to rehearse an event.

mod board;
mod caller;
mod player;
mod report;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use clap::Args;
use shared::{
    api::ProblemCode,
    nickname::{Nickname, NicknameError},
    session::{JoinCode, SessionId},
};
use tokio::{sync::watch, task::JoinSet};

use board::Board;
use caller::{CallError, Caller};
use player::Player;
pub use report::{PlayedGame, Report};

/// Bots send this often, as browsers do.
const BATCH_EVERY: Duration = Duration::from_secs(1);
/// From one try for a seat or a ticket to the next.
const TRY_EVERY: Duration = Duration::from_secs(1);
/// From one sign of progress to the next.
const TELL_EVERY: Duration = Duration::from_secs(5);

/// What the swarm does.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// The server
    #[arg(long, value_name = "URL", default_value = "http://localhost:8080")]
    pub url: String,
    /// Play in the session of this code, rather than in open play
    #[arg(long, value_name = "CODE")]
    pub join: Option<JoinCode>,
    /// How many bots play at once
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub players: u32,
    /// For how many seconds; Ctrl-C ends it earlier
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub seconds: u64,
    /// Watch the scoreboard, too, and tell how long a bot's points take to show there
    #[arg(long)]
    pub watch: bool,
}

/// Why there is no swarm.
#[derive(Debug, thiserror::Error)]
pub enum SwarmError {
    /// The session cannot be joined.
    #[error("cannot play in session {0}: {1}")]
    Session(JoinCode, CallError),
    /// The bots' names are none.
    #[error(transparent)]
    Nickname(#[from] NicknameError),
}

/// Lets bots play until the time is up or `stop` is done, and waits until they have sent what they can.
///
/// # Errors
/// Where there is no such session.
pub async fn run(options: &Options, stop: impl Future<Output = ()>) -> Result<Report, SwarmError> {
    let session = match &options.join {
        Some(code) => match caller::session_of(&options.url, code).await {
            Ok(session) => Some(session),
            Err(error) => return Err(SwarmError::Session(code.clone(), error)),
        },
        None => None,
    };
    let (stopping, stopped) = watch::channel(false);
    let report = Arc::new(Mutex::new(Report::default()));
    let board: Option<Arc<Board>> = options.watch.then(Arc::default);
    let mut bots = JoinSet::new();
    for number in 0..options.players {
        // Spread over a batch's time, so that they don't all send at once.
        let delay = BATCH_EVERY * number / options.players;
        let nickname: Nickname = format!("Bot {number}").parse()?;
        let caller = Caller::new(options.url.clone(), nickname, session);
        bots.spawn(play_on(caller, number, delay, stopped.clone(), Arc::clone(&report), board.clone()));
    }
    tokio::select! {
        () = stop => {}
        () = tokio::time::sleep(Duration::from_secs(options.seconds)) => {}
        () = tell(&report) => {}
        () = watch(board.as_deref(), &options.url, session) => {}
    }
    stopping.send_replace(true);
    bots.join_all().await;
    let report = std::mem::take(&mut *report.lock().unwrap_or_else(PoisonError::into_inner));
    Ok(Report { shown: board.map(|board| board.delays()).unwrap_or_default(), ..report })
}

/// Watches the board, if there is one, for ever.
async fn watch(board: Option<&Board>, url: &str, session: Option<SessionId>) {
    match board {
        Some(board) => board.watch(url, session).await,
        None => std::future::pending().await,
    }
}

/// Says now and then how far it is, for ever.
async fn tell(report: &Mutex<Report>) {
    let started = Instant::now();
    let mut before = 0;
    loop {
        tokio::time::sleep(TELL_EVERY).await;
        let report = report.lock().unwrap_or_else(PoisonError::into_inner);
        let rate = (report.events - before) / TELL_EVERY.as_secs();
        before = report.events;
        let (seconds, players, failures) = (started.elapsed().as_secs(), report.players, report.failures());
        eprintln!("{seconds} s: {players} players, {rate} events a second, {failures} errors");
    }
}

/// One bot: game after game until it is stopped, or may play no more.
async fn play_on(
    mut caller: Caller,
    number: u32,
    delay: Duration,
    stopped: watch::Receiver<bool>,
    report: Arc<Mutex<Report>>,
    board: Option<Arc<Board>>,
) {
    tokio::time::sleep(delay).await;
    let told = || report.lock().unwrap_or_else(PoisonError::into_inner);
    let mut has_come = false;
    let mut turned_away = None;
    while !*stopped.borrow() {
        let ticket = match caller.join().await {
            Ok(()) => caller.open().await,
            Err(error) => Err(error),
        };
        match ticket {
            Ok(ticket) => {
                told().players += u32::from(!std::mem::replace(&mut has_come, true));
                caller.until_begin(&ticket).await;
                let played = Player::new(ticket, number).play(&caller, &stopped, &report, board.as_deref()).await;
                told().games.push(played);
            }
            Err(error) => {
                match error.code() {
                    // The session has not begun yet, or is over.
                    Some(ProblemCode::WrongStage) => {}
                    // There may be room later.
                    Some(ProblemCode::SeatsTaken | ProblemCode::NicknameTaken) => turned_away = Some(error.to_string()),
                    Some(ProblemCode::NoAttemptLeft | ProblemCode::Removed) => break,
                    _ => told().failed(&error),
                }
                tokio::time::sleep(TRY_EVERY).await;
                caller.heartbeat().await;
            }
        }
    }
    if let Some(reason) = turned_away.filter(|_| !has_come) {
        *told().turned_away.entry(reason).or_default() += 1;
    }
}
