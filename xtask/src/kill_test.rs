//! `cargo xtask kill-test`: kills the server while bots play, and checks that no acknowledged event is lost.

use crate::{error::Error, run};

/// Runs the tests of the module `kill` of the server's integration tests, in a release build.
///
/// `kills` is how often a server is killed, `bots` how many bots play at the same time.
///
/// # Errors
/// If an acknowledged event was lost, or the test cannot be built.
pub fn kill_test(kills: u32, bots: u32) -> Result<(), Error> {
    let mut test = run::cargo(["test", "--release", "--package", "backend", "--test", "integration", "kill::"]);
    test.args(["--", "--nocapture"]).env("ALIEN_KILLS", kills.to_string()).env("ALIEN_BOTS", bots.to_string());
    run::step(&format!("Killing the server {kills} times while {bots} bots play"), &mut test)
}
