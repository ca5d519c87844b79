//! The clocks of this machine and of the server.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use shared::{
    clock::{ClockSample, clock_offset},
    time::Timestamp,
};

/// The current time on this machine. A system clock before 1970 counts as 1970.
pub fn now() -> Timestamp {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(since_epoch.as_millis() as u64)
}

/// An estimate of the server's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct ServerClock {
    /// The server's time minus this machine's, milliseconds.
    offset: f64,
    /// The largest error of this estimate, milliseconds.
    error: f64,
}

impl ServerClock {
    /// The estimate from samples of the server's clock.
    pub fn new(samples: &[ClockSample]) -> ServerClock {
        let round_trips = samples.iter().map(|sample| sample.received_at - sample.sent_at);
        let fastest = round_trips.fold(f64::MAX, f64::min);
        // Both clocks are read in whole milliseconds.
        ServerClock { offset: clock_offset(samples).unwrap_or_default(), error: fastest / 2.0 + 2.0 }
    }

    /// The server's time.
    pub fn now(&self) -> Timestamp {
        self.after(0.0)
    }

    /// The latest time that the server's clock can show now.
    pub fn latest(&self) -> Timestamp {
        self.after(self.error)
    }

    /// The time that is left until an instant on the server's clock.
    pub fn time_until(&self, instant: Timestamp) -> Duration {
        Duration::from_millis(instant.millis_since(self.now()))
    }

    fn after(&self, millis: f64) -> Timestamp {
        Timestamp((now().0 as f64 + self.offset + millis).max(0.0) as u64)
    }
}
