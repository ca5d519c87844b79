//! Ingest: validates a batch of events, appends it to the stream, and acknowledges the events that are durable.
//!
//! A server keeps no state of a game between batches, so any server can accept any batch. The game token contains the
//! number of the first event that is not yet durable; only servers can sign it, and each acknowledgement renews it. A
//! batch is appended only if all earlier events are durable, so the events of a game are on the stream in order and
//! without gaps. A client that missed a response sends the same events with its older token. The processor ignores events
//! that it has already processed.
//!
//! The first ticks of a game use its ticket before they are appended. If the server stops in between, the client sends them
//! again, and the ticket of that game is used already.

use std::{sync::Arc, time::Duration};

use shared::{
    api::Ack,
    event::{Batch, BatchError},
    ids::{GameId, Seq},
    lag,
    record::Record,
    time::{Tick, Timestamp},
};

use super::{
    seats::{SeatError, Seats},
    tokens::{GameClaims, InvalidToken, SigningError, TokenKeys},
};
use crate::{
    clock::Clock,
    engine::stream::{Stream, StreamError},
};

/// Why a batch is not accepted.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// The game token is invalid or expired.
    #[error(transparent)]
    Token(#[from] InvalidToken),
    /// The token is for another game.
    #[error("the token is for game {0}, not for the game in the path")]
    WrongGame(GameId),
    /// The body is not a batch.
    #[error("the body is not a batch of events: {0}")]
    Json(#[from] serde_json::Error),
    /// The batch is invalid.
    #[error(transparent)]
    Batch(#[from] BatchError),
    /// Events before the batch are not durable.
    #[error("events before this batch are missing; send again from event {expected}", expected = expected.0)]
    Gap {
        /// The number of the first event that is not durable.
        expected: Seq,
    },
    /// The batch has ticks whose time has not come.
    #[error("tick {tick} is due in {seconds} s; send the batch again then", tick = tick.0)]
    TooEarly {
        /// The number of ticks played after the batch.
        tick: Tick,
        /// The time until then in seconds, rounded up.
        seconds: u64,
    },
    /// The game's ticket cannot be used.
    #[error(transparent)]
    Ticket(#[from] SeatError),
    /// The stream failed.
    #[error(transparent)]
    Stream(#[from] StreamError),
    /// The next game token cannot be signed.
    #[error(transparent)]
    Signing(#[from] SigningError),
}

/// A batch that is early by at most this long waits until it is due, milliseconds.
const MAX_WAIT_MILLIS: u64 = 1_000;

/// Accepts batches of events.
pub struct Ingest {
    stream: Arc<dyn Stream>,
    keys: Arc<TokenKeys>,
    seats: Arc<Seats>,
    clock: Clock,
}

impl Ingest {
    /// Creates an ingest that appends to `stream`. `keys` verify and sign game tokens, `seats` has the tickets.
    pub fn new(stream: Arc<dyn Stream>, keys: Arc<TokenKeys>, seats: Arc<Seats>, clock: Clock) -> Ingest {
        Ingest { stream, keys, seats, clock }
    }

    /// Verifies a game token for that game.
    ///
    /// # Errors
    /// If the token is invalid or expired, or is for another game.
    pub fn authenticate(&self, game: GameId, token: &str) -> Result<GameClaims, IngestError> {
        let claims = self.keys.verify_game(token)?;
        if claims.game == game { Ok(claims) } else { Err(IngestError::WrongGame(claims.game)) }
    }

    /// Appends a batch in JSON to the stream. Returns the number of the first event that is not yet durable, and the game
    /// token for the next batch.
    ///
    /// # Errors
    /// If the batch is invalid, leaves a gap, comes too early, has an old ticket, or did not become durable. None of its
    /// events is acknowledged then.
    pub async fn accept(&self, mut claims: GameClaims, body: &[u8]) -> Result<Ack, IngestError> {
        let batch: Batch = serde_json::from_slice(body)?;
        batch.check()?;
        let events = batch.events.len() as u64;
        metrics::counter!("alien_events_received_total").increment(events);
        if batch.first_seq > claims.next_seq {
            return Err(IngestError::Gap { expected: claims.next_seq });
        }
        let received_at = self.when_due(&claims, &batch).await?;
        self.use_ticket(&mut claims, &batch).await?;
        let next_seq = claims.next_seq.max(batch.next_seq());
        let lag_millis = button_lag(&claims, &batch, received_at);
        let record = Record::Events { game: claims.game, player: claims.sub, received_at, batch };
        self.stream.append_record(&record).await?;
        metrics::counter!("alien_events_durable_total").increment(events);
        Ok(Ack { next_seq, game_token: self.keys.renew_game(claims, next_seq)?, lag_millis })
    }

    /// Waits until the last tick of a batch is due, and returns the time then. A batch without ticks may come at any time.
    ///
    /// The clocks and frames of honest browsers make their batches early by milliseconds, so that a response to send again
    /// would be the rule.
    ///
    /// # Errors
    /// If the tick is due more than a second later.
    async fn when_due(&self, claims: &GameClaims, batch: &Batch) -> Result<Timestamp, IngestError> {
        let (now, tick) = (self.clock.now(), batch.last_tick());
        let due = claims.started_at.filter(|_| tick > Tick::ZERO).map_or(now, |started_at| tick.due(started_at));
        let early_millis = due.millis_since(now);
        if early_millis > MAX_WAIT_MILLIS {
            return Err(IngestError::TooEarly { tick, seconds: early_millis.div_ceil(1000) });
        }
        tokio::time::sleep(Duration::from_millis(early_millis)).await;
        Ok(self.clock.now().max(due))
    }

    /// Uses the ticket of the game if the batch has its first ticks. Events before them need the newest ticket as well: the
    /// next ticket starts the numbers of events again.
    async fn use_ticket(&self, claims: &mut GameClaims, batch: &Batch) -> Result<(), IngestError> {
        let Some((participant, number)) = claims.ticket_to_use() else {
            return Ok(());
        };
        if batch.has_ticks() {
            self.seats.use_ticket(participant, claims.game, number).await?;
            claims.unused_ticket = None;
        } else {
            self.seats.require_valid_ticket(participant, claims.game, number).await?;
        }
        Ok(())
    }
}

/// The largest lag of a button in the events of a batch that were not durable before, milliseconds. 0 if the token does not
/// contain the start of the game.
fn button_lag(claims: &GameClaims, batch: &Batch, received_at: Timestamp) -> u64 {
    let new = batch.numbered().filter(|(seq, _)| *seq >= claims.next_seq).map(|(_, event)| event);
    claims.started_at.map_or(0, |started_at| lag::largest_lag(new, started_at, received_at))
}
