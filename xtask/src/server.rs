//! Builds the server, and the operators' tools for the tests.

use std::path::PathBuf;

use crate::{error::Error, run, workspace};

/// Builds the server in the release profile.
///
/// # Errors
/// If the build fails.
pub fn build_release() -> Result<(), Error> {
    run::step("Building the server", &mut run::cargo(["build", "--release", "--package", "backend"]))
}

/// Builds the server and the operators' tools in the dev profile, which the tests use.
///
/// # Errors
/// If the build fails.
pub fn build_debug() -> Result<(), Error> {
    let mut build = run::cargo(["build", "--package", "backend", "--package", "tools"]);
    run::step("Building the server and the operators' tools", &mut build)
}

/// The path of the server's program. `profile` is the name of its folder: `debug` or `release`.
pub fn path(profile: &str) -> PathBuf {
    workspace::target().join(profile).join("backend")
}

/// The path of the program of the operators' tools. `profile` is the name of its folder: `debug` or `release`.
pub fn tools_path(profile: &str) -> PathBuf {
    workspace::target().join(profile).join("tools")
}
