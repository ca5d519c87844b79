//! The command line of the operators' tools.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tokio::signal::unix::{SignalKind, signal};
use tools::{cost, load};

/// Tools for operators of Alien Attack.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Load-test a running server with bots that play by the rules
    Load(load::Options),
    /// Estimate what an event costs on AWS, beside the workshop's original
    Cost(cost::Options),
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse().command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> Result<(), Box<dyn std::error::Error>> {
    match command {
        Command::Load(options) => println!("{}", load::run(&options, stop_signal()?).await?),
        Command::Cost(options) => print!("{}", cost::Estimate::of(options)),
    }
    Ok(())
}

/// Completes when Ctrl-C or a service manager tells the process to stop.
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}
