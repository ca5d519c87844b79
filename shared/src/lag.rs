//! The lag of a button: the time from when it was due until the server received it.
//!
//! In a real-time session the largest lag decides whether a game ranks, because a late button may have been chosen late. A
//! tick without buttons chooses nothing. So the idle ticks of a paused game, whose clock ran on, may arrive late and at once.

use crate::{
    event::{Event, EventKind},
    time::{Tick, Timestamp},
};

/// The first button of an event, as the number of ticks that have been played after its tick. `None` if no button is held
/// in any tick of the event.
pub fn first_button(event: &Event) -> Option<Tick> {
    match &event.kind {
        EventKind::Buttons(log) => log.ticks_before_button().map(|idle| event.tick.after(idle).after(1)),
        _ => None,
    }
}

/// The lag of a button from [`first_button`], milliseconds; 0 if it was received before it was due.
pub fn button_lag(button: Tick, started_at: Timestamp, received_at: Timestamp) -> u64 {
    received_at.millis_since(button.due(started_at))
}

/// The largest lag of a button in events that were received at the same time, milliseconds; 0 without a button.
pub fn largest_lag<'e>(
    events: impl IntoIterator<Item = &'e Event>,
    started_at: Timestamp,
    received_at: Timestamp,
) -> u64 {
    let buttons = events.into_iter().filter_map(first_button);
    buttons.map(|button| button_lag(button, started_at, received_at)).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{Buttons, StateHash};

    const START: Timestamp = Timestamp(5_000);

    /// An event from tick 60 on: ticks without buttons, then ticks with fire.
    fn event(idle: usize, fire: usize) -> Event {
        let log = std::iter::repeat_n(Buttons::empty(), idle).chain(std::iter::repeat_n(Buttons::FIRE, fire));
        Event { tick: Tick(60), kind: EventKind::Buttons(log.collect()) }
    }

    #[test]
    fn lag_begins_when_the_tick_of_the_first_button_is_over() {
        assert_eq!(first_button(&event(59, 1)), Some(Tick(120)));
        // 120 ticks are due two seconds after the start.
        for (received_at, lag) in [(6_000, 0), (7_000, 0), (7_500, 500), (67_000, 60_000)] {
            assert_eq!(largest_lag([&event(59, 600)], START, Timestamp(received_at)), lag);
        }
    }

    #[test]
    fn the_earliest_button_of_all_events_counts() {
        let later = Event { tick: Tick(720), ..event(0, 60) };
        assert_eq!(largest_lag([&later, &event(59, 601)], START, Timestamp(9_000)), 2_000);
    }

    #[test]
    fn ticks_without_buttons_and_other_events_have_no_lag() {
        let hour = Timestamp(3_600_000);
        let hash = Event { tick: Tick(60), kind: EventKind::Hash(StateHash(1)) };
        assert_eq!(largest_lag([&event(600, 0), &hash], START, hour), 0);
        // Idle ticks that came late have no lag, and the button after them was in time.
        let resumed = event(3_540, 60);
        assert_eq!(largest_lag([&resumed], START, Tick(3_601).due(START)), 0);
        assert_eq!(largest_lag([], START, hour), 0);
    }
}
