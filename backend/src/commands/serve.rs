//! `backend serve`: the server.

use clap::{Args, Command};
use shared::account::AccountName;

use super::{output::print, signals::stop_signal};
use crate::{
    server::{ServeError, Server, logging},
    settings::{Config, FileArgs, reference},
};

const EXAMPLES: &str = "\
Examples:
  backend serve --web dist --host 0.0.0.0
          Game and scoreboard for everyone on the network; data in the folder data
  backend serve --web dist --tuning my.toml --watch
          Play by a tuning file and reload it whenever it is saved
  backend serve --web dist --kinesis alien --dynamodb alien --proxies 1
          One of several servers on AWS behind a load balancer. All need the same ALIEN_KEY";

/// Flags of `backend serve`.
#[derive(Debug, Args)]
#[command(next_line_help = true, after_help = help())]
pub struct Options {
    #[command(flatten)]
    file: FileArgs,
    #[command(flatten)]
    config: Config,
}

/// The part of the help text after the flags.
fn help() -> String {
    let hidden = reference::variables(&Config::augment_args(Command::new("serve")), clap::Arg::is_hide_set);
    format!("{hidden}\n\n{EXAMPLES}")
}

/// Runs the server until a signal stops it.
///
/// # Errors
/// If the server cannot start, or one of its tasks fails.
pub async fn run(options: &Options) -> Result<(), ServeError> {
    logging::init(options.config.log.log_json);
    let stop = stop_signal().map_err(ServeError::Signals)?;
    let server = Server::start(&options.config).await?;
    print_welcome(&server.url(), options.config.web.is_some(), server.manager());
    server.run(stop).await?;
    tracing::info!("stopped; the event log has all acknowledged events");
    Ok(())
}

/// Prints the addresses to open, and the password of a new manager.
fn print_welcome(url: &str, has_pages: bool, manager: Option<&(AccountName, Option<String>)>) {
    let mut text = format!("Open {url}\n");
    if has_pages {
        text += &format!("Scoreboard for a projector: {url}/scoreboard.html\n");
    }
    if let Some((name, Some(password))) = manager {
        text += &format!("Manager account: {name}, password {password} (printed only once; change it)\n");
    }
    if let Err(error) = print(&text) {
        tracing::warn!(%error, "cannot print the address of the server");
    }
}
