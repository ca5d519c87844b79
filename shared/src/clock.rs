//! Estimates the offset between a browser's clock and the server's, so that a common start happens at one instant
//! everywhere.

use crate::time::Timestamp;

/// Number of samples for one estimate.
pub const CLOCK_SAMPLES: usize = 5;

/// One request for the server's time. Local times are milliseconds of the client's own clock.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClockSample {
    /// Local time when the request was sent.
    pub sent_at: f64,
    /// Server time in the response.
    pub server: Timestamp,
    /// Local time when the response arrived.
    pub received_at: f64,
}

impl ClockSample {
    /// Milliseconds from the request to the response.
    fn round_trip(&self) -> f64 {
        self.received_at - self.sent_at
    }

    /// Server time minus local time, assuming that the server read its clock halfway through the round trip.
    fn offset(&self) -> f64 {
        self.server.0 as f64 - (self.sent_at + self.received_at) / 2.0
    }
}

/// Server time minus local time, in milliseconds; `None` without a sample.
///
/// Uses the sample with the shortest round trip. The error is at most half of that round trip.
pub fn clock_offset(samples: &[ClockSample]) -> Option<f64> {
    let fastest = samples.iter().min_by(|a, b| a.round_trip().total_cmp(&b.round_trip()));
    fastest.map(ClockSample::offset)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn error_is_at_most_half_of_the_shortest_round_trip(
            ahead in -1e7_f64..1e7,
            delays in proptest::collection::vec((0.0_f64..500.0, 0.0_f64..500.0), 1..8),
        ) {
            let sent_at = 1e9;
            let samples: Vec<ClockSample> = delays
                .iter()
                .map(|(request, response)| ClockSample {
                    sent_at,
                    server: Timestamp((sent_at + request + ahead) as u64),
                    received_at: sent_at + request + response,
                })
                .collect();
            let shortest = delays.iter().map(|(request, response)| request + response).fold(f64::MAX, f64::min);
            let estimate = clock_offset(&samples).unwrap();
            // Rounding loses up to a millisecond.
            prop_assert!((estimate - ahead).abs() <= shortest / 2.0 + 1.0);
        }
    }
}
