//! The program `backend`.

use std::{
    io::{Write, stderr},
    process::ExitCode,
};

use backend::{commands::Cli, error_chain::error_chain, settings::LoadError};

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().collect();
    let result = match Cli::load(&arguments) {
        Ok(cli) => cli.run().await,
        // Prints help to standard output, and errors with the usage to standard error.
        Err(LoadError::CommandLine(error)) => error.exit(),
        Err(error) => Err(error.into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // If standard error is closed, the exit code still reports the failure.
            let _ = writeln!(stderr(), "error: {}", error_chain(&*error));
            ExitCode::FAILURE
        }
    }
}
