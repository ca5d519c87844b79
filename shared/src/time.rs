//! Time: ticks of a game and timestamps of the server's clock.

use serde::{Deserialize, Serialize};

/// Ticks in one second of play.
pub const TICKS_PER_SECOND: u32 = 60;

/// Ticks since the start of a game, 60 per second.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tick(pub u32);

impl Tick {
    /// The start of a game.
    pub const ZERO: Tick = Tick(0);

    /// The next tick.
    pub fn next(self) -> Tick {
        Tick(self.0.saturating_add(1))
    }

    /// The tick `ticks` later.
    pub fn after(self, ticks: u32) -> Tick {
        Tick(self.0.saturating_add(ticks))
    }

    /// The duration of this many ticks in milliseconds, rounded down.
    pub fn millis(self) -> u64 {
        u64::from(self.0) * 1000 / u64::from(TICKS_PER_SECOND)
    }

    /// The last tick that is due at `now` in a game that started at `started_at`: in real time, the game cannot be
    /// further. [`Tick::ZERO`] before the start.
    pub fn last_due(started_at: Timestamp, now: Timestamp) -> Tick {
        let ticks = now.millis_since(started_at).saturating_mul(u64::from(TICKS_PER_SECOND)) / 1000;
        Tick(ticks.try_into().unwrap_or(u32::MAX))
    }

    /// The time at which the first this many ticks of a game that starts at `started_at` have been played in real time,
    /// rounded up to a millisecond.
    pub fn due(self, started_at: Timestamp) -> Timestamp {
        started_at.after_millis((u64::from(self.0) * 1000).div_ceil(u64::from(TICKS_PER_SECOND)))
    }
}

/// A point in time: milliseconds since 1970-01-01 UTC.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Timestamp(pub u64);

impl Timestamp {
    /// The time `millis` milliseconds later.
    pub fn after_millis(self, millis: u64) -> Timestamp {
        Timestamp(self.0.saturating_add(millis))
    }

    /// The time `minutes` minutes later.
    pub fn after_minutes(self, minutes: u32) -> Timestamp {
        self.after_millis(u64::from(minutes) * 60_000)
    }

    /// Milliseconds from `earlier` to this time; 0 if `earlier` is later.
    pub fn millis_since(self, earlier: Timestamp) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tick_is_due_when_its_time_is_over() {
        let due = |tick| Tick(tick).due(Timestamp(1_000)).0;
        assert_eq!([0, 1, 2, 3, 60, 61].map(due), [1_000, 1_017, 1_034, 1_050, 2_000, 2_017]);
        assert_eq!(Tick(u32::MAX).due(Timestamp(u64::MAX)), Timestamp(u64::MAX));
    }
}
