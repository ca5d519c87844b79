//! The program `tools`.

use std::{
    error::Error,
    io::{self, ErrorKind, Write, stderr, stdout},
    process::ExitCode,
};

use clap::{Parser, Subcommand};
use tokio::signal::unix::{SignalKind, signal};
use tools::{attack, calibrate, cost, honest, load};

/// Tools for operators of Alien Attack
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true, max_term_width = 120)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Load-test a running server with bots that play by the rules
    #[command(after_help = "\
Examples:
  tools load --players 200
          200 bots in open play on this machine's server, for a minute
  tools load --url https://play.example --join K7PQ2M --players 1000 --seconds 300 --watch
          1,000 bots in a session, and the time until points are on its scoreboard

Progress goes to standard error every five seconds, the report to standard output.")]
    Load(load::Options),
    /// Attack a running server with all known ways to forge a score, and print which of them rank
    #[command(after_help = "\
Example:
  ALIEN_MANAGER_PASSWORD=... tools attack --url https://play.example

It plays in sessions of its own. The exit code is 1 if a forged score ranks without a mark, if
the look-ahead player is not marked, or if the honest player is held back. Known gaps are printed
and do not fail; ARCHITECTURE.md describes them.")]
    Attack(attack::Options),
    /// Play honest games over a bad network, and print how many are held back or marked
    #[command(after_help = "\
Example:
  ALIEN_MANAGER_PASSWORD=... tools honest --games 1000
          1,000 games over networks with 5 % loss, 300 ms round trip and outages of 20 s

It plays in a session of its own. The exit code is 1 if a game is held back.")]
    Honest(honest::Options),
    /// Estimate the cost of an event on AWS, and of the same event with the workshop's original design
    #[command(after_help = "\
Example:
  tools cost --players 1000 --hours 2 --flush-interval 10

Prices are those of one region in one month, on demand, without free tiers and taxes. The report names both.")]
    Cost(cost::Options),
    /// Measure how often bots and programs get a mark because no hand plays so
    #[command(after_help = "\
Examples:
  tools calibrate --games 200 --preset classic
          200 games of each kind of player, with rates and their 95 % confidence intervals
  tools calibrate lag
          The lag of buttons that bad Wi-Fi causes, for the limit of real-time sessions")]
    Calibrate(calibrate::Calibration),
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse().command).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            // If standard error is closed, the exit code still reports the failure.
            let _ = writeln!(stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs a command and prints its report. Returns whether it found nothing wrong.
async fn run(command: Command) -> Result<bool, Box<dyn Error>> {
    let (report, is_fine) = match command {
        Command::Load(options) => (load::run(&options, stop_signal()?).await?.to_string(), true),
        Command::Attack(options) => {
            let report = attack::run(&options).await?;
            (report.to_string(), report.failures().next().is_none())
        }
        Command::Honest(options) => {
            let report = honest::run(&options).await?;
            (report.to_string(), report.held_back().next().is_none())
        }
        Command::Cost(options) => (cost::Estimate::new(options).to_string(), true),
        Command::Calibrate(calibration) => (calibration.run(), true),
    };
    print(&report)?;
    Ok(is_fine)
}

/// Prints a report. A closed reader, e.g. `head`, is no error.
fn print(report: &str) -> io::Result<()> {
    match writeln!(stdout(), "{}", report.trim_end()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}

/// Completes when Ctrl-C or a service manager asks the process to stop.
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}
