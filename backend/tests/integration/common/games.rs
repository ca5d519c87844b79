//! Events and whole games as a browser sends them.

use std::time::Duration;

use shared::{
    api::{GameView, Ticket},
    event::{Batch, Event, EventKind, SCHEMA_VERSION},
    ids::Seq,
    replay::ButtonLog,
    rules::{Buttons, Game},
    time::{Tick, Timestamp},
    verdict::Verdict,
};

use super::now;

/// Ticks of buttons in one event: a second.
const EVENT_TICKS: u32 = 60;

/// A batch of the current schema version.
pub fn batch(first_seq: u32, events: Vec<Event>) -> Batch {
    Batch { schema: SCHEMA_VERSION, first_seq: Seq(first_seq), events }
}

/// An event: `buttons` held for `ticks` ticks from `tick` on.
pub fn hold(tick: u32, buttons: Buttons, ticks: usize) -> Event {
    let log: ButtonLog = std::iter::repeat_n(buttons, ticks).collect();
    Event { tick: Tick(tick), kind: EventKind::Buttons(log) }
}

/// Plays the ticket's game to its end with `buttons` held. Returns its events and the game.
pub fn play_out(ticket: &Ticket, buttons: Buttons) -> (Vec<Event>, Game) {
    let seed = ticket.seed.known().expect("the seed of the ticket is secret");
    let mut game = Game::new(ticket.tuning.clone(), seed);
    let mut events = Vec::new();
    while !game.is_over() {
        let tick = game.state().tick;
        let mut log = ButtonLog::default();
        while !game.is_over() && log.ticks() < EVENT_TICKS {
            log.push(buttons);
            game.step(buttons);
        }
        events.push(Event { tick, kind: EventKind::Buttons(log) });
    }
    let state = game.state();
    events.push(Event { tick: state.tick, kind: EventKind::Over(state.hash()) });
    (events, game)
}

/// The clocks of servers that run since different instants differ by less than this from this machine's.
const CLOCK_TOLERANCE: Duration = Duration::from_millis(5);

/// Waits until the clock of this machine, where servers' clocks start, has reached `instant`.
pub async fn wait_until(instant: Timestamp) {
    tokio::time::sleep(Duration::from_millis(instant.0.saturating_sub(now().0)) + CLOCK_TOLERANCE).await;
    assert!(now() >= instant);
}

/// Waits until the game's first `tick` ticks can have been played in real time. A server accepts no events before that.
pub async fn wait_for_tick(ticket: &Ticket, tick: Tick) {
    wait_until(tick.due(ticket.started_at)).await;
}

/// Whether a game was rejected.
pub fn is_rejected(view: &GameView) -> bool {
    matches!(view.verdict, Verdict::Rejected { .. })
}
