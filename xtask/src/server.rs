//! Builds the server.

use std::path::PathBuf;

use crate::{error::Error, run, workspace};

/// Builds the server in the release profile.
///
/// # Errors
/// If the build fails.
pub fn build_release() -> Result<(), Error> {
    run::step("Building the server", &mut run::cargo(["build", "--release", "--package", "backend"]))
}

/// Builds the server in the dev profile, which the tests use.
///
/// # Errors
/// If the build fails.
pub fn build_debug() -> Result<(), Error> {
    run::step("Building the server", &mut run::cargo(["build", "--package", "backend"]))
}

/// The path of the server's program. `profile` is the name of its folder: `debug` or `release`.
pub fn path(profile: &str) -> PathBuf {
    workspace::target().join(profile).join("backend")
}
