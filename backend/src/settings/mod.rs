//! Settings from flags, environment variables, a TOML file and defaults, in this order of precedence.
//!
//! Each setting is declared once, as a clap argument: [`Config`] has those of `backend serve`, and the
//! groups that several subcommands share are structs of their own. `layers` merges the sources, and `reference`
//! generates `docs/settings.md`.

mod config;
mod groups;
mod layers;
pub mod reference;

use clap::{Args, Command};

pub use config::Config;
pub use groups::{AwsArgs, EngineArgs, FileArgs, LogArgs, OidcArgs, ProcessorArgs};
pub use layers::{LoadError, from_environment, parse};

/// Settings that contradict each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// A setting has no effect without another one.
    #[error("{given} needs {missing}; set both, or neither")]
    Incomplete {
        /// The flag of the setting that is set.
        given: &'static str,
        /// The flag of the setting that is missing.
        missing: &'static str,
    },
    /// The command needs engines on AWS, and the settings choose the embedded ones.
    #[error("this command needs engines on AWS; set --kinesis and --dynamodb, or ALIEN_KINESIS and ALIEN_DYNAMODB")]
    NotShared,
}

/// Requires the setting `missing` if the setting `given` is set.
fn require(
    (given, is_given): (&'static str, bool),
    (missing, is_present): (&'static str, bool),
) -> Result<(), SettingsError> {
    if is_given && !is_present { Err(SettingsError::Incomplete { given, missing }) } else { Ok(()) }
}

/// The settings of a group if neither a flag, a variable nor a file sets any.
#[expect(clippy::expect_used, reason = "defaults are constants; a test parses those of every group")]
fn defaults<A: Args>() -> A {
    let command = A::augment_args(Command::new("defaults"));
    layers::from_command(command, &|_| None).expect("every setting has a valid default")
}
