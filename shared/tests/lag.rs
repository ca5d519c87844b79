//! The lag of buttons, for random buttons and random ways to send them.

use proptest::prelude::*;
use shared::{
    event::{Event, EventKind},
    lag::largest_lag,
    rules::Buttons,
    time::{Tick, Timestamp},
};

const START: Timestamp = Timestamp(1_000);

/// Buttons, each held for some ticks, with pauses.
fn any_buttons() -> impl Strategy<Value = Vec<Buttons>> {
    let held = prop_oneof![Just(Buttons::empty()), (0_u8..8).prop_map(Buttons::from_bits_truncate)];
    let runs = prop::collection::vec((held, 1_usize..100), 1..30);
    runs.prop_map(|runs| runs.into_iter().flat_map(|(held, ticks)| std::iter::repeat_n(held, ticks)).collect())
}

/// The buttons as events: one for each piece of a log that is cut at these ticks.
fn events(buttons: &[Buttons], cuts: &[prop::sample::Index]) -> Vec<Event> {
    let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(buttons.len())).filter(|cut| *cut > 0).collect();
    cuts.push(buttons.len());
    cuts.sort_unstable();
    cuts.dedup();
    let starts: Vec<usize> = std::iter::once(0).chain(cuts.iter().copied()).collect();
    let event = |(from, to): (usize, usize)| Event {
        tick: Tick(from as u32),
        kind: EventKind::Buttons(buttons[from..to].iter().copied().collect()),
    };
    starts.into_iter().zip(cuts).map(event).collect()
}

/// The lag of the earliest button, tick by tick.
fn lag_by_ticks(buttons: &[Buttons], received_at: Timestamp) -> u64 {
    let first = buttons.iter().position(|buttons| !buttons.is_empty());
    first.map_or(0, |index| received_at.millis_since(Tick(index as u32 + 1).due(START)))
}

proptest! {
    #[test]
    fn splitting_a_log_into_events_does_not_change_the_largest_lag(
        buttons in any_buttons(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..9),
        received_at in (0_u64..200_000).prop_map(Timestamp),
    ) {
        let lag = largest_lag(&events(&buttons, &cuts), START, received_at);
        prop_assert_eq!(lag, lag_by_ticks(&buttons, received_at));
    }

    #[test]
    fn idle_ticks_before_a_log_add_no_lag(
        buttons in any_buttons(),
        idle in 0_usize..100_000,
        late in 0_u64..100_000,
    ) {
        let lag = |idle: usize| {
            let log: Vec<Buttons> = std::iter::repeat_n(Buttons::empty(), idle).chain(buttons.iter().copied()).collect();
            let received_at = Tick((idle + buttons.len()) as u32).due(START).after_millis(late);
            largest_lag(&events(&log, &[]), START, received_at)
        };
        // Times are rounded to milliseconds.
        prop_assert!(lag(idle).abs_diff(lag(0)) <= 1);
    }
}
