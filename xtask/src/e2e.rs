//! Runs the programs in `e2e/`: the browser tests and the measurements in a browser.

use std::process::Command;

use crate::{
    chromium,
    debian::Install,
    error::Error,
    infra,
    local_aws::{self, LocalAws},
    node::Packages,
    run, server, workspace,
};

/// Runs the browser tests. The pages and the server, in the dev profile, must have been built.
///
/// # Errors
/// If Chromium or the local AWS is missing and cannot be installed, the stack cannot be deployed, or a test fails.
pub fn test(install: Install) -> Result<(), Error> {
    let mut test = npm(&["test"], "debug", install)?;
    // One test plays on a deployed stack. Others sign in at a Cognito that they start themselves.
    let aws = LocalAws::start()?;
    let stack = infra::deploy(&aws, &infra::pack("debug")?)?;
    test.envs(aws.variables()).env("ALIEN_STACK", stack).env("ALIEN_LOCAL_AWS", local_aws::ensure()?);
    run::step("Running the browser tests", &mut test)
}

/// Measures the pages in a browser. The pages and the server, in the release profile, must have been built.
///
/// # Errors
/// If Chromium is missing and cannot be installed, or the measurement fails.
pub fn measure(install: Install) -> Result<(), Error> {
    run::step("Measuring in the browser", &mut npm(&["run", "--silent", "figures"], "release", install)?)
}

/// Returns an npm command in `e2e/` that uses the built pages, the built server and Chromium.
fn npm(arguments: &[&str], server_profile: &str, install: Install) -> Result<Command, Error> {
    let chromium = chromium::ensure(install)?;
    let mut npm = Packages::ensure("e2e")?.npm(arguments);
    npm.env("CHROMIUM", chromium)
        .env("ALIEN_WEB", workspace::dist())
        .env("ALIEN_BACKEND", server::path(server_profile))
        .env("ALIEN_TOOLS", server::tools_path(server_profile));
    Ok(npm)
}
