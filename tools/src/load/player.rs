//! A bot's game: what it plays, and what it has not yet got acknowledged.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use shared::{
    api::Ticket,
    bot::Bot,
    event::{Batch, Event, EventKind, MAX_EVENTS, SCHEMA_VERSION},
    ids::Seq,
    replay::ButtonLog,
    rules::{Game, TICKS_PER_SECOND},
    time::Tick,
};
use tokio::sync::watch;

use super::{BATCH_EVERY, Board, Caller, PlayedGame, Report};

/// Batches between two hashes of the state.
const HASH_EVERY: u32 = 10;
/// Batches between two signs of life in a session.
const SEAT_EVERY: u32 = 5;

/// A game under way.
pub struct Player {
    ticket: Ticket,
    bot: Bot,
    game: Game,
    /// Events from `played.acknowledged` on.
    queue: Vec<Event>,
    played: PlayedGame,
}

impl Player {
    /// The ticket's game, played by bot number `number`.
    pub fn new(ticket: Ticket, number: u32) -> Player {
        let game = Game::new(ticket.tuning.clone(), ticket.seed);
        let played = PlayedGame { game: ticket.game, acknowledged: Seq(0), buttons: ButtonLog::default() };
        Player { ticket, bot: Bot::new(u64::from(number)), game, queue: Vec::new(), played }
    }

    /// Plays in real time until the game is over and acknowledged, or the bot is stopped and what it has is sent.
    pub async fn play(
        mut self,
        caller: &Caller,
        stopped: &watch::Receiver<bool>,
        report: &Mutex<Report>,
        board: Option<&Board>,
    ) -> PlayedGame {
        let started = Instant::now();
        let mut batches = 0;
        let mut last = false;
        while !last {
            tokio::time::sleep(BATCH_EVERY).await;
            // What is left when the bots are stopped is tried once more.
            last = *stopped.borrow();
            self.advance(started, board);
            batches += 1;
            if batches % HASH_EVERY == 0 && !self.game.is_over() {
                let state = self.game.state();
                self.queue.push(Event { tick: state.tick, kind: EventKind::Hash(state.hash()) });
            }
            self.flush(caller, report).await;
            if batches % SEAT_EVERY == 0 {
                caller.heartbeat().await;
            }
            last |= self.game.is_over() && self.queue.is_empty();
        }
        self.played
    }

    /// Steps to where a game that was started then should be by now.
    fn advance(&mut self, started: Instant, board: Option<&Board>) {
        let due = Tick((started.elapsed().as_millis() * u128::from(TICKS_PER_SECOND) / 1000) as u32);
        let from = self.game.state().tick;
        let mut log = ButtonLog::default();
        while !self.game.is_over() && self.game.state().tick < due {
            let buttons = self.bot.buttons(&self.game);
            log.push(buttons);
            let score = self.game.state().score;
            self.game.step(buttons);
            if let Some(board) = board
                && self.game.state().score > score
            {
                let at = started + Duration::from_millis(self.game.state().tick.millis());
                board.reached(self.ticket.game, self.game.state().score, at);
            }
        }
        if log.is_empty() {
            return;
        }
        self.queue.push(Event { tick: from, kind: EventKind::Buttons(log) });
        if self.game.is_over() {
            let state = self.game.state();
            self.queue.push(Event { tick: state.tick, kind: EventKind::Over(state.hash()) });
        }
    }

    /// Sends what is queued, oldest first; stops at the first failure.
    async fn flush(&mut self, caller: &Caller, report: &Mutex<Report>) {
        while !self.queue.is_empty() {
            let events = self.queue[..self.queue.len().min(MAX_EVENTS)].to_vec();
            let batch = Batch { schema: SCHEMA_VERSION, first_seq: self.played.acknowledged, events };
            let sent = Instant::now();
            let answer = caller.send(&self.ticket, &batch).await;
            let mut report = report.lock().unwrap_or_else(PoisonError::into_inner);
            match answer {
                Ok(ack) => {
                    report.latencies.push(sent.elapsed());
                    report.events += u64::from(ack.next_seq.0.saturating_sub(self.played.acknowledged.0));
                    self.acknowledge(ack.next_seq);
                    self.ticket.game_token = ack.game_token;
                }
                Err(error) => return report.failed(&error),
            }
        }
    }

    fn acknowledge(&mut self, next: Seq) {
        let count = next.0.saturating_sub(self.played.acknowledged.0) as usize;
        for event in self.queue.drain(..count.min(self.queue.len())) {
            if let EventKind::Buttons(log) = event.kind {
                self.played.buttons.append(&log);
            }
        }
        self.played.acknowledged = next;
    }
}
