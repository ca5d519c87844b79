//! A browser with a player whose skill is that of a bot: it plays one game in real time, keeps the events until the
//! server has them, and sends them again as the game client does.

use std::{
    convert::Infallible,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use shared::{
    api::{ProblemCode, Ticket},
    event::{Batch, Event, EventKind, MAX_EVENTS, SCHEMA_VERSION},
    ids::{GameId, PlayerId, Seq},
    nickname::NicknameError,
    replay::{ButtonLog, Seed},
    rules::{Game, TICKS_PER_SECOND},
    sending::{BUTTONS_INTERVAL_MILLIS, REQUEST_TIMEOUT_MILLIS},
    session::{SEAT_HEARTBEAT_MILLIS, SessionId},
};
use tokio::sync::Notify;

use super::retry::Retries;
use crate::{
    calibrate::{Kind, Player},
    client::{Api, PlayerClient, RequestError},
};

/// A request without a response after this time fails.
const REQUEST_TIMEOUT: Duration = Duration::from_millis(REQUEST_TIMEOUT_MILLIS as u64);
/// The interval between two events with buttons.
const BUTTONS_INTERVAL: Duration = Duration::from_millis(BUTTONS_INTERVAL_MILLIS);
/// Events with buttons from one hash of the state to the next: ten seconds.
const BUTTONS_PER_HASH: u32 = 10;
/// How long a player hesitates before pressing start again.
const START_AGAIN: Duration = Duration::from_secs(2);
/// How long the page stays open after the game to send the rest.
const CLOSE_AFTER: Duration = Duration::from_secs(180);

/// An honest game that is to be played.
#[derive(Debug, Clone)]
pub struct HonestGame {
    /// URL of the server, through the player's network.
    pub url: String,
    /// The session.
    pub session: SessionId,
    /// Number of the game, from which the nickname is made.
    pub number: u32,
    /// The player.
    pub kind: Kind,
    /// Seed of the player.
    pub seed: u64,
    /// Ticks after which the player leaves.
    pub max_ticks: u32,
}

/// What came of a game, as the browser knows it.
#[derive(Debug, Clone)]
pub struct PlayedGame {
    /// The game.
    pub game: GameId,
    /// The player.
    pub player: PlayerId,
    /// The score as the browser shows it.
    pub score: u32,
    /// The server has acknowledged all events below this number.
    pub acknowledged: Seq,
    /// How the game ended for the browser.
    pub end: End,
    /// Requests with events that failed and were sent again.
    pub retries: u32,
}

/// How a game ended for the browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// The server has acknowledged all events.
    Complete,
    /// The server refused the events for good, for this reason.
    Refused(String),
    /// Events were left when the page was closed.
    Unfinished,
}

impl HonestGame {
    /// Takes a seat, plays, and sends until the server has everything.
    ///
    /// # Errors
    /// The reason if the server refused a seat or a ticket for good.
    pub async fn play(self) -> Result<PlayedGame, String> {
        let mut player = self.take_seat().await?;
        let heartbeats = player.clone();
        tokio::select! {
            played = async {
                let ticket = start_game(&mut player).await?;
                let seed = ticket.seed.known().ok_or_else(|| "the seed of the ticket is secret".to_owned())?;
                Ok::<_, String>(self.play_with(ticket, seed, &player).await)
            } => played,
            never = send_heartbeats(&heartbeats) => match never {},
        }
    }

    /// Takes a seat. A player whose nickname is taken chooses another: it can be the one of a first request whose
    /// response was lost.
    async fn take_seat(&self) -> Result<PlayerClient, String> {
        let api = Api::new(self.url.clone(), REQUEST_TIMEOUT);
        let mut names = 0_u32..;
        let mut client = || {
            let nickname = format!("Honest {}.{}", self.number, names.next().unwrap_or_default());
            let nickname = nickname.parse().map_err(|error: NicknameError| error.to_string())?;
            Ok::<_, String>(PlayerClient::new(api.clone(), nickname, Some(self.session)))
        };
        let mut player = client()?;
        loop {
            match player.take_seat().await {
                Ok(()) => return Ok(player),
                Err(error) if error.code() == Some(ProblemCode::NicknameTaken) => player = client()?,
                Err(error) => wait_to_start_again(error).await?,
            }
        }
    }

    async fn play_with(&self, ticket: Ticket, seed: Seed, player: &PlayerClient) -> PlayedGame {
        let started = Instant::now();
        let page = Page { ticket: &ticket, player, queue: Mutex::new(Queue::new(&ticket)), changed: Notify::new() };
        let hands = Player::new(&self.kind, self.seed);
        let game = Game::new(ticket.tuning.clone(), seed);
        let (score, end) = tokio::join!(
            page.play(game, hands, self.max_ticks, started),
            page.send(Retries::new(self.seed), CLOSE_AFTER)
        );
        let queue = page.queue();
        PlayedGame {
            game: ticket.game,
            player: ticket.player,
            score,
            acknowledged: queue.first_seq,
            end,
            retries: queue.retries,
        }
    }
}

async fn start_game(player: &mut PlayerClient) -> Result<Ticket, String> {
    loop {
        match player.start_game().await {
            Ok(ticket) => return Ok(ticket),
            // The seat was lost in an outage.
            Err(error) if error.code() == Some(ProblemCode::NotFound) => {
                if let Err(error) = player.take_seat_again().await {
                    wait_to_start_again(error).await?;
                }
            }
            Err(error) => wait_to_start_again(error).await?,
        }
    }
}

/// Waits until the player presses start again.
///
/// # Errors
/// The reason if the server refused for good.
async fn wait_to_start_again(error: RequestError) -> Result<(), String> {
    match error.code() {
        None | Some(ProblemCode::Busy | ProblemCode::TooSlow | ProblemCode::Internal) => {
            tokio::time::sleep(START_AGAIN).await;
            Ok(())
        }
        Some(_) => Err(error.to_string()),
    }
}

/// Keeps the seat.
async fn send_heartbeats(player: &PlayerClient) -> Infallible {
    loop {
        tokio::time::sleep(Duration::from_millis(SEAT_HEARTBEAT_MILLIS)).await;
        // The next request for a ticket reports a lost seat.
        let _ = player.send_heartbeat().await;
    }
}

/// The page on which a game is played.
struct Page<'a> {
    ticket: &'a Ticket,
    player: &'a PlayerClient,
    queue: Mutex<Queue>,
    /// Notified when the queue has new events, or is complete.
    changed: Notify,
}

/// The events that the server has not acknowledged.
struct Queue {
    game_token: String,
    first_seq: Seq,
    events: Vec<Event>,
    /// Whether the game is over for the player.
    is_complete: bool,
    retries: u32,
}

impl Queue {
    fn new(ticket: &Ticket) -> Queue {
        Queue {
            game_token: ticket.game_token.clone(),
            first_seq: Seq(0),
            events: Vec::new(),
            is_complete: false,
            retries: 0,
        }
    }

    /// The oldest events, at most [`MAX_EVENTS`].
    fn batch(&self) -> Option<Batch> {
        let events: Vec<Event> = self.events.iter().take(MAX_EVENTS).cloned().collect();
        (!events.is_empty()).then_some(Batch { schema: SCHEMA_VERSION, first_seq: self.first_seq, events })
    }

    fn acknowledge(&mut self, next_seq: Seq, game_token: String) {
        let durable = next_seq.0.saturating_sub(self.first_seq.0) as usize;
        self.events.drain(..durable.min(self.events.len()));
        (self.first_seq, self.game_token) = (next_seq, game_token);
    }
}

impl Page<'_> {
    /// Plays in real time until the game is over or the player leaves. Returns the score.
    async fn play(&self, mut game: Game, mut hands: Player, max_ticks: u32, started: Instant) -> u32 {
        for second in 1.. {
            tokio::time::sleep(BUTTONS_INTERVAL).await;
            let due = started.elapsed().as_millis() * u128::from(TICKS_PER_SECOND) / 1000;
            self.record_buttons(&mut game, &mut hands, max_ticks.min(due as u32));
            if game.is_over() || game.state().tick.0 >= max_ticks {
                break;
            }
            if second % BUTTONS_PER_HASH == 0 {
                self.record(&game, EventKind::Hash(game.state().hash()));
            }
        }
        let hash = game.state().hash();
        self.record(&game, if game.is_over() { EventKind::Over(hash) } else { EventKind::Hash(hash) });
        self.record(&game, EventKind::Left);
        self.queue().is_complete = true;
        self.changed.notify_one();
        game.state().score
    }

    fn record_buttons(&self, game: &mut Game, hands: &mut Player, due: u32) {
        let tick = game.state().tick;
        let mut log = ButtonLog::default();
        while !game.is_over() && game.state().tick.0 < due {
            let buttons = hands.buttons(game);
            log.push(buttons);
            game.step(buttons);
        }
        if !log.is_empty() {
            self.push(Event { tick, kind: EventKind::Buttons(log) });
        }
    }

    fn record(&self, game: &Game, kind: EventKind) {
        self.push(Event { tick: game.state().tick, kind });
    }

    fn push(&self, event: Event) {
        self.queue().events.push(event);
        self.changed.notify_one();
    }

    /// Sends the events, one request at a time, until the server has all of them. Gives up `close_after` after the end.
    async fn send(&self, mut retries: Retries, close_after: Duration) -> End {
        let mut closes_at = None;
        loop {
            let (batch, game_token, is_complete) = {
                let queue = self.queue();
                (queue.batch(), queue.game_token.clone(), queue.is_complete)
            };
            if is_complete && *closes_at.get_or_insert_with(|| Instant::now() + close_after) <= Instant::now() {
                return End::Unfinished;
            }
            let Some(batch) = batch else {
                if is_complete {
                    return End::Complete;
                }
                self.changed.notified().await;
                continue;
            };
            match self.player.send_events(self.ticket.game, &game_token, &batch).await {
                Ok(ack) => {
                    self.queue().acknowledge(ack.next_seq, ack.game_token);
                    retries.succeed();
                }
                Err(error) => match retries.delay_after(&error) {
                    Ok(delay) => {
                        self.queue().retries += 1;
                        tokio::time::sleep(delay).await;
                    }
                    Err(reason) => return End::Refused(reason),
                },
            }
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
