//! Runs steps one after the other.

use std::time::{Duration, Instant};

use super::step::{Part, Step};
use crate::{debian::Install, error::Error};

/// How a step ended.
#[derive(Debug)]
pub enum Outcome {
    /// The step succeeded.
    Passed,
    /// The step failed.
    Failed(Error),
    /// The step did not run, because the step with this name did not pass.
    Skipped(&'static str),
}

/// The result of a step.
#[derive(Debug)]
pub struct StepResult {
    /// The part of the step.
    pub part: Part,
    /// The name of the step.
    pub name: &'static str,
    /// How the step ended.
    pub outcome: Outcome,
    /// The time that the step took. Zero for a skipped step.
    pub time: Duration,
}

/// Runs all steps, and continues after a failure. Skips a step if a step that it needs did not pass.
pub fn run(steps: &[Step], install: Install) -> Vec<StepResult> {
    let mut results: Vec<StepResult> = Vec::new();
    for step in steps {
        let started = Instant::now();
        let outcome = match missing_need(step, &results) {
            Some(need) => Outcome::Skipped(need),
            None => (step.run)(install).map_or_else(Outcome::Failed, |()| Outcome::Passed),
        };
        match &outcome {
            Outcome::Passed => {}
            Outcome::Failed(error) => eprintln!("error: {}", error.chain()),
            Outcome::Skipped(need) => eprintln!("==> Skipping {}, because this step did not pass: {need}", step.name),
        }
        results.push(StepResult { part: step.part, name: step.name, outcome, time: started.elapsed() });
    }
    results
}

/// The first step that `step` needs and that did not pass.
fn missing_need(step: &Step, results: &[StepResult]) -> Option<&'static str> {
    let passed =
        |need: &str| results.iter().any(|result| result.name == need && matches!(result.outcome, Outcome::Passed));
    step.needs.iter().find(|need| !passed(need)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(name: &'static str, needs: &'static [&'static str], run: fn(Install) -> Result<(), Error>) -> Step {
        Step { part: Part::Rust, name, needs, run }
    }

    fn fail(_: Install) -> Result<(), Error> {
        Err(Error::Failed { title: "Linting".to_owned() })
    }

    #[test]
    fn steps_after_a_failure_run() {
        let results = run(&[step("lints", &[], fail), step("tests", &[], |_| Ok(()))], Install::Forbidden);
        assert!(matches!(results[0].outcome, Outcome::Failed(_)));
        assert!(matches!(results[1].outcome, Outcome::Passed));
    }

    #[test]
    fn steps_that_need_a_failed_or_skipped_step_are_skipped() {
        let steps = [
            step("build", &[], fail),
            step("browser tests", &["build"], |_| unreachable!()),
            step("report", &["browser tests"], |_| unreachable!()),
        ];
        let results = run(&steps, Install::Forbidden);
        assert!(matches!(results[1].outcome, Outcome::Skipped("build")));
        assert!(matches!(results[2].outcome, Outcome::Skipped("browser tests")));
    }
}
