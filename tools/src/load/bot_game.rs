//! A bot's game: plays it in real time and sends its events until the server acknowledges them.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use shared::{
    api::{ProblemCode, Ticket},
    bot::Bot,
    event::{Batch, Event, EventKind, MAX_EVENTS, SCHEMA_VERSION},
    ids::Seq,
    replay::{ButtonLog, Seed},
    rules::{Game, TICKS_PER_SECOND},
    time::Tick,
};
use tokio::sync::watch;

use super::{BATCH_INTERVAL, PlayedGame, Report, ScoreboardWatcher};
use crate::client::PlayerClient;

/// Batches from one hash of the game's state to the next.
const BATCHES_PER_HASH: u32 = 10;
/// Batches from one heartbeat of the seat to the next.
const BATCHES_PER_HEARTBEAT: u32 = 5;

/// A game that a bot plays.
pub struct BotGame {
    ticket: Ticket,
    bot: Bot,
    game: Game,
    /// Events that the server has not acknowledged, numbered from `played.acknowledged`.
    queue: Vec<Event>,
    played: PlayedGame,
}

impl BotGame {
    /// The ticket's game with its seed, played by a bot with a seed of its own.
    pub fn new(ticket: Ticket, seed: Seed, bot_seed: u64) -> BotGame {
        let game = Game::new(ticket.tuning.clone(), seed);
        let played = PlayedGame { game: ticket.game, acknowledged: Seq(0), buttons: ButtonLog::default() };
        BotGame { ticket, bot: Bot::new(bot_seed), game, queue: Vec::new(), played }
    }

    /// Plays in real time until the server has acknowledged the whole game. If the load test stops earlier, the bot
    /// sends its remaining events once.
    pub async fn play(
        mut self,
        client: &PlayerClient,
        stopped: &watch::Receiver<bool>,
        report: &Mutex<Report>,
        watcher: Option<&ScoreboardWatcher>,
    ) -> PlayedGame {
        let started = Instant::now();
        let mut batches = 0;
        let mut is_last = false;
        while !is_last {
            tokio::time::sleep(BATCH_INTERVAL).await;
            is_last = *stopped.borrow();
            self.advance(started, watcher);
            batches += 1;
            if batches % BATCHES_PER_HASH == 0 && !self.game.is_over() {
                let state = self.game.state();
                self.queue.push(Event { tick: state.tick, kind: EventKind::Hash(state.hash()) });
            }
            self.send_queue(client, report).await;
            if batches % BATCHES_PER_HEARTBEAT == 0 {
                // The next request for a ticket reports a lost seat.
                let _ = client.send_heartbeat().await;
            }
            is_last |= self.game.is_over() && self.queue.is_empty();
        }
        self.played
    }

    /// Steps to the tick that is due, and queues the events.
    fn advance(&mut self, started: Instant, watcher: Option<&ScoreboardWatcher>) {
        let due = Tick((started.elapsed().as_millis() * u128::from(TICKS_PER_SECOND) / 1000) as u32);
        let from = self.game.state().tick;
        let mut log = ButtonLog::default();
        while !self.game.is_over() && self.game.state().tick < due {
            let buttons = self.bot.buttons(&self.game);
            log.push(buttons);
            let score = self.game.state().score;
            self.game.step(buttons);
            if let Some(watcher) = watcher
                && self.game.state().score > score
            {
                let at = started + Duration::from_millis(self.game.state().tick.millis());
                watcher.score_reached(self.ticket.game, self.game.state().score, at);
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

    /// Sends queued events, oldest first, until the queue is empty or a request fails.
    async fn send_queue(&mut self, client: &PlayerClient, report: &Mutex<Report>) {
        while !self.queue.is_empty() {
            let events = self.queue[..self.queue.len().min(MAX_EVENTS)].to_vec();
            let batch = Batch { schema: SCHEMA_VERSION, first_seq: self.played.acknowledged, events };
            let sent = Instant::now();
            let result = client.send_events(self.ticket.game, &self.ticket.game_token, &batch).await;
            let mut report = report.lock().unwrap_or_else(PoisonError::into_inner);
            match result {
                Ok(ack) => {
                    report.latencies.push(sent.elapsed());
                    report.events += u64::from(ack.next_seq.0.saturating_sub(self.played.acknowledged.0));
                    self.acknowledge(ack.next_seq);
                    self.ticket.game_token = ack.game_token;
                }
                // The clocks of bot and server differ a little; the bot sends again after the next interval.
                Err(error) if error.code() == Some(ProblemCode::TooEarly) => return,
                Err(error) => return report.count_error(&error),
            }
        }
    }

    /// Removes the events below `next_seq` from the queue.
    fn acknowledge(&mut self, next_seq: Seq) {
        let count = next_seq.0.saturating_sub(self.played.acknowledged.0) as usize;
        for event in self.queue.drain(..count.min(self.queue.len())) {
            if let EventKind::Buttons(log) = event.kind {
                self.played.buttons.append(&log);
            }
        }
        self.played.acknowledged = next_seq;
    }
}
