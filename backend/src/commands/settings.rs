//! `backend settings`: the reference of settings, `docs/settings.md`.

use std::io;

use clap::{Command, CommandFactory};

use super::{Cli, lambda, output::print};
use crate::settings::reference;

/// Prints the reference.
///
/// # Errors
/// If it cannot be printed.
pub fn run() -> io::Result<()> {
    print(&page())
}

/// The page `docs/settings.md`.
fn page() -> String {
    let command = Cli::command();
    let named = |name: &str, command: &Command| command.clone().name(format!("backend {name}"));
    let subcommands = command.get_subcommands().filter_map(|subcommand| match subcommand.get_name() {
        "lambda" => Some(named("lambda", &lambda::settings())),
        name => subcommand.get_arguments().any(|arg| arg.get_env().is_some()).then(|| named(name, subcommand)),
    });
    reference::page(&subcommands.collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_is_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/settings.md");
        assert!(
            std::fs::read_to_string(path).unwrap_or_default() == page(),
            "docs/settings.md is out of date; run: cargo run --package backend -- settings > docs/settings.md"
        );
    }
}
