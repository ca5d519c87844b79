//! Sets up the log on standard error.

use std::io::{IsTerminal, stderr};

use tracing_subscriber::EnvFilter;

/// The filter without `RUST_LOG`. The storage libraries log more than operators need.
const DEFAULT_FILTER: &str = "info,fjall=warn,lsm_tree=warn";

/// Logs to standard error from now on: as JSON lines, or as text that is coloured on a terminal. The process calls this once.
pub fn init(json: bool) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(DEFAULT_FILTER));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr).with_ansi(stderr().is_terminal());
    // By default it prints an error of writing to standard error, which panics if that is what cannot be written.
    let log = log.log_internal_errors(false);
    if json { log.json().init() } else { log.init() }
}
