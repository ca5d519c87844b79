//! The marks of a game: figures of its buttons, from the replay that a manager reads, and of its pace.

use std::time::{Duration, Instant};

use shared::{
    api::GameView,
    hands::{HandFigures, HandMark, PaceFigures, marks, pace_marks},
    time::{TICKS_PER_SECOND, Tick},
};

use crate::client::{ManagerClient, RequestError};

/// A batch with more ticks is bulk, as for the server: five seconds of play.
const BULK_TICKS: u32 = 5 * TICKS_PER_SECOND;
/// Growth of the lag that counts, as for the server.
const MIN_LAG_GROWTH: Duration = Duration::from_millis(500);

/// The marks of a processed game. `deliveries` has what the API does not show: how the ticks arrived.
///
/// # Errors
/// If the server does not return the game's replay.
pub async fn marks_of(
    manager: &ManagerClient,
    game: &GameView,
    deliveries: &Deliveries,
) -> Result<Vec<HandMark>, RequestError> {
    let replay = manager.replay(game.game).await?.replay;
    let pace = PaceFigures {
        pace_percent: game.pace_percent,
        max_lag_millis: deliveries.max_lag.as_millis() as u64,
        lag_sum_millis: deliveries.lag_sum.as_millis() as u64,
        bulk_percent: deliveries.bulk_percent(),
        parallel_games: 1,
    };
    let mut marks = marks(&HandFigures::of(&replay));
    marks.extend(pace_marks(&pace));
    Ok(marks)
}

/// How the ticks of a game arrived at the server, as its client sees it: by the times of the acknowledgements.
#[derive(Debug, Clone)]
pub struct Deliveries {
    started: Instant,
    last_tick: Tick,
    last_lag: Duration,
    max_lag: Duration,
    lag_sum: Duration,
    bulk_ticks: u32,
}

impl Deliveries {
    /// Nothing has arrived of a game that started then.
    pub fn new(started: Instant) -> Deliveries {
        Deliveries {
            started,
            last_tick: Tick::ZERO,
            last_lag: Duration::ZERO,
            max_lag: Duration::ZERO,
            lag_sum: Duration::ZERO,
            bulk_ticks: 0,
        }
    }

    /// Notes that a batch was acknowledged with which the game has `tick` ticks.
    pub fn add(&mut self, tick: Tick, now: Instant) {
        let ticks = tick.0.saturating_sub(self.last_tick.0);
        if ticks == 0 {
            return;
        }
        let lag = now.duration_since(self.started).saturating_sub(Duration::from_millis(tick.millis()));
        let growth = lag.saturating_sub(self.last_lag);
        if growth >= MIN_LAG_GROWTH {
            self.lag_sum += growth;
        }
        if ticks > BULK_TICKS {
            self.bulk_ticks += ticks;
        }
        self.max_lag = self.max_lag.max(lag);
        (self.last_tick, self.last_lag) = (tick, lag);
    }

    fn bulk_percent(&self) -> u8 {
        (u64::from(self.bulk_ticks) * 100 / u64::from(self.last_tick.0.max(1))) as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deliveries_have_the_largest_lag_its_growth_and_the_share_in_bulk() {
        let started = Instant::now();
        let mut deliveries = Deliveries::new(started);
        // Real time with 0.4 s of delay, then nothing for eight seconds, then ten seconds of play at once.
        for (tick, millis) in [(60, 1_400), (60, 1_900), (120, 10_400), (720, 20_400)] {
            deliveries.add(Tick(tick), started + Duration::from_millis(millis));
        }
        let Deliveries { max_lag, lag_sum, bulk_ticks, .. } = deliveries;
        assert_eq!((max_lag, lag_sum), (Duration::from_millis(8_400), Duration::from_millis(8_000)));
        assert_eq!((bulk_ticks, deliveries.bulk_percent()), (600, 83));
    }
}
