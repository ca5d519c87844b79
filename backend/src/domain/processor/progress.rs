//! Whether the processor has caught up with the stream, and for how long it has not.

use std::time::{Duration, Instant};

use super::NewerRecord;

/// Whether the processor has processed all records on the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// At the last check, all records were processed.
    CaughtUp,
    /// There have been unprocessed records since that instant.
    BehindSince(Instant),
    /// Only a newer server can process a record, and the processor has left its shard to one.
    Outdated(NewerRecord),
}

impl Progress {
    /// Notes that there may be unprocessed records. An earlier instant is kept.
    pub(super) fn fall_behind(&mut self) {
        if *self == Progress::CaughtUp {
            *self = Progress::BehindSince(Instant::now());
        }
    }

    /// Returns for how long there have been unprocessed records; zero if there are none.
    pub fn behind(self) -> Duration {
        match self {
            Progress::CaughtUp | Progress::Outdated(_) => Duration::ZERO,
            Progress::BehindSince(since) => since.elapsed(),
        }
    }
}
