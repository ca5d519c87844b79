//! The clock of this machine.

use std::time::{SystemTime, UNIX_EPOCH};

use shared::time::Timestamp;

/// The current time. A system clock before 1970 counts as 1970.
pub fn now() -> Timestamp {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(since_epoch.as_millis() as u64)
}
