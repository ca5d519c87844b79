//! The server's clock. It starts at the machine's wall clock and runs steadily from there, whatever happens to the wall
//! clock meanwhile: a step of the wall clock must not reject games, free seats or close sessions.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use rustix::time::{ClockId, clock_gettime};
use shared::time::Timestamp;

/// The clock that measures durations. It also counts the time in which the machine is suspended.
#[cfg(target_os = "linux")]
const STEADY_CLOCK: ClockId = ClockId::Boottime;
/// As on Linux: on macOS this clock counts suspension.
#[cfg(not(target_os = "linux"))]
const STEADY_CLOCK: ClockId = ClockId::Monotonic;
/// The smallest lead of the wall clock that is a step.
const MIN_STEP: Duration = Duration::from_secs(1);
/// How long the wall clock must be ahead before this clock follows a step.
const STEP_DELAY: Duration = Duration::from_secs(120);

/// A clock that never goes back. Clones share their state.
///
/// - A backward step of the wall clock changes nothing: the clock runs on.
/// - A forward step is followed by [`Clock::follow_wall`] alone, once it has lasted for two minutes.
///
/// The clock does not slow down to let the wall clock catch up: honest games would then be ahead of it.
#[derive(Clone)]
pub struct Clock(Arc<Shared>);

struct Shared {
    wall: Box<dyn Fn() -> Duration + Send + Sync>,
    steady: Box<dyn Fn() -> Duration + Send + Sync>,
    state: Mutex<State>,
}

struct State {
    /// A reading of the steady clock.
    started: Duration,
    /// The time since 1970 of that reading. It only grows.
    origin: Duration,
    lead: Option<Lead>,
    steps: Vec<Step>,
}

/// The wall clock is ahead.
struct Lead {
    /// The reading of the steady clock from which on it was ahead in every comparison.
    since: Duration,
    /// By how much at least.
    smallest: Duration,
}

/// A forward step of this clock.
struct Step {
    /// The time just before it.
    at: Timestamp,
    millis: u64,
}

impl Clock {
    /// Creates a clock over the machine's wall clock. A wall clock before 1970 counts as 1970.
    pub fn system() -> Clock {
        let wall = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        // The kernel returns no negative time.
        let steady = || Duration::try_from(clock_gettime(STEADY_CLOCK)).unwrap_or_default();
        Clock::new(wall, steady)
    }

    /// Creates a clock over a wall clock, which returns the time since 1970, and a steady clock, which never goes back.
    pub fn new(
        wall: impl Fn() -> Duration + Send + Sync + 'static,
        steady: impl Fn() -> Duration + Send + Sync + 'static,
    ) -> Clock {
        let state = State { started: steady(), origin: wall(), lead: None, steps: Vec::new() };
        Clock(Arc::new(Shared { wall: Box::new(wall), steady: Box::new(steady), state: Mutex::new(state) }))
    }

    /// Returns the current time.
    pub fn now(&self) -> Timestamp {
        let state = self.state();
        timestamp(state.at((self.0.steady)()))
    }

    /// Moves the clock forward to `time` if it is behind. Call it at the start of the server, with the latest time in the
    /// stored data.
    pub fn raise_to(&self, time: Timestamp) {
        let mut state = self.state();
        let now = state.at((self.0.steady)());
        let Some(behind) = Duration::from_millis(time.0).checked_sub(now).filter(|behind| !behind.is_zero()) else {
            return;
        };
        state.origin += behind;
        if behind >= MIN_STEP {
            let seconds = behind.as_secs();
            tracing::warn!(
                seconds,
                "the machine's clock is behind the latest time in the stored data; the server continues from that time"
            );
        }
    }

    /// Compares this clock with the wall clock. If the wall clock has been ahead for two minutes and `may_step` is set,
    /// this clock steps forward by the smallest lead of that time. Call it about once a second.
    pub fn follow_wall(&self, may_step: bool) {
        let wall = (self.0.wall)();
        let mut state = self.state();
        let steady = (self.0.steady)();
        let now = state.at(steady);
        let ahead = wall.saturating_sub(now);
        let before = state.lead.take();
        if ahead < MIN_STEP {
            return;
        }
        let lead = match before {
            Some(Lead { since, smallest }) => Lead { since, smallest: smallest.min(ahead) },
            None => Lead { since: steady, smallest: ahead },
        };
        if may_step && steady.saturating_sub(lead.since) >= STEP_DELAY {
            let millis = lead.smallest.as_millis() as u64;
            tracing::warn!(millis, "the machine's clock was set forward; the server's clock follows");
            state.origin += lead.smallest;
            state.steps.push(Step { at: timestamp(now), millis });
        } else {
            state.lead = Some(lead);
        }
    }

    /// Returns whether something has expired that was issued `lifetime_millis` before `expires_at`. Steps of this clock
    /// since then do not shorten its life.
    pub fn has_expired(&self, expires_at: Timestamp, lifetime_millis: u64) -> bool {
        let issued_at = Timestamp(expires_at.0.saturating_sub(lifetime_millis));
        let state = self.state();
        let skipped = state.steps.iter().filter(|step| step.at >= issued_at).map(|step| step.millis).sum();
        expires_at.after_millis(skipped) <= timestamp(state.at((self.0.steady)()))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The time since 1970 of a reading of the steady clock.
    fn at(&self, steady: Duration) -> Duration {
        self.origin + steady.saturating_sub(self.started)
    }
}

fn timestamp(since_1970: Duration) -> Timestamp {
    Timestamp(since_1970.as_millis() as u64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const START: u64 = 1_000_000_000_000;
    const DAY: i64 = 24 * 60 * 60 * 1000;

    /// A machine whose clocks move only when the test says so. Both are in milliseconds.
    #[derive(Clone)]
    struct Machine(Arc<Mutex<(u64, u64)>>);

    impl Machine {
        fn new() -> (Machine, Clock) {
            let machine = Machine(Arc::new(Mutex::new((START, 5_000))));
            let (wall, steady) = (machine.clone(), machine.clone());
            let clock = Clock::new(
                move || Duration::from_millis(wall.0.lock().unwrap().0),
                move || Duration::from_millis(steady.0.lock().unwrap().1),
            );
            (machine, clock)
        }

        fn advance(&self, millis: u64) {
            let mut clocks = self.0.lock().unwrap();
            *clocks = (clocks.0 + millis, clocks.1 + millis);
        }

        fn step(&self, millis: i64) {
            let mut clocks = self.0.lock().unwrap();
            clocks.0 = clocks.0.saturating_add_signed(millis);
        }

        fn wall(&self) -> Timestamp {
            Timestamp(self.0.lock().unwrap().0)
        }

        /// Lets seconds pass, with a comparison in each.
        fn run(&self, clock: &Clock, seconds: u64, may_step: bool) {
            for _ in 0..seconds {
                self.advance(1_000);
                clock.follow_wall(may_step);
            }
        }
    }

    #[test]
    fn a_day_ahead_for_a_minute_leaves_no_trace() {
        let (machine, clock) = Machine::new();
        machine.step(DAY);
        machine.run(&clock, 60, true);
        machine.step(-DAY);
        machine.run(&clock, 300, true);
        assert_eq!(clock.now(), Timestamp(START + 360_000));
    }

    #[test]
    fn a_lasting_forward_step_is_followed_after_two_minutes_when_allowed() {
        let (machine, clock) = Machine::new();
        machine.step(DAY);
        machine.run(&clock, 300, false);
        assert_eq!(clock.now(), Timestamp(START + 300_000));
        machine.run(&clock, 1, true);
        assert_eq!(clock.now(), machine.wall());
        // From here on it runs steadily again.
        machine.step(DAY);
        machine.run(&clock, 119, true);
        assert_eq!(machine.wall().millis_since(clock.now()), DAY as u64);
    }

    #[test]
    fn the_smallest_lead_is_followed() {
        let (machine, clock) = Machine::new();
        machine.step(DAY);
        machine.run(&clock, 60, true);
        machine.step(5_000 - DAY);
        machine.run(&clock, 61, true);
        assert_eq!(clock.now(), Timestamp(START + 121_000 + 5_000));
    }

    #[test]
    fn a_step_does_not_shorten_the_life_of_what_was_issued_before() {
        let (machine, clock) = Machine::new();
        let before = clock.now().after_millis(600_000);
        machine.step(DAY);
        machine.run(&clock, 121, true);
        let after = clock.now().after_millis(600_000);
        machine.advance(600_000 - 121_000 - 1);
        assert!(!clock.has_expired(before, 600_000) && !clock.has_expired(after, 600_000));
        machine.advance(1);
        assert!(clock.has_expired(before, 600_000) && !clock.has_expired(after, 600_000));
        machine.advance(121_000);
        assert!(clock.has_expired(after, 600_000));
    }

    #[test]
    fn a_clock_that_is_raised_never_goes_back() {
        let (machine, clock) = Machine::new();
        clock.raise_to(Timestamp(START - 1));
        assert_eq!(clock.now(), Timestamp(START));
        clock.raise_to(Timestamp(START + 3_600_000));
        machine.run(&clock, 300, true);
        assert_eq!(clock.now(), Timestamp(START + 3_900_000));
    }

    /// What happens to a machine.
    #[derive(Debug, Clone)]
    enum Event {
        Advance(u64),
        Step(i64),
        Compare(bool),
        Raise(i64),
    }

    fn event() -> impl Strategy<Value = Event> {
        let step = prop_oneof![-DAY..DAY, -5_000..5_000_i64];
        prop_oneof![
            4 => (0..60_000_u64).prop_map(Event::Advance),
            2 => step.clone().prop_map(Event::Step),
            4 => any::<bool>().prop_map(Event::Compare),
            1 => step.prop_map(Event::Raise),
        ]
    }

    proptest! {
        #[test]
        fn the_clock_moves_with_the_steady_clock_alone_except_for_lasting_leads(
            events in proptest::collection::vec(event(), 1..200),
        ) {
            let (machine, clock) = Machine::new();
            // The comparisons since the wall clock was last not ahead: time of the steady clock, and lead.
            let mut ahead: Vec<(u64, u64)> = Vec::new();
            let mut elapsed = 0;
            for event in events {
                let before = clock.now();
                match event {
                    Event::Advance(millis) => {
                        elapsed += millis;
                        machine.advance(millis);
                        prop_assert_eq!(clock.now(), before.after_millis(millis));
                    }
                    Event::Step(millis) => {
                        machine.step(millis);
                        prop_assert_eq!(clock.now(), before);
                    }
                    Event::Raise(millis) => {
                        let time = Timestamp(before.0.saturating_add_signed(millis));
                        clock.raise_to(time);
                        prop_assert_eq!(clock.now(), before.max(time));
                    }
                    Event::Compare(may_step) => {
                        ahead.push((elapsed, machine.wall().millis_since(before)));
                        if ahead.last().is_some_and(|(_, lead)| *lead < 1_000) {
                            ahead.clear();
                        }
                        let is_lasting = ahead.first().is_some_and(|(since, _)| elapsed - since >= 120_000);
                        let smallest = ahead.iter().map(|(_, lead)| *lead).min();
                        clock.follow_wall(may_step);
                        let step = smallest.filter(|_| may_step && is_lasting);
                        prop_assert_eq!(clock.now(), before.after_millis(step.unwrap_or_default()));
                        if step.is_some() {
                            ahead.clear();
                        }
                    }
                }
            }
        }
    }
}
