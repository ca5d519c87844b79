//! Settings: flags before environment before file before defaults.

use std::{net::IpAddr, path::PathBuf};

use clap::Args;
use figment::{
    Figment, Provider,
    providers::{Env, Format, Serialized, Toml},
    value::Dict,
};
use serde::{Deserialize, Serialize};
use shared::account::Password;

use crate::{
    domain::{
        identity::{Address, OidcSettings},
        tokens::Secret,
    },
    engine::{AwsSettings, EngineSettings},
};

/// Flags of `serve`. Each can also be set by environment, as ALIEN_ and its name, or in a TOML file.
#[derive(Debug, Default, Args, Serialize)]
pub struct Flags {
    /// A TOML file with any of these settings, by the same names
    #[arg(long, value_name = "FILE", env = "ALIEN_CONFIG")]
    #[serde(skip)]
    pub config: Option<PathBuf>,

    /// Address to listen on; 0.0.0.0 lets the whole network play [default: 127.0.0.1] [env: ALIEN_HOST]
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<IpAddr>,

    /// Port to listen on; 0 takes a free one [default: 8080] [env: ALIEN_PORT]
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    port: Option<u16>,

    /// Folder for the event log, the tables and the key; made if missing [default: data] [env: ALIEN_DATA]
    #[arg(long, value_name = "DIR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<PathBuf>,

    /// Put events on this Kinesis stream, rather than into the data folder; region, credentials and endpoint come from
    /// the AWS SDK's usual places, such as AWS_REGION and AWS_ENDPOINT_URL [env: ALIEN_KINESIS]
    #[arg(long, value_name = "STREAM")]
    #[serde(skip_serializing_if = "Option::is_none")]
    kinesis: Option<String>,

    /// Make the Kinesis stream, with so many shards, where there is none of that name [env: ALIEN_KINESIS_SHARDS]
    #[arg(long, value_name = "N", requires = "kinesis")]
    #[serde(skip_serializing_if = "Option::is_none")]
    kinesis_shards: Option<u16>,

    /// Keep tables, accounts and sessions in DynamoDB, in tables that are called so and -tables, so and -registry, and dead
    /// letters in the queue so and -dead-letters of SQS: then several servers can share them [env: ALIEN_DYNAMODB]
    #[arg(long, value_name = "PREFIX", requires = "kinesis")]
    #[serde(skip_serializing_if = "Option::is_none")]
    dynamodb: Option<String>,

    /// Make these tables and the queue where they are missing [env: ALIEN_DYNAMODB_CREATE=true]
    #[arg(long, requires = "dynamodb")]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    dynamodb_create: bool,

    /// Write tables at most every SECONDS instead of immediately. Fewer writes; standings lag by up to that long
    /// [default: 0] [env: ALIEN_FLUSH_INTERVAL]
    #[arg(long, value_name = "SECONDS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    flush_interval: Option<u16>,

    /// Leave the stream to `backend process` or to the Lambda function [env: ALIEN_NO_PROCESS=true]
    #[arg(long, requires = "dynamodb")]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    no_process: bool,

    /// Keep an archive of all events in this folder: compressed files of JSON lines, by day [env: ALIEN_ARCHIVE]
    #[arg(long, value_name = "DIR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    archive: Option<PathBuf>,

    /// Folder with the built game and pages; without it only the API is served [env: ALIEN_WEB]
    #[arg(long, value_name = "DIR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    web: Option<PathBuf>,

    /// Tuning that games are played by, see presets/ [default: preset arcade] [env: ALIEN_TUNING]
    #[arg(long, value_name = "FILE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    tuning: Option<PathBuf>,

    /// Take the tuning file's changes: what is saved is played from the next game on [env: ALIEN_WATCH=true]
    #[arg(long, requires = "tuning")]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    watch: bool,

    /// Password of the first manager, at the first start; made up and printed once where none is given. A flag can be
    /// seen by other users of the machine, the environment cannot [env: ALIEN_MANAGER_PASSWORD]
    #[arg(long, value_name = "PASSWORD", hide = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    manager_password: Option<Password>,

    /// Let this issuer of OpenID Connect, such as a user pool of Amazon Cognito, keep the accounts, rather than this server
    /// [env: ALIEN_OIDC_ISSUER]
    #[arg(long, value_name = "URL", requires = "oidc_client")]
    #[serde(skip_serializing_if = "Option::is_none")]
    oidc_issuer: Option<Address>,

    /// The client that this game is at the issuer [env: ALIEN_OIDC_CLIENT]
    #[arg(long, value_name = "ID", requires = "oidc_issuer")]
    #[serde(skip_serializing_if = "Option::is_none")]
    oidc_client: Option<String>,

    /// The claim that lists the groups of whoever holds a token [default: cognito:groups] [env: ALIEN_OIDC_ROLES]
    #[arg(long, value_name = "CLAIM", requires = "oidc_issuer")]
    #[serde(skip_serializing_if = "Option::is_none")]
    oidc_roles: Option<String>,

    /// The group whose members are managers [default: Managers] [env: ALIEN_OIDC_MANAGERS]
    #[arg(long, value_name = "GROUP", requires = "oidc_issuer")]
    #[serde(skip_serializing_if = "Option::is_none")]
    oidc_managers: Option<String>,

    /// The issuer's discovery document, where it is not at the issuer's own address, as with a local AWS
    /// [env: ALIEN_OIDC_DISCOVERY]
    #[arg(long, value_name = "URL", requires = "oidc_issuer")]
    #[serde(skip_serializing_if = "Option::is_none")]
    oidc_discovery: Option<Address>,

    /// Connections at once; more wait until one ends [default: 10000] [env: ALIEN_MAX_CONNECTIONS]
    #[arg(long, value_name = "N")]
    #[serde(skip_serializing_if = "Option::is_none")]
    max_connections: Option<usize>,

    /// Proxies in front of the server, load balancers among them, each of which adds to X-Forwarded-For: so who tries too
    /// often is told apart from whoever else comes through them [default: 0] [env: ALIEN_PROXIES]
    #[arg(long, value_name = "N")]
    #[serde(skip_serializing_if = "Option::is_none")]
    proxies: Option<u8>,

    /// Write logs as JSON lines rather than for people [env: ALIEN_LOG_JSON=true]
    #[arg(long)]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    log_json: bool,
}

/// The settings of `serve`, as they come out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Address to listen on.
    pub host: IpAddr,
    /// Port to listen on; 0 takes a free one.
    pub port: u16,
    /// Folder for all data.
    pub data: PathBuf,
    /// A Kinesis stream for the events.
    pub kinesis: Option<String>,
    /// Shards of that stream, where it has to be made.
    pub kinesis_shards: Option<u16>,
    /// What tables in DynamoDB and a queue are called, where they hold the tables, accounts and sessions.
    pub dynamodb: Option<String>,
    /// Whether these are made where they are missing.
    pub dynamodb_create: bool,
    /// Minimum seconds between two writes of the tables.
    pub flush_interval: u16,
    /// Whether others process the stream.
    pub no_process: bool,
    /// What tokens are signed with, where several servers share it; by the environment alone, as ALIEN_KEY.
    pub key: Option<Secret>,
    /// Folder of the archive, where one is kept.
    pub archive: Option<PathBuf>,
    /// Folder with the pages.
    pub web: Option<PathBuf>,
    /// Tuning file.
    pub tuning: Option<PathBuf>,
    /// Whether the tuning file's changes are taken.
    pub watch: bool,
    /// Password of the first manager.
    pub manager_password: Option<Password>,
    /// The issuer that keeps the accounts, rather than this server.
    pub oidc_issuer: Option<Address>,
    /// The client that this game is there.
    pub oidc_client: Option<String>,
    /// The claim that lists somebody's groups.
    pub oidc_roles: String,
    /// The group whose members are managers.
    pub oidc_managers: String,
    /// The issuer's discovery document.
    pub oidc_discovery: Option<Address>,
    /// Connections at once.
    pub max_connections: usize,
    /// Proxies in front of the server.
    pub proxies: u8,
    /// Logs as JSON lines.
    pub log_json: bool,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            host: IpAddr::from([127, 0, 0, 1]),
            port: 8080,
            data: PathBuf::from("data"),
            kinesis: None,
            kinesis_shards: None,
            dynamodb: None,
            dynamodb_create: false,
            flush_interval: 0,
            no_process: false,
            key: None,
            archive: None,
            web: None,
            tuning: None,
            watch: false,
            manager_password: None,
            oidc_issuer: None,
            oidc_client: None,
            oidc_roles: "cognito:groups".to_owned(),
            oidc_managers: "Managers".to_owned(),
            oidc_discovery: None,
            max_connections: 10_000,
            proxies: 0,
            log_json: false,
        }
    }
}

impl Config {
    /// Puts the settings together.
    ///
    /// # Errors
    /// Names the setting, its value and where it came from. The error is boxed because it is large.
    pub fn load(flags: &Flags) -> Result<Config, Box<figment::Error>> {
        let mut figment = Figment::from(Serialized::defaults(Config::default()));
        if let Some(file) = &flags.config {
            figment = figment.merge(Toml::file_exact(file));
        }
        let fields = Serialized::defaults(Config::default()).data()?;
        let names: Vec<&str> = fields.values().flat_map(Dict::keys).map(String::as_str).collect();
        figment
            .merge(Env::prefixed("ALIEN_").only(&names))
            .merge(Serialized::defaults(flags))
            .extract()
            .map_err(Box::new)
    }

    /// The engines to open.
    ///
    /// # Errors
    /// If only one of stream and tables is on AWS.
    pub fn engine(&self) -> Result<EngineSettings, SettingsError> {
        match (&self.kinesis, &self.dynamodb) {
            (None, None) => Ok(EngineSettings::Embedded { data: self.data.clone() }),
            (Some(stream), Some(prefix)) => Ok(EngineSettings::Aws(AwsSettings {
                stream: stream.clone(),
                create_shards: self.kinesis_shards,
                prefix: prefix.clone(),
                create_tables: self.dynamodb_create,
            })),
            (Some(_), None) | (None, Some(_)) => Err(SettingsError::IncompleteAws),
        }
    }

    /// The engines on AWS.
    ///
    /// # Errors
    /// If the engines are embedded, or only one of stream and tables is on AWS.
    pub fn aws(&self) -> Result<AwsSettings, SettingsError> {
        match self.engine()? {
            EngineSettings::Aws(aws) => Ok(aws),
            EngineSettings::Embedded { .. } => Err(SettingsError::NotShared),
        }
    }

    /// The issuer that keeps the accounts, if one does.
    ///
    /// # Errors
    /// Where there is an issuer without a client, or a client without an issuer.
    pub fn oidc(&self) -> Result<Option<OidcSettings>, SettingsError> {
        match (self.oidc_issuer.clone(), self.oidc_client.clone()) {
            (None, None) => Ok(None),
            (Some(issuer), Some(client)) => Ok(Some(OidcSettings {
                issuer,
                discovery: self.oidc_discovery.clone(),
                client,
                roles: self.oidc_roles.clone(),
                managers: self.oidc_managers.clone(),
            })),
            (Some(_), None) | (None, Some(_)) => Err(SettingsError::IncompleteIssuer),
        }
    }
}

/// Settings that do not go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// An issuer without a client, or a client without an issuer.
    #[error("--oidc-issuer and --oidc-client must be given together: tokens for other clients are not accepted")]
    IncompleteIssuer,
    /// A Kinesis stream without tables on DynamoDB, or the reverse.
    #[error("--kinesis and --dynamodb must be given together, or neither for the embedded engines")]
    IncompleteAws,
    /// A command that needs shared engines runs on embedded ones.
    #[error("this command needs engines that several processes share: give --kinesis and --dynamodb")]
    NotShared,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_win_over_the_file_and_the_file_over_defaults() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("alien.toml");
        std::fs::write(&file, "port = 1\nmax_connections = 7\n").unwrap();
        let flags = Flags { config: Some(file), port: Some(2), ..Flags::default() };
        let config = Config::load(&flags).unwrap();
        assert_eq!((config.port, config.max_connections, config.log_json), (2, 7, false));
    }

    #[test]
    #[expect(clippy::result_large_err, reason = "the error is figment's")]
    fn every_setting_can_come_from_the_environment() {
        figment::Jail::expect_with(|jail| {
            jail.set_env("ALIEN_KINESIS", "events");
            jail.set_env("ALIEN_KINESIS_SHARDS", "2");
            jail.set_env("ALIEN_NO_PROCESS", "true");
            jail.set_env("ALIEN_OIDC_ISSUER", "https://id.example/pool");
            jail.set_env("ALIEN_OIDC_CLIENT", "aliens");
            jail.set_env("ALIEN_KEY", "0123456789abcdef0123456789abcdef");
            let config = Config::load(&Flags::default()).map_err(|error| *error)?;
            assert_eq!((config.kinesis.as_deref(), config.kinesis_shards), (Some("events"), Some(2)));
            assert!(config.no_process && config.key.is_some());
            assert!(config.oidc().is_ok_and(|issuer| issuer.is_some()));
            assert!(!format!("{config:?}").contains("0123456789"), "a key shows nowhere");
            Ok(())
        });
    }

    #[test]
    fn an_issuer_and_its_client_go_together() {
        let with = |issuer: Option<&str>, client: Option<&str>| Config {
            oidc_issuer: issuer.map(|issuer| issuer.parse().unwrap()),
            oidc_client: client.map(str::to_owned),
            ..Config::default()
        };
        let [issuer, client] = [Some("https://id.example/pool"), Some("aliens")];
        assert_eq!(with(None, None).oidc(), Ok(None));
        assert_eq!(with(issuer, client).oidc().unwrap().unwrap().client, "aliens");
        assert_eq!(with(issuer, None).oidc(), Err(SettingsError::IncompleteIssuer));
        assert_eq!(with(None, client).oidc(), Err(SettingsError::IncompleteIssuer));
    }

    #[test]
    fn an_unknown_setting_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("alien.toml");
        std::fs::write(&file, "prot = 1\n").unwrap();
        let error = Config::load(&Flags { config: Some(file), ..Flags::default() }).unwrap_err();
        assert!(error.to_string().contains("prot"), "{error}");
    }
}
