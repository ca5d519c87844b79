//! `backend upgrade`: brings data of an earlier server to the format of this one.

use std::io;

use clap::Args;

use super::output::print;
use crate::{
    clock::Clock,
    domain::upgrade::{UpgradeError, record_ends, record_ends_of_tables},
    engine::{EngineError, EngineSettings, Engines, OlderFolder},
    server::logging,
    settings::{EngineArgs, FileArgs, LogArgs, SettingsError},
};

/// Flags of `backend upgrade`.
#[derive(Debug, Args)]
#[command(
    next_line_help = true,
    after_help = "\
Examples:
  backend upgrade --data data
          Upgrade a data folder. Stop the server and copy the folder first
  backend upgrade --kinesis alien --dynamodb alien
          Append the results of games of earlier rules to the stream

It can be repeated, also after it was interrupted."
)]
pub struct Options {
    #[command(flatten)]
    file: FileArgs,
    #[command(flatten)]
    engine: EngineArgs,
    #[command(flatten)]
    log: LogArgs,
}

/// Why the data cannot be upgraded.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// An engine cannot be used.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Settings contradict each other.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The upgrade failed.
    #[error("cannot upgrade the data")]
    Upgrade(#[from] UpgradeError),
    /// The result cannot be printed.
    #[error("cannot write to standard output")]
    Print(#[source] io::Error),
}

/// Upgrades the data and prints what was done.
///
/// # Errors
/// If the data cannot be read or written. It can be repeated then.
pub async fn run(options: &Options) -> Result<(), Error> {
    logging::init(options.log.log_json);
    let report = match options.engine.settings()? {
        EngineSettings::Embedded { data, .. } => match OlderFolder::open(&data)? {
            Some(folder) => upgrade_folder(folder).await?,
            None => "the data folder has the current format; nothing to do\n".to_owned(),
        },
        EngineSettings::Aws(aws) => {
            let (engines, _) = Engines::on_aws(&aws).await?;
            let games = record_ends_of_tables(&engines, &Clock::system()).await?;
            format!("results of games of earlier rules appended to the stream: {games}\n")
        }
    };
    print(&report).map_err(Error::Print)
}

async fn upgrade_folder(folder: OlderFolder) -> Result<String, Error> {
    let games = record_ends(&folder, &Clock::system()).await?;
    let mut report = format!("results of games appended to the event log: {games}\n");
    if let Some(tables) = folder.complete()? {
        report += &format!("the tables are kept as {}; the server computes new ones\n", tables.display());
    }
    report += "the data folder has the current format\n";
    Ok(report)
}
