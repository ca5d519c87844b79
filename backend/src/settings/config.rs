//! Settings of the server.

use std::{net::IpAddr, path::PathBuf};

use clap::Args;
use shared::account::Password;

use super::{EngineArgs, LogArgs, OidcArgs, ProcessorArgs, SettingsError, defaults, require};
use crate::domain::tokens::{InvalidSecret, Secret};

/// Settings of the server, which `backend serve` runs.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Config {
    /// IP address to listen on. 0.0.0.0 accepts connections from the whole network
    #[arg(long, value_name = "ADDRESS", env = "ALIEN_HOST", default_value = "127.0.0.1", help_heading = "Network")]
    pub host: IpAddr,

    /// Port to listen on. 0 selects a free port
    #[arg(long, env = "ALIEN_PORT", default_value = "8080", help_heading = "Network")]
    pub port: u16,

    /// Maximum number of open connections. Further clients wait until a connection closes
    #[arg(long, value_name = "N", env = "ALIEN_MAX_CONNECTIONS", default_value = "10000", help_heading = "Network")]
    pub max_connections: usize,

    /// Number of trusted proxies that append to X-Forwarded-For. Used to find the client's address for rate limits
    #[arg(long, value_name = "N", env = "ALIEN_PROXIES", default_value = "0", help_heading = "Network")]
    pub proxies: u8,

    /// Where data is stored.
    #[command(flatten)]
    pub engine: EngineArgs,

    /// How the stream is processed.
    #[command(flatten)]
    pub processor: ProcessorArgs,

    /// Folder for an archive of all events: compressed files of JSON lines, by day. No archive by default
    #[arg(long, value_name = "DIR", env = "ALIEN_ARCHIVE", help_heading = "Data")]
    pub archive: Option<PathBuf>,

    /// Do not process the stream: `backend process` or the Lambda function does it. Needs --dynamodb
    #[arg(long, env = "ALIEN_NO_PROCESS", help_heading = "AWS")]
    pub no_process: bool,

    /// Password of the first manager, set at the first start. Random by default, and printed once
    // Other users of the machine can see flags, but not the environment.
    #[arg(
        long,
        value_name = "PASSWORD",
        env = "ALIEN_MANAGER_PASSWORD",
        hide = true,
        hide_env_values = true,
        help_heading = "Accounts"
    )]
    pub manager_password: Option<Password>,

    /// Secret that signs tokens, at least 32 bytes. Servers that share tables need the same one. By default a random
    /// one, stored in the data folder
    #[arg(
        long,
        value_name = "SECRET",
        env = "ALIEN_KEY",
        hide = true,
        hide_env_values = true,
        value_parser = secret,
        help_heading = "Accounts"
    )]
    pub key: Option<Secret>,

    /// The issuer that stores the accounts instead of the server.
    #[command(flatten)]
    pub oidc: OidcArgs,

    /// Folder with the built game and pages. Without it, the server has only the API
    #[arg(long, value_name = "DIR", env = "ALIEN_WEB", help_heading = "Game")]
    pub web: Option<PathBuf>,

    /// Tuning file for new games, e.g. presets/classic.toml. The built-in preset arcade by default
    #[arg(long, value_name = "FILE", env = "ALIEN_TUNING", help_heading = "Game")]
    pub tuning: Option<PathBuf>,

    /// Seconds by which replays of live games are behind for the public, at most 3600. Players, managers and big screens
    /// see games without a delay
    #[arg(
        long,
        value_name = "SECONDS",
        env = "ALIEN_REPLAY_DELAY",
        default_value = "30",
        value_parser = clap::value_parser!(u16).range(0..=3600),
        help_heading = "Game"
    )]
    pub replay_delay: u16,

    /// Reload the tuning file whenever it is saved. The next games use it. Needs --tuning
    #[arg(long, env = "ALIEN_WATCH", help_heading = "Game")]
    pub watch: bool,

    /// How the process logs.
    #[command(flatten)]
    pub log: LogArgs,
}

impl Config {
    /// Checks that every setting has the other settings that it needs.
    ///
    /// # Errors
    /// If one is missing.
    pub fn check(&self) -> Result<(), SettingsError> {
        self.engine.settings()?;
        self.oidc.settings()?;
        require(("--no-process", self.no_process), ("--dynamodb", self.engine.aws.dynamodb.is_some()))?;
        require(("--watch", self.watch), ("--tuning", self.tuning.is_some()))
    }
}

impl Default for Config {
    fn default() -> Config {
        defaults()
    }
}

fn secret(text: &str) -> Result<Secret, InvalidSecret> {
    Secret::try_from(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_valid_and_suit_one_machine() {
        let config = Config::default();
        assert_eq!((config.host, config.port), (IpAddr::from([127, 0, 0, 1]), 8080));
        assert_eq!(config.check(), Ok(()));
    }

    #[test]
    fn settings_without_effect_are_rejected() {
        let missing = |given, missing| Err(SettingsError::Incomplete { given, missing });
        let config = Config { watch: true, ..Config::default() };
        assert_eq!(config.check(), missing("--watch", "--tuning"));
        let config = Config { no_process: true, ..Config::default() };
        assert_eq!(config.check(), missing("--no-process", "--dynamodb"));
    }
}
