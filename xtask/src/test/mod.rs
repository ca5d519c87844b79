//! `cargo xtask test`: runs all checks and tests.

mod runner;
mod step;
mod steps;
mod summary;

use clap::Args;

use crate::{
    chromium,
    debian::{self, Install},
    error::Error,
    wasm,
};
use step::{Part, Step};
use steps::STEPS;

/// The options of `cargo xtask test`.
#[derive(Debug, Args)]
pub struct Options {
    /// Run only one part
    #[arg(long, value_enum, value_name = "PART")]
    only: Option<Part>,
}

/// Runs the steps, and prints a summary.
///
/// # Errors
/// If a step failed. Before the first step, if a Debian package is missing and may not be installed.
pub fn test(options: &Options, install: Install) -> Result<(), Error> {
    let steps: Vec<Step> = STEPS.into_iter().filter(|step| options.only.is_none_or(|only| only == step.part)).collect();
    if steps.iter().any(|step| step.part == Part::Web) {
        ensure_packages(install)?;
    }
    let results = runner::run(&steps, install);
    summary::print(&results);
    summary::check(&results)
}

/// Ensures that the Debian packages of all steps are installed. Reports them together, before the long steps.
fn ensure_packages(install: Install) -> Result<(), Error> {
    let missing = [wasm::add_target_or_list_packages(), chromium::missing_packages()].concat();
    if missing.is_empty() || !debian::has_apt_get() {
        return Ok(());
    }
    install.packages(&missing)
}
