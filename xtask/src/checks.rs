//! Checks, tests and measurements.

use std::{
    fs,
    process::Command,
    time::{Duration, Instant},
};

use clap::{Args, ValueEnum};

use crate::{
    aws, chromium,
    error::Error,
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
}

type Step = (&'static str, fn() -> Result<(), Error>);

const RUST: [Step; 4] = [("formatting", format), ("lints", lint), ("documentation", document), ("Rust tests", unit)];
const WEB: [Step; 3] = [("the game's lints", web::lint), ("the game's build", build), ("browser tests", browser)];

/// Runs the checks and tests, and closes with their times.
///
/// # Errors
/// At the first that fails.
pub fn test(options: &Options) -> Result<(), Error> {
    let mut steps = Vec::new();
    if options.only != Some(Part::Web) {
        steps.extend(RUST);
    }
    if options.only != Some(Part::Rust) {
        steps.extend(WEB);
    }
    let mut times: Vec<(&str, Duration)> = Vec::new();
    for (name, step) in steps {
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
    run::step("Running the Rust tests", run::cargo(["test"]).env("ALIEN_LOCAL_AWS", local_aws))
}

fn build() -> Result<(), Error> {
    web::build(Profile::Dev)
}

fn browser() -> Result<(), Error> {
    run::step("Building the server", &mut run::cargo(["build", "--package", "backend"]))?;
    run::step("Running the browser tests", &mut npm(&["test"], "debug")?)
}

/// An npm command of the browser tests, with the server and the pages that they are to use.
fn npm(arguments: &[&str], server_profile: &str) -> Result<Command, Error> {
    let folder = workspace::root().join("e2e");
    let chromium = chromium::ensure()?;
    let installed = modified(&folder.join("node_modules/.package-lock.json"));
    if installed.is_none() || installed < modified(&folder.join("package-lock.json")) {
        run::step("Installing the browser tests' packages", run::program("npm", ["ci"]).current_dir(&folder))?;
    }
    let mut npm = run::program("npm", arguments);
    npm.current_dir(&folder)
        .env("CHROMIUM", chromium)
        .env("ALIEN_WEB", workspace::dist())
        .env("ALIEN_BACKEND", workspace::target().join(server_profile).join("backend"));
    Ok(npm)
}

fn modified(path: &std::path::Path) -> Option<std::time::SystemTime> {
    fs::metadata(path).and_then(|file| file.modified()).ok()
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
