//! Checks, tests and measurements.

use std::{
    process::Command,
    time::{Duration, Instant},
};

use clap::{Args, ValueEnum};

use crate::{
    aws::{self, LocalAws},
    chromium,
    error::Error,
    infra,
    node::Packages,
    run,
    web::{self, Profile},
    workspace,
};

/// Which tests.
#[derive(Debug, Args)]
pub struct Options {
    /// Run only a part
    #[arg(long, value_enum)]
    only: Option<Part>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Formatting, lints, documentation and tests of the Rust code outside the browser
    Rust,
    /// Lints of the game, its build, and the tests in a browser
    Web,
    /// Tests and lints of what runs on AWS, and its deployment to a local one
    Infra,
}

type Step = (&'static str, fn() -> Result<(), Error>);

const RUST: [Step; 4] = [("formatting", format), ("lints", lint), ("documentation", document), ("Rust tests", unit)];
const WEB: [Step; 3] = [("the game's lints", web::lint), ("the game's build", build), ("browser tests", browser)];
const INFRA: [Step; 1] = [("infrastructure", infra::check)];

/// Runs the checks and tests, and closes with their times.
///
/// # Errors
/// At the first that fails.
pub fn test(options: &Options) -> Result<(), Error> {
    let parts: [(Part, &[Step]); 3] = [(Part::Rust, &RUST), (Part::Web, &WEB), (Part::Infra, &INFRA)];
    let wanted = parts.into_iter().filter(|(part, _)| options.only.is_none_or(|only| only == *part));
    let mut times: Vec<(&str, Duration)> = Vec::new();
    for (name, step) in wanted.flat_map(|(_, steps)| steps.iter().copied()) {
        let started = Instant::now();
        step()?;
        times.push((name, started.elapsed()));
    }
    eprintln!("==> Everything passed");
    for (name, time) in times {
        eprintln!("    {:>6.0?}  {name}", time);
    }
    Ok(())
}

fn format() -> Result<(), Error> {
    run::step("Checking the formatting", &mut run::cargo(["fmt", "--all", "--check"]))
}

// By itself cargo takes all but what is drawn, which compiles for the browser alone.

fn lint() -> Result<(), Error> {
    run::step("Linting", &mut run::cargo(["clippy", "--all-targets", "--", "--deny", "warnings"]))
}

fn document() -> Result<(), Error> {
    let mut doc = run::cargo(["doc", "--no-deps"]);
    run::step("Documenting", doc.env("RUSTDOCFLAGS", "--deny warnings"))
}

fn unit() -> Result<(), Error> {
    let local_aws = aws::ensure()?;
    Packages::ensure("backend/tests")?;
    run::step("Running the Rust tests", run::cargo(["test"]).env("ALIEN_LOCAL_AWS", local_aws))
}

fn build() -> Result<(), Error> {
    web::build(Profile::Dev)
}

fn browser() -> Result<(), Error> {
    run::step("Building the server", &mut run::cargo(["build", "--package", "backend"]))?;
    // One of the tests plays on the stack that is deployed, and some sign in at a Cognito of their own.
    let aws = LocalAws::start()?;
    let stack = infra::deploy(&aws, &infra::pack("debug")?)?;
    let mut test = npm(&["test"], "debug")?;
    test.envs(aws.variables()).env("ALIEN_STACK", stack).env("ALIEN_LOCAL_AWS", aws::ensure()?);
    run::step("Running the browser tests", &mut test)
}

/// An npm command of the browser tests, with the server and the pages that they are to use.
fn npm(arguments: &[&str], server_profile: &str) -> Result<Command, Error> {
    let chromium = chromium::ensure()?;
    let mut npm = Packages::ensure("e2e")?.npm(arguments);
    npm.env("CHROMIUM", chromium)
        .env("ALIEN_WEB", workspace::dist())
        .env("ALIEN_BACKEND", workspace::target().join(server_profile).join("backend"));
    Ok(npm)
}

/// Kills the server `kills` times under `bots`.
///
/// # Errors
/// Where anything acknowledged was lost.
pub fn kill_test(kills: u32, bots: u32) -> Result<(), Error> {
    let mut test = run::cargo(["test", "--release", "--package", "backend", "--test", "kill", "--", "--nocapture"]);
    test.env("ALIEN_KILLS", kills.to_string()).env("ALIEN_BOTS", bots.to_string());
    run::step(&format!("Killing the server {kills} times under {bots} bots"), &mut test)
}

/// Runs the benchmarks.
///
/// # Errors
/// Where one cannot be built or run.
pub fn bench() -> Result<(), Error> {
    run::step("Measuring the rules", &mut run::cargo(["bench", "--package", "shared", "--bench", "rules"]))?;
    run::step("Measuring the standings", &mut run::cargo(["bench", "--package", "backend", "--bench", "standings"]))?;
    run::step("Measuring the ingest", &mut run::cargo(["bench", "--package", "backend", "--bench", "ingest"]))
}

/// Measures the built pages in a browser.
///
/// # Errors
/// Where the browser or the server cannot be run.
pub fn figures() -> Result<(), Error> {
    run::step("Measuring in the browser", &mut npm(&["run", "--silent", "figures"], "release")?)
}

/// Checks the dependencies.
///
/// # Errors
/// Where one is not as deny.toml wants it, or the advisories cannot be fetched.
pub fn audit() -> Result<(), Error> {
    cargo_command("deny")?;
    run::step("Checking the dependencies", &mut run::cargo(["deny", "check"]))
}

/// Sends the decoders and the API what a fuzzer makes up, each for that many seconds.
///
/// # Errors
/// Where something breaks a promise; the input that does is kept under fuzz/artifacts.
pub fn fuzz(seconds: u32) -> Result<(), Error> {
    cargo_command("fuzz")?;
    for target in ["decoders", "api"] {
        let limit = format!("-max_total_time={seconds}");
        // No unsafe code here that a sanitizer could watch, and without one no nightly compiler is needed.
        let mut fuzz = run::cargo(["fuzz", "run", "--sanitizer", "none", target, "--", &limit, "-print_final_stats=1"]);
        fuzz.env("CARGO_TARGET_DIR", workspace::target().join("fuzz"));
        run::step(&format!("Fuzzing the {target} for {seconds} s"), &mut fuzz)?;
    }
    Ok(())
}

/// Makes sure that `cargo NAME` is there.
fn cargo_command(name: &str) -> Result<(), Error> {
    if run::succeeds(&mut run::cargo([name, "--version"])) {
        return Ok(());
    }
    let package = format!("cargo-{name}");
    run::step(&format!("Building {package}, once"), &mut run::cargo(["install", &package, "--locked"]))
}
