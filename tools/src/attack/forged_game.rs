//! A game of an adversary, who sends what it likes.

use std::time::Duration;

use serde::Serialize;
use shared::{
    api::{Ack, ProblemCode, Ticket},
    clock::CLOCK_SAMPLES,
    event::{Batch, Event, SCHEMA_VERSION},
    ids::Seq,
    session::SessionId,
    time::{TICKS_PER_SECOND, Tick},
};

use super::{
    answer::Answer,
    attempt::{Attempt, AttemptedGame, Claim},
    error::AttackError,
    recording::{KnownGame, Recording},
};
use crate::{
    client::{PlayerClient, Refusal, RequestError, events_path},
    clock::ServerClock,
};

/// The pause before a request is sent again that the server could not answer.
const RETRY_DELAY: Duration = Duration::from_millis(500);
/// How often a request is sent again that the server could not answer.
const MAX_RETRIES: u32 = 60;

/// A game of an adversary.
#[derive(Clone)]
pub struct ForgedGame {
    /// The player.
    pub client: PlayerClient,
    /// The ticket. Its token is the newest one.
    pub ticket: Ticket,
    /// Its game.
    pub known: KnownGame,
    session: SessionId,
    /// The server's clock.
    pub clock: ServerClock,
    /// The server has acknowledged all events below this number.
    pub next_seq: Seq,
    /// The last acknowledged tick.
    pub tick: Tick,
    /// The last acknowledged tick that was due when it was acknowledged.
    pub in_time: Tick,
}

impl ForgedGame {
    /// Takes the seat, if the player has lost it, and starts a game.
    ///
    /// # Errors
    /// If the server refuses the seat or the ticket.
    pub async fn start(mut client: PlayerClient, session: SessionId) -> Result<ForgedGame, AttackError> {
        client.take_seat_again().await?;
        let clock = client.server_clock(CLOCK_SAMPLES).await?;
        let ticket = client.start_game().await?;
        let known = KnownGame::of(&ticket).ok_or(AttackError::Control("the seed of the ticket is secret"))?;
        Ok(ForgedGame {
            client,
            ticket,
            known,
            session,
            clock,
            next_seq: Seq(0),
            tick: Tick::ZERO,
            in_time: Tick::ZERO,
        })
    }

    /// Asks for the ticket again: the same game starts now, and the numbers of its events start again.
    ///
    /// # Errors
    /// If the server refuses the seat or the ticket.
    pub async fn restart(&mut self) -> Result<(), RequestError> {
        // Computing can take longer than a seat lasts without a heartbeat.
        self.client.take_seat_again().await?;
        self.ticket = self.client.start_game().await?;
        self.known = KnownGame::of(&self.ticket).unwrap_or(self.known.clone());
        self.next_seq = Seq(0);
        Ok(())
    }

    /// Waits until the first `tick` ticks are due.
    pub async fn wait_for(&self, tick: Tick) {
        tokio::time::sleep(self.clock.time_until(tick.due(self.ticket.started_at))).await;
    }

    /// Sends events once, whether they are due or not.
    pub async fn send(&mut self, first_seq: u32, events: Vec<Event>) -> Answer {
        Answer::of(&self.try_send(first_seq, events).await)
    }

    /// Sends events after those that are acknowledged, as soon as they are due, and again while the server cannot
    /// answer.
    pub async fn send_next(&mut self, events: Vec<Event>) -> Answer {
        self.send_when_due(self.next_seq.0, events).await
    }

    /// Sends events as soon as they are due, and again while the server cannot answer.
    pub async fn send_when_due(&mut self, first_seq: u32, events: Vec<Event>) -> Answer {
        let last_tick = events.iter().map(Event::last_tick).max().unwrap_or_default();
        self.wait_for(last_tick).await;
        let mut result = self.try_send(first_seq, events.clone()).await;
        for _ in 0..MAX_RETRIES {
            let Some(delay) = result.as_ref().err().and_then(retry_delay) else { break };
            tokio::time::sleep(delay).await;
            result = self.try_send(first_seq, events.clone()).await;
        }
        Answer::of(&result)
    }

    async fn try_send(&mut self, first_seq: u32, events: Vec<Event>) -> Result<Ack, RequestError> {
        let batch = Batch { schema: SCHEMA_VERSION, first_seq: Seq(first_seq), events };
        let ack = self.client.send_events(self.ticket.game, &self.ticket.game_token, &batch).await?;
        self.acknowledge(&ack, &batch);
        Ok(ack)
    }

    /// Notes that the server has acknowledged a batch.
    pub fn acknowledge(&mut self, ack: &Ack, batch: &Batch) {
        self.next_seq = self.next_seq.max(ack.next_seq);
        self.ticket.game_token.clone_from(&ack.game_token);
        if batch.has_ticks() {
            let tick = batch.last_tick();
            self.tick = self.tick.max(tick);
            if tick.due(self.ticket.started_at) <= self.clock.latest() {
                self.in_time = self.in_time.max(tick);
            }
        }
    }

    /// Sends the body of a request for events as it is, with this token.
    pub async fn send_body(&self, token: Option<&str>, body: &impl Serialize) -> Answer {
        Answer::of(&self.client.api.post::<Ack>(&events_path(self.ticket.game), token, body).await)
    }

    /// Sends a recording in real time from the last acknowledged tick on, in batches of as many seconds, until `until`
    /// ticks are sent.
    pub async fn play(&mut self, recording: &Recording, seconds: u32, until: Tick) -> Answer {
        let mut answer = Answer::Accepted;
        let mut tick = self.tick.0;
        while tick < until.0.min(recording.ticks()) && answer == Answer::Accepted {
            let end = (tick + seconds * TICKS_PER_SECOND).min(until.0);
            let events = recording.event(tick, end).into_iter().collect();
            answer = self.send_next(events).await;
            tick = end;
        }
        answer
    }

    /// The attempt to rank with this game, after the decisive answer.
    pub fn attempt(&self, answer: Answer, claim: Claim) -> Attempt {
        let game = AttemptedGame { game: self.ticket.game, acknowledged: self.next_seq };
        Attempt { player: self.ticket.player, session: self.session, game, answer, claim }
    }
}

/// The pause before a request is sent again; `None` if the answer is final.
fn retry_delay(error: &RequestError) -> Option<Duration> {
    match error {
        RequestError::Refused(Refusal { problem, retry_after, .. }) => match problem.code {
            ProblemCode::TooEarly | ProblemCode::Busy => Some(Duration::from_secs(retry_after.unwrap_or(1))),
            ProblemCode::TooSlow | ProblemCode::Internal => Some(RETRY_DELAY),
            _ => None,
        },
        RequestError::Format(_) | RequestError::NoResponse(_) => Some(RETRY_DELAY),
    }
}
