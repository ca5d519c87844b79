//! A step of `cargo xtask test`.

use clap::ValueEnum;

use crate::{debian::Install, error::Error};

/// A group of steps. `--only` selects one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// Formatting, import cycles, lints, documentation and tests of the Rust code outside the browser
    Rust,
    /// Types, lints and formatting of the pages in web/
    Pages,
    /// Lints and build of the game, and the browser tests
    Web,
    /// Tests and lints of the AWS infrastructure, and its deployment to a local AWS
    Infra,
}

impl Part {
    /// The title in the summary.
    pub fn title(self) -> &'static str {
        match self {
            Part::Rust => "rust",
            Part::Pages => "pages",
            Part::Web => "web",
            Part::Infra => "infra",
        }
    }
}

/// One check, build or test run.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// The part that the step belongs to.
    pub part: Part,
    /// The name, unique among all steps.
    pub name: &'static str,
    /// The names of earlier steps of the same part. If one of them does not pass, this step is skipped.
    pub needs: &'static [&'static str],
    /// The work of the step.
    pub run: fn(Install) -> Result<(), Error>,
}
