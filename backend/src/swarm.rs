//! `backend swarm`: bots that play by the rules in real time, through the public API, to rehearse an event.

use std::{
    fmt,
    time::{Duration, Instant},
};

use clap::Args;
use shared::{
    api::{Ack, NewGame, Ticket},
    bot::Bot,
    event::{Batch, Event, MAX_EVENTS, SCHEMA_VERSION, What},
    ids::{GameId, Seq},
    replay::ButtonLog,
    rules::{Game, TICKS_PER_SECOND},
    time::Tick,
};
use tokio::{sync::watch, task::JoinSet};

/// Bots send this often, as browsers do.
const BATCH_EVERY: Duration = Duration::from_secs(1);
/// A request may take this long.
const PATIENCE: Duration = Duration::from_secs(5);
/// Batches between two hashes of the state.
const HASH_EVERY: u32 = 10;

/// What the swarm does.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// The server
    #[arg(long, value_name = "URL", default_value = "http://localhost:8080")]
    pub url: String,
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
    let (stopping, stopped) = watch::channel(false);
    let mut bots = JoinSet::new();
    for number in 0..options.players {
        // Spread over a batch's time, so that they don't all send at once.
        let delay = BATCH_EVERY * number / options.players;
        bots.spawn(play_on(options.url.clone(), number, delay, stopped.clone()));
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

/// One bot: game after game until it is stopped.
async fn play_on(url: String, number: u32, delay: Duration, stopped: watch::Receiver<bool>) -> Report {
    tokio::time::sleep(delay).await;
    let mut report = Report::default();
    let mut caller = Caller { client: reqwest::Client::new(), url, player_token: None, number };
    while !*stopped.borrow() {
        match caller.open().await {
            Ok(ticket) => {
                let mut player = Player::new(ticket, number);
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
    player_token: Option<String>,
    number: u32,
}

impl Caller {
    async fn open(&mut self) -> Result<Ticket, Box<dyn std::error::Error + Send + Sync>> {
        let request = NewGame {
            nickname: format!("Bot {}", self.number).parse()?,
            session: None,
            player_token: self.player_token.clone(),
        };
        let answer = self.client.post(format!("{}/v1/games", self.url)).timeout(PATIENCE).json(&request).send().await?;
        let ticket: Ticket = answer.error_for_status()?.json().await?;
        self.player_token = Some(ticket.player_token.clone());
        Ok(ticket)
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
