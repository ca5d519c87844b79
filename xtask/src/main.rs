//! The task runner. Each command builds, runs, tests or measures a part of this repository.

mod audit;
mod bench;
mod chromium;
mod debian;
mod dist;
mod documents;
mod e2e;
mod error;
mod fuzz;
mod infra;
mod kill_test;
mod local_aws;
mod modules;
mod node;
mod play;
mod profile;
mod python;
mod run;
mod server;
mod test;
mod tools;
mod wasm;
mod web;
mod workspace;

use std::process::ExitCode;

use clap::{ArgAction, Parser, Subcommand, builder::FalseyValueParser};

use crate::{debian::Install, error::Error, profile::Profile};

/// Build, run and test Alien Attack.
///
/// Each command installs the cargo, npm and Python tools that it needs. Debian packages need --install.
#[derive(Debug, Parser)]
#[command(bin_name = "cargo xtask", arg_required_else_help = true)]
struct Cli {
    /// Install missing Debian packages, with sudo unless run as root [default: print the command and stop]
    #[arg(
        long,
        global = true,
        env = "ALIEN_INSTALL",
        hide_env_values = true,
        action = ArgAction::SetTrue,
        value_parser = FalseyValueParser::new()
    )]
    install: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build the game and the server, start the server, and print its address
    Play(play::Options),
    /// Run all checks and tests, and print the result and time of each
    ///
    /// A failed step does not stop the others. Only the steps that need it are skipped.
    Test(test::Options),
    /// Check that sibling modules of each crate do not import each other in a cycle
    Modules(modules::Options),
    /// Build the game and the server for deployment, and print the download size of each file
    Ship,
    /// Build the server for deployment, and print the folder for Lambda and for the container image
    Package,
    /// Test the CDK app, lint its templates, and deploy it to a local AWS
    Infra,
    /// Kill the server while bots play, and check that no acknowledged event is lost
    KillTest {
        /// Number of times that the server is killed, at random moments
        #[arg(long, default_value_t = 100)]
        kills: u32,
        /// Number of bots that play at the same time
        #[arg(long, default_value_t = 200)]
        bots: u32,
    },
    /// Run the benchmarks of the rules, the standings and the ingest, in release builds
    Bench,
    /// Build for deployment, and measure download, start and frame times in a browser
    Figures,
    /// Fuzz the decoders and the API
    Fuzz {
        /// Time for each of the two targets, in seconds
        #[arg(long, default_value_t = 60)]
        seconds: u32,
    },
    /// Check licences, sources and security advisories of all dependencies
    Audit,
}

fn main() -> ExitCode {
    let Cli { install, command } = Cli::parse();
    match run(command, if install { Install::Allowed } else { Install::Forbidden }) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", error.chain());
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command, install: Install) -> Result<(), Error> {
    match command {
        Command::Play(options) => play::play(&options, install),
        Command::Test(options) => test::test(&options, install),
        Command::Modules(options) => modules::check(&options),
        Command::Ship => ship(install),
        Command::Package => {
            println!("{}", infra::package()?.display());
            Ok(())
        }
        Command::Infra => infra::check(),
        Command::KillTest { kills, bots } => kill_test::kill_test(kills, bots),
        Command::Bench => bench::bench(),
        Command::Figures => {
            ship(install)?;
            e2e::measure(install)
        }
        Command::Fuzz { seconds } => fuzz::fuzz(seconds),
        Command::Audit => audit::audit(),
    }
}

fn ship(install: Install) -> Result<(), Error> {
    web::build(Profile::Ship, install)?;
    server::build_release()?;
    dist::print_sizes(&workspace::dist())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn install_flag_is_accepted_before_and_after_the_command() {
        let parse = |arguments: &[&str]| Cli::parse_from([&["xtask"], arguments].concat()).install;
        assert!(parse(&["test", "--install"]));
        assert!(parse(&["--install", "play", "--", "--host", "0.0.0.0"]));
    }
}
