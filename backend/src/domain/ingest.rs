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

use std::sync::Arc;

use shared::{
    api::Ack,
    event::{Batch, BatchError},
    ids::{GameId, Seq},
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
        let received_at = self.clock.now();
        require_due(&claims, &batch, received_at)?;
        self.use_ticket(&mut claims, &batch).await?;
        let next_seq = claims.next_seq.max(batch.next_seq());
        let record = Record::Events { game: claims.game, player: claims.sub, received_at, batch };
        self.stream.append_record(&record).await?;
        metrics::counter!("alien_events_durable_total").increment(events);
        Ok(Ack { next_seq, game_token: self.keys.renew_game(claims, next_seq)? })
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

/// Checks that the last tick of a batch is due. A batch without ticks may come at any time.
fn require_due(claims: &GameClaims, batch: &Batch, now: Timestamp) -> Result<(), IngestError> {
    let tick = batch.last_tick();
    match claims.started_at.map(|started_at| tick.due(started_at).millis_since(now)) {
        Some(millis @ 1..) if tick > Tick::ZERO => Err(IngestError::TooEarly { tick, seconds: millis.div_ceil(1000) }),
        _ => Ok(()),
    }
}
