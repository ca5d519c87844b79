//! The command line of the server: each subcommand is a module with its flags and `run`.

mod check;
mod dead_letters;
mod lambda;
mod openapi;
mod output;
mod process;
mod rebuild;
mod schema;
mod serve;
mod settings;
mod signals;
mod upgrade;

use std::{error::Error, ffi::OsString};

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::settings::{LoadError, parse};

const EXAMPLES: &str = "\
Examples:
  backend serve --web dist                  Run the server with the game on port 8080
  backend serve --web dist --host 0.0.0.0   The same for the whole network
  backend check presets/stampede.toml       Check a tuning file
  backend rebuild --data data               Compute the tables again from the event log

`backend COMMAND --help` shows the settings of a command. docs/settings.md lists all of them.";

/// Server of Alien Attack, an arcade tournament in the browser that streams each button press in real time
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true, max_term_width = 120, after_help = EXAMPLES)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server: API, pages, accounts, sessions and the processor
    Serve(Box<serve::Options>),
    /// Run a processor without a server. Several processors share the shards of the stream. Needs engines on AWS
    Process(process::Options),
    /// Run the processor as an AWS Lambda function. Settings come from the environment alone
    #[command(after_help = lambda::variables())]
    Lambda,
    /// List records that cannot be processed, and process them again
    #[command(visible_alias = "dlq")]
    DeadLetters(dead_letters::Options),
    /// Compute the tables again from the stream or from an archive. Stop the server first
    Rebuild(rebuild::Options),
    /// Bring the data of an earlier server to the format of this one. Stop the server first
    Upgrade(upgrade::Options),
    /// Check a tuning file and print what each parameter does
    Check(check::Options),
    /// Print the JSON Schema of tuning files, for editors
    Schema,
    /// Print the OpenAPI document of the API
    Openapi,
    /// Print the reference of settings, docs/settings.md
    #[command(hide = true)]
    Settings,
}

impl Cli {
    /// Reads the command line, the environment and the settings file.
    ///
    /// # Errors
    /// If one of them is not valid. A request for help is a clap error as well.
    pub fn load(arguments: &[OsString]) -> Result<Cli, LoadError> {
        let matches = parse(Cli::command(), arguments, &|name| std::env::var_os(name))?;
        Ok(Cli::from_arg_matches(&matches)?)
    }

    /// Runs the subcommand to its end.
    ///
    /// # Errors
    /// If the subcommand fails.
    pub async fn run(self) -> Result<(), Box<dyn Error + Send + Sync>> {
        match self.command {
            Command::Serve(options) => serve::run(&options).await?,
            Command::Process(options) => process::run(&options).await?,
            Command::Lambda => lambda::run().await?,
            Command::DeadLetters(options) => dead_letters::run(&options).await?,
            Command::Rebuild(options) => rebuild::run(&options).await?,
            Command::Upgrade(options) => upgrade::run(&options).await?,
            Command::Check(options) => check::run(&options)?,
            Command::Schema => schema::run()?,
            Command::Openapi => openapi::run()?,
            Command::Settings => settings::run()?,
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_option_has_a_help_text() {
        let mut command = Cli::command();
        command.build();
        for subcommand in command.get_subcommands() {
            assert!(subcommand.get_about().is_some(), "{}", subcommand.get_name());
            for arg in subcommand.get_arguments() {
                assert!(arg.get_help().is_some(), "{} {}", subcommand.get_name(), arg.get_id());
            }
        }
    }
}
