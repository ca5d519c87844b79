//! The summary after the last step: result and time of each step, and the time of each part.

use std::time::Duration;

use super::runner::{Outcome, StepResult};
use crate::error::Error;

/// Prints the summary.
pub fn print(results: &[StepResult]) {
    eprintln!("==> Summary");
    for line in lines(results) {
        eprintln!("    {line}");
    }
}

/// Checks that no step failed.
///
/// # Errors
/// If a step failed. The error names all of them.
pub fn check(results: &[StepResult]) -> Result<(), Error> {
    let failed: Vec<&str> = results
        .iter()
        .filter(|result| matches!(result.outcome, Outcome::Failed(_)))
        .map(|result| result.name)
        .collect();
    if failed.is_empty() {
        return Ok(());
    }
    Err(Error::StepsFailed { failed: failed.len(), total: results.len(), names: failed.join(", ") })
}

fn lines(results: &[StepResult]) -> Vec<String> {
    let mut lines = Vec::new();
    for part in results.chunk_by(|one, next| one.part == next.part) {
        let time = part.iter().map(|result| result.time).sum();
        lines.push(format!("{} {}", seconds(time), part.first().map_or("", |result| result.part.title())));
        lines.extend(part.iter().map(|result| format!("{}   {}", seconds(result.time), describe(result))));
    }
    let total = results.iter().map(|result| result.time).sum();
    lines.push(format!("{} total", seconds(total)));
    lines
}

fn describe(StepResult { name, outcome, .. }: &StepResult) -> String {
    match outcome {
        Outcome::Passed => format!("passed   {name}"),
        Outcome::Failed(error) => format!("FAILED   {name}: {}", error.chain()),
        Outcome::Skipped(need) => format!("skipped  {name}, because this step did not pass: {need}"),
    }
}

fn seconds(time: Duration) -> String {
    format!("{:>7.1} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::{super::step::Part, *};

    fn results() -> Vec<StepResult> {
        let result =
            |part, name, outcome, seconds| StepResult { part, name, outcome, time: Duration::from_secs(seconds) };
        let failure = Error::Failed { title: "Linting".to_owned() };
        vec![
            result(Part::Rust, "formatting", Outcome::Passed, 2),
            result(Part::Rust, "lints", Outcome::Failed(failure), 30),
            result(Part::Web, "browser tests", Outcome::Skipped("build of the game"), 0),
        ]
    }

    #[test]
    fn summary_has_the_time_of_each_part_and_step() {
        let expected = [
            "   32.0 s rust",
            "    2.0 s   passed   formatting",
            "   30.0 s   FAILED   lints: Linting failed; see its output above",
            "    0.0 s web",
            "    0.0 s   skipped  browser tests, because this step did not pass: build of the game",
            "   32.0 s total",
        ];
        assert_eq!(lines(&results()), expected);
    }

    #[test]
    fn error_names_the_failed_steps() {
        assert_eq!(check(&results()).unwrap_err().to_string(), "1 of 3 steps failed: lints");
        assert!(check(&results()[..1]).is_ok());
    }
}
