//! The task runner: everything that a newcomer, a developer or CI does with this repository, as one command each.

mod aws;
mod checks;
mod chromium;
mod error;
mod infra;
mod node;
mod pages;
mod play;
mod python;
mod run;
mod tools;
mod wasm;
mod web;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::{error::Error, web::Profile};

/// Builds, plays and tests Alien Attack. Each command first gets the tools that it needs and this machine lacks.
#[derive(Debug, Parser)]
#[command(bin_name = "cargo xtask", arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build everything, start the server, and print the address to open
    Play(play::Options),
    /// Run every check and test: formatting, lints, documentation, Rust and browser tests, infrastructure
    Test(checks::Options),
    /// Build what is deployed, small and slow to build, and print what players download
    Ship,
    /// Put the server's program into a folder that Lambda, or a container's image, takes
    Package,
    /// Check what runs on AWS, and deploy it to a local AWS
    Infra,
    /// Kill the server again and again while bots play, and count what was lost
    KillTest {
        /// How often the server is killed, at random moments
        #[arg(long, default_value_t = 100)]
        kills: u32,
        /// How many bots play meanwhile
        #[arg(long, default_value_t = 200)]
        bots: u32,
    },
    /// Measure the rules and the ingest, in release builds
    Bench,
    /// Build what is deployed, and measure download, start and frame times in a browser
    Figures,
    /// Fuzz the decoders and the API
    Fuzz {
        /// How long each of the targets is fuzzed
        #[arg(long, default_value_t = 60)]
        seconds: u32,
    },
    /// Check licences, sources and advisories of all dependencies by cargo-deny
    Audit,
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<(), Error> {
    match command {
        Command::Play(options) => play::play(&options),
        Command::Test(options) => checks::test(&options),
        Command::Ship => ship(),
        Command::Package => {
            println!("{}", infra::package()?.display());
            Ok(())
        }
        Command::Infra => infra::check(),
        Command::KillTest { kills, bots } => checks::kill_test(kills, bots),
        Command::Bench => checks::bench(),
        Command::Figures => {
            ship()?;
            checks::figures()
        }
        Command::Fuzz { seconds } => checks::fuzz(seconds),
        Command::Audit => checks::audit(),
    }
}

fn ship() -> Result<(), Error> {
    web::build(Profile::Ship)?;
    run::step("Building the server", &mut run::cargo(["build", "--release", "--package", "backend"]))?;
    pages::print_sizes(&workspace::dist())
}
