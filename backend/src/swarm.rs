//! `backend swarm`: bots that play by the rules in real time, through the public API, to rehearse an event.

use std::{
    fmt,
    time::{Duration, Instant},
};

use clap::Args;
use shared::{
    api::{Ack, Clock, Join, NewGame, Seated, SessionView, Ticket},
    bot::Bot,
    clock::{Answer, server_ahead},
    event::{Batch, Event, MAX_EVENTS, SCHEMA_VERSION, What},
    ids::{GameId, Seq},
    nickname::{Nickname, NicknameError},
    replay::ButtonLog,
    rules::{Game, TICKS_PER_SECOND},
    session::{JoinCode, SessionId},
    time::Tick,
};
use tokio::{sync::watch, task::JoinSet};

use crate::clock;

/// Bots send this often, as browsers do.
const BATCH_EVERY: Duration = Duration::from_secs(1);
/// A request may take this long.
const PATIENCE: Duration = Duration::from_secs(5);
/// Batches between two hashes of the state.
const HASH_EVERY: u32 = 10;

/// Batches between two signs of life in a session.
const SEAT_EVERY: u32 = 5;

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
}

/// A game that a bot played, as far as the server acknowledged it.
#[derive(Debug, Clone)]
pub struct PlayedGame {
    /// The game.
    pub game: GameId,
    /// All events below this number were acknowledged.
    pub acknowledged: Seq,
    /// The buttons of the acknowledged events.
    pub buttons: ButtonLog,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Report {
    /// All games.
    pub games: Vec<PlayedGame>,
    /// How long each acknowledgement took.
    pub latencies: Vec<Duration>,
    /// Requests that failed and were sent again.
    pub failures: u64,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let events: u64 = self.games.iter().map(|game| u64::from(game.acknowledged.0)).sum();
        let mut latencies = self.latencies.clone();
        latencies.sort_unstable();
        let at = |percent: usize| latencies.get(latencies.len() * percent / 100).copied().unwrap_or_default();
        write!(
            f,
            "{} games, {events} events acknowledged in {} batches, p50 {:.1?}, p99 {:.1?}, {} requests failed",
            self.games.len(),
            latencies.len(),
            at(50),
            at(99),
            self.failures,
        )
    }
}

/// Lets bots play until the time is up or `stop` is done, and waits until they have sent what they can.
pub async fn run(options: &Options, stop: impl Future<Output = ()>) -> Report {
    let session = match session_of(options).await {
        Ok(session) => session,
        Err(error) => {
            tracing::error!(%error, "there is no session to join");
            return Report::default();
        }
    };
    let (stopping, stopped) = watch::channel(false);
    let mut bots = JoinSet::new();
    for number in 0..options.players {
        // Spread over a batch's time, so that they don't all send at once.
        let delay = BATCH_EVERY * number / options.players;
        let client = reqwest::Client::new();
        let caller = Caller { client, url: options.url.clone(), session, player_token: None, number };
        bots.spawn(play_on(caller, delay, stopped.clone()));
    }
    tokio::select! {
        () = stop => {}
        () = tokio::time::sleep(Duration::from_secs(options.seconds)) => {}
    }
    stopping.send_replace(true);
    let mut whole = Report::default();
    while let Some(Ok(report)) = bots.join_next().await {
        whole.games.extend(report.games);
        whole.latencies.extend(report.latencies);
        whole.failures += report.failures;
    }
    whole
}

/// The session of the code that was given.
async fn session_of(options: &Options) -> reqwest::Result<Option<SessionId>> {
    let Some(code) = &options.join else {
        return Ok(None);
    };
    let answer = reqwest::get(format!("{}/v1/codes/{code}", options.url)).await?.error_for_status()?;
    Ok(Some(answer.json::<SessionView>().await?.session))
}

/// One bot: game after game until it is stopped.
async fn play_on(mut caller: Caller, delay: Duration, stopped: watch::Receiver<bool>) -> Report {
    tokio::time::sleep(delay).await;
    let mut report = Report::default();
    while !*stopped.borrow() {
        match caller.open().await {
            Ok(ticket) => {
                caller.until_begin(&ticket).await;
                let mut player = Player::new(ticket, caller.number);
                player.play(&caller, &stopped, &mut report).await;
                report.games.push(player.played);
            }
            Err(error) => {
                tracing::debug!(%error, "no ticket");
                report.failures += 1;
                tokio::time::sleep(BATCH_EVERY / 4).await;
            }
        }
    }
    report
}

/// Talks to the server.
struct Caller {
    client: reqwest::Client,
    url: String,
    session: Option<SessionId>,
    player_token: Option<String>,
    number: u32,
}

impl Caller {
    fn nickname(&self) -> Result<Nickname, NicknameError> {
        format!("Bot {}", self.number).parse()
    }

    async fn open(&mut self) -> Result<Ticket, Box<dyn std::error::Error + Send + Sync>> {
        if let (Some(session), None) = (self.session, &self.player_token) {
            let address = format!("{}/v1/sessions/{session}/seats", self.url);
            let wish = Join { nickname: self.nickname()? };
            let answer = self.client.post(address).timeout(PATIENCE).json(&wish).send().await?;
            self.player_token = answer.error_for_status()?.json::<Seated>().await?.player_token;
        }
        let request =
            NewGame { nickname: self.nickname()?, session: self.session, player_token: self.player_token.clone() };
        let answer = self.client.post(format!("{}/v1/games", self.url)).timeout(PATIENCE).json(&request).send().await?;
        let ticket: Ticket = answer.error_for_status()?.json().await?;
        self.player_token = Some(ticket.player_token.clone());
        Ok(ticket)
    }

    /// Waits for the game's beginning, which a common start puts off.
    async fn until_begin(&self, ticket: &Ticket) {
        let own = || clock::now().0 as f64;
        let asked = own();
        let Ok(answer) = self.client.get(format!("{}/v1/clock", self.url)).timeout(PATIENCE).send().await else {
            return;
        };
        if let Ok(Clock { now }) = answer.json().await {
            let ahead = server_ahead(&[Answer { asked, server: now, answered: own() }]).unwrap_or_default();
            let left = ticket.opened_at.0 as f64 - own() - ahead;
            tokio::time::sleep(Duration::from_millis(left.max(0.0) as u64)).await;
        }
    }

    /// Says that this bot is there, which holds its seat.
    async fn beat(&self) {
        if let (Some(session), Some(token)) = (self.session, &self.player_token) {
            let address = format!("{}/v1/sessions/{session}/seats/mine", self.url);
            // A seat that is lost shows at the next ticket.
            let _ = self.client.put(address).bearer_auth(token).timeout(PATIENCE).send().await;
        }
    }

    async fn send(&self, ticket: &Ticket, batch: &Batch) -> reqwest::Result<Ack> {
        let address = format!("{}/v1/games/{}/events", self.url, ticket.game);
        let request = self.client.post(address).bearer_auth(&ticket.game_token).timeout(PATIENCE).json(batch);
        request.send().await?.error_for_status()?.json().await
    }
}

/// A bot's game: what it plays, and what it has not yet got acknowledged.
struct Player {
    ticket: Ticket,
    bot: Bot,
    game: Game,
    /// Events from `played.acknowledged` on.
    queue: Vec<Event>,
    played: PlayedGame,
}

impl Player {
    fn new(ticket: Ticket, number: u32) -> Player {
        let game = Game::new(ticket.tuning.clone(), ticket.seed);
        let played = PlayedGame { game: ticket.game, acknowledged: Seq(0), buttons: ButtonLog::default() };
        Player { ticket, bot: Bot::new(u64::from(number)), game, queue: Vec::new(), played }
    }

    /// Plays in real time until the game is over and acknowledged, or the bot is stopped and what it has is sent.
    async fn play(&mut self, caller: &Caller, stopped: &watch::Receiver<bool>, report: &mut Report) {
        let started = Instant::now();
        let mut batches = 0;
        let mut last = false;
        while !last {
            tokio::time::sleep(BATCH_EVERY).await;
            // What is left when the bots are stopped is tried once more.
            last = *stopped.borrow();
            self.advance(started.elapsed());
            batches += 1;
            if batches % HASH_EVERY == 0 && !self.game.is_over() {
                let state = self.game.state();
                self.queue.push(Event { tick: state.tick, what: What::Hash(state.hash()) });
            }
            self.flush(caller, report).await;
            if batches % SEAT_EVERY == 0 {
                caller.beat().await;
            }
            last |= self.game.is_over() && self.queue.is_empty();
        }
    }

    /// Steps to where the game should be by now.
    fn advance(&mut self, elapsed: Duration) {
        let due = Tick((elapsed.as_millis() * u128::from(TICKS_PER_SECOND) / 1000) as u32);
        let from = self.game.state().tick;
        let mut log = ButtonLog::default();
        while !self.game.is_over() && self.game.state().tick < due {
            let buttons = self.bot.buttons(&self.game);
            log.push(buttons);
            self.game.step(buttons);
        }
        if log.is_empty() {
            return;
        }
        self.queue.push(Event { tick: from, what: What::Buttons(log) });
        if self.game.is_over() {
            let state = self.game.state();
            self.queue.push(Event { tick: state.tick, what: What::Over(state.hash()) });
        }
    }

    /// Sends what is queued, oldest first; stops at the first failure.
    async fn flush(&mut self, caller: &Caller, report: &mut Report) {
        while !self.queue.is_empty() {
            let events = self.queue[..self.queue.len().min(MAX_EVENTS)].to_vec();
            let batch = Batch { schema: SCHEMA_VERSION, first_seq: self.played.acknowledged, events };
            let sent = Instant::now();
            match caller.send(&self.ticket, &batch).await {
                Ok(ack) => {
                    report.latencies.push(sent.elapsed());
                    self.acknowledge(ack.next_seq);
                }
                Err(error) => {
                    tracing::debug!(%error, "a batch must be sent again");
                    report.failures += 1;
                    return;
                }
            }
        }
    }

    fn acknowledge(&mut self, next: Seq) {
        let count = next.0.saturating_sub(self.played.acknowledged.0) as usize;
        for event in self.queue.drain(..count.min(self.queue.len())) {
            if let What::Buttons(log) = event.what {
                self.played.buttons.append(&log);
            }
        }
        self.played.acknowledged = next;
    }
}
