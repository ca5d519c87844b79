//! The state of telemetry: the game that is being recorded, and an outbox for each game with unacknowledged events.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::bevy::prelude::*;
use shared::{
    event::{Event, EventKind},
    ids::GameId,
    replay::ButtonLog,
    time::Tick,
};

use super::{outbox::Outbox, queue::Queue};
use crate::page::storage;

/// The prefix of the storage keys of queues. The game's ID follows it.
const STORAGE_PREFIX: &str = "game.";

/// Shares [`TelemetryState`] with the page's callbacks: no system runs any more when the page is closed.
#[derive(Resource, Clone, Default)]
pub struct Telemetry(Arc<Mutex<TelemetryState>>);

#[derive(Default)]
pub struct TelemetryState {
    /// The player's game, while it is recorded.
    current: Option<Recording>,
    pub outboxes: Vec<Outbox>,
}

/// The progress of a game's recording.
struct Recording {
    game: GameId,
    /// The buttons that no event contains yet.
    log: ButtonLog,
    /// Ticks recorded.
    tick: Tick,
}

pub fn plugin(app: &mut App) {
    let telemetry = Telemetry::default();
    telemetry.lock().outboxes = load_queues();
    app.insert_resource(telemetry);
}

/// Loads the queues that earlier visits have left in the storage.
fn load_queues() -> Vec<Outbox> {
    storage::keys(STORAGE_PREFIX).iter().filter_map(|key| storage::load(key)).map(Outbox::new).collect()
}

fn storage_key(game: GameId) -> String {
    format!("{STORAGE_PREFIX}{game}")
}

impl Telemetry {
    /// Starts to record a new game. If the server issued the ticket of an earlier start again, it has no ticks of that start
    /// and takes none any more, so its events are dropped.
    pub fn start_recording(&self, game: GameId, token: &str) {
        let mut state = self.lock();
        state.delete_queue(game);
        state.current = Some(Recording { game, log: ButtonLog::default(), tick: Tick::ZERO });
        state.outboxes.push(Outbox::new(Queue::new(game, token.to_owned())));
    }

    /// Whether the first ticks of an earlier game may still reach the server. Until then the server takes the game for
    /// unplayed, and would issue its ticket again.
    pub fn is_sending_first_ticks(&self) -> bool {
        self.lock().outboxes.iter().any(Outbox::is_sending_first_ticks)
    }

    /// Records the buttons of ticks that were played.
    pub fn record_buttons(&self, log: &ButtonLog) {
        if let Some(recording) = &mut self.lock().current {
            recording.log.append(log);
            recording.tick = recording.tick.after(log.ticks());
        }
    }

    /// Records an event at the current tick.
    pub fn record_event(&self, kind: EventKind) {
        let mut state = self.lock();
        state.flush_buttons();
        state.push_event(kind);
        state.save_current_queue();
    }

    /// Moves the buttons recorded so far into an event.
    pub fn flush_buttons(&self) {
        let mut state = self.lock();
        state.flush_buttons();
        state.save_current_queue();
    }

    /// Records the last event of the game. Later events are ignored.
    pub fn stop_recording(&self, last: EventKind) {
        self.record_event(last);
        self.lock().current = None;
    }

    /// Whether a system holds the state, so that [`Telemetry::lock`] would wait.
    pub fn is_locked(&self) -> bool {
        self.0.try_lock().is_err()
    }

    pub fn lock(&self) -> MutexGuard<'_, TelemetryState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TelemetryState {
    fn flush_buttons(&mut self) {
        let Some(recording) = self.current.as_mut().filter(|recording| !recording.log.is_empty()) else {
            return;
        };
        let log = std::mem::take(&mut recording.log);
        let tick = Tick(recording.tick.0 - log.ticks());
        let game = recording.game;
        if let Some(outbox) = self.outbox(game) {
            outbox.queue.push(Event { tick, kind: EventKind::Buttons(log) });
        }
    }

    fn push_event(&mut self, kind: EventKind) {
        let Some((game, tick)) = self.current.as_ref().map(|recording| (recording.game, recording.tick)) else {
            return;
        };
        if let Some(outbox) = self.outbox(game) {
            outbox.queue.push(Event { tick, kind });
        }
    }

    pub fn outbox(&mut self, game: GameId) -> Option<&mut Outbox> {
        self.outboxes.iter_mut().find(|outbox| outbox.queue.game == game)
    }

    fn save_current_queue(&mut self) {
        if let Some(game) = self.current_game() {
            self.save_queue(game);
        }
    }

    /// Saves a game's queue, so that another visit can send it.
    pub fn save_queue(&mut self, game: GameId) {
        let key = storage_key(game);
        match self.outbox(game) {
            Some(outbox) if outbox.queue.is_empty() => storage::remove(&key),
            Some(outbox) => storage::save(&key, &outbox.queue),
            None => {}
        }
    }

    /// Deletes a game's events.
    pub fn delete_queue(&mut self, game: GameId) {
        storage::remove(&storage_key(game));
        self.outboxes.retain(|outbox| outbox.queue.game != game);
    }

    /// Drops the outboxes that have sent everything, except the current game's.
    pub fn drop_finished_outboxes(&mut self) {
        let current = self.current_game();
        self.outboxes.retain(|outbox| !outbox.queue.is_empty() || Some(outbox.queue.game) == current);
    }

    fn current_game(&self) -> Option<GameId> {
        self.current.as_ref().map(|recording| recording.game)
    }
}
