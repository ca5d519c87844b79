//! `cargo xtask audit`: checks the dependencies.

use crate::{error::Error, run, tools};

/// Checks licences, sources and security advisories of all dependencies with cargo-deny.
///
/// # Errors
/// If a dependency breaks a rule of `deny.toml`, or the advisories cannot be downloaded.
pub fn audit() -> Result<(), Error> {
    tools::ensure_cargo_command("deny")?;
    run::step("Checking the dependencies", &mut run::cargo(["deny", "check"]))
}
