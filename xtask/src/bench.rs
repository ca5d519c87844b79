//! `cargo xtask bench`: runs the benchmarks.

use crate::{error::Error, run};

/// The package and the name of each benchmark.
const BENCHMARKS: [(&str, &str); 3] = [("shared", "rules"), ("backend", "standings"), ("backend", "ingest")];

/// Runs all benchmarks in release builds.
///
/// # Errors
/// If a benchmark cannot be built or fails.
pub fn bench() -> Result<(), Error> {
    for (package, name) in BENCHMARKS {
        let mut bench = run::cargo(["bench", "--package", package, "--bench", name]);
        run::step(&format!("Running the benchmark {name}"), &mut bench)?;
    }
    Ok(())
}
