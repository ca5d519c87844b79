//! The wall clock of this machine.

use std::time::{SystemTime, UNIX_EPOCH};

use shared::time::Timestamp;

/// This instant.
pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(since.as_millis() as u64)
}
