//! Waits for a condition, with a limit.

use std::time::Duration;

/// How long a condition may take to become true. Only a failing test waits this long.
pub const LIMIT: Duration = Duration::from_secs(60);

/// The time between two checks of a condition.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// Repeats `check` until it returns a value, and returns that value.
///
/// # Panics
/// If it does not within [`LIMIT`]; the message has `expected` and the last error of `check`.
pub async fn eventually<T>(expected: &str, mut check: impl AsyncFnMut() -> Result<T, String>) -> T {
    let mut last_error = "the first check did not finish".to_owned();
    let poll = async {
        loop {
            match check().await {
                Ok(value) => return value,
                Err(error) => last_error = error,
            }
            tokio::time::sleep(POLL_INTERVAL).await;
        }
    };
    match tokio::time::timeout(LIMIT, poll).await {
        Ok(value) => value,
        Err(_) => panic!("{expected}: not within {LIMIT:?}; last seen: {last_error}"),
    }
}

/// [`eventually`] without a value: repeats `check` until it returns true.
///
/// # Panics
/// If it does not within [`LIMIT`].
pub async fn eventually_true(expected: &str, mut check: impl AsyncFnMut() -> bool) {
    eventually(expected, async || if check().await { Ok(()) } else { Err("false".to_owned()) }).await;
}
