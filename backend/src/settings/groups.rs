//! Settings that several subcommands share.

use std::path::PathBuf;

use clap::Args;

use super::{SettingsError, defaults, require};
use crate::{
    domain::identity::{Address, OidcSettings},
    engine::{AwsSettings, EngineSettings, MissingParts},
};

/// Where the settings file is.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct FileArgs {
    /// TOML file with settings. Their names are the flags in snake_case, e.g. max_connections = 500
    #[arg(long, value_name = "FILE", env = "ALIEN_CONFIG")]
    pub config: Option<PathBuf>,
}

/// Where data is stored.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct EngineArgs {
    /// Folder for the event log, the tables, the accounts and the signing key. Created if missing
    #[arg(long, value_name = "DIR", env = "ALIEN_DATA", default_value = "data", help_heading = "Data")]
    pub data: PathBuf,

    /// Create an empty registry, event log or signing key if the data folder has lost it, instead of refusing to start
    #[arg(long, env = "ALIEN_CREATE_MISSING", help_heading = "Data")]
    pub create_missing: bool,

    /// Engines on AWS.
    #[command(flatten)]
    pub aws: AwsArgs,
}

/// The engines on AWS that replace the data folder.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(next_help_heading = "AWS")]
pub struct AwsArgs {
    /// Kinesis stream for events, instead of the data folder. Needs --dynamodb. Region, credentials and endpoint come
    /// from the sources of the AWS SDK, e.g. AWS_REGION and AWS_ENDPOINT_URL
    #[arg(long, value_name = "STREAM", env = "ALIEN_KINESIS")]
    pub kinesis: Option<String>,

    /// Create the Kinesis stream with N shards if it does not exist
    #[arg(long, value_name = "N", env = "ALIEN_KINESIS_SHARDS")]
    pub kinesis_shards: Option<u16>,

    /// Store tables, accounts and sessions in DynamoDB (PREFIX-tables, PREFIX-registry) and dead letters in the SQS queue
    /// PREFIX-dead-letters, so that several servers can share them. Needs --kinesis
    #[arg(long, value_name = "PREFIX", env = "ALIEN_DYNAMODB")]
    pub dynamodb: Option<String>,

    /// Create the DynamoDB tables and the SQS queue if they do not exist
    #[arg(long, env = "ALIEN_DYNAMODB_CREATE")]
    pub dynamodb_create: bool,
}

/// How the stream is processed.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct ProcessorArgs {
    /// Write tables at most every SECONDS instead of immediately. Fewer writes; standings lag by up to that long
    #[arg(long, value_name = "SECONDS", env = "ALIEN_FLUSH_INTERVAL", default_value = "0", help_heading = "Data")]
    pub flush_interval: u16,
}

/// How the process logs. `RUST_LOG` filters what it logs.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(next_help_heading = "Logging")]
pub struct LogArgs {
    /// Write the log as JSON lines instead of text. RUST_LOG sets the level, e.g. RUST_LOG=debug
    #[arg(long, env = "ALIEN_LOG_JSON")]
    pub log_json: bool,
}

/// The OpenID Connect issuer that stores the accounts instead of the server.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(next_help_heading = "Accounts")]
pub struct OidcArgs {
    /// OpenID Connect issuer that stores the accounts instead of this server, e.g. a user pool of Amazon Cognito. Written
    /// exactly as in its tokens. Needs --oidc-client
    #[arg(long, value_name = "URL", env = "ALIEN_OIDC_ISSUER")]
    pub oidc_issuer: Option<Address>,

    /// Client ID of this game at the issuer: a public client, without a secret. Needs --oidc-issuer
    #[arg(long, value_name = "ID", env = "ALIEN_OIDC_CLIENT")]
    pub oidc_client: Option<String>,

    /// Claim of access tokens that lists the groups of an account
    #[arg(long, value_name = "CLAIM", env = "ALIEN_OIDC_ROLES", default_value = "cognito:groups")]
    pub oidc_roles: String,

    /// Group whose members are managers
    #[arg(long, value_name = "GROUP", env = "ALIEN_OIDC_MANAGERS", default_value = "Managers")]
    pub oidc_managers: String,

    /// Discovery document of the issuer, if it is not at the issuer's URL, e.g. with a local AWS. Needs --oidc-issuer
    #[arg(long, value_name = "URL", env = "ALIEN_OIDC_DISCOVERY")]
    pub oidc_discovery: Option<Address>,
}

impl EngineArgs {
    /// The engines to open.
    ///
    /// # Errors
    /// If only one of stream and tables is on AWS.
    pub fn settings(&self) -> Result<EngineSettings, SettingsError> {
        Ok(match self.aws.settings()? {
            Some(aws) => EngineSettings::Aws(aws),
            None => EngineSettings::Embedded { data: self.data.clone(), missing: self.missing() },
        })
    }

    /// What to do if a part of the data folder is missing.
    pub fn missing(&self) -> MissingParts {
        if self.create_missing { MissingParts::Create } else { MissingParts::Refuse }
    }
}

impl AwsArgs {
    /// The engines on AWS; `None` for embedded engines.
    ///
    /// # Errors
    /// If only one of stream and tables is on AWS, or resources are to be created for embedded engines.
    pub fn settings(&self) -> Result<Option<AwsSettings>, SettingsError> {
        let kinesis = ("--kinesis", self.kinesis.is_some());
        let dynamodb = ("--dynamodb", self.dynamodb.is_some());
        require(kinesis, dynamodb)?;
        require(dynamodb, kinesis)?;
        require(("--kinesis-shards", self.kinesis_shards.is_some()), kinesis)?;
        require(("--dynamodb-create", self.dynamodb_create), dynamodb)?;
        Ok(self.kinesis.clone().zip(self.dynamodb.clone()).map(|(stream, prefix)| AwsSettings {
            stream,
            create_shards: self.kinesis_shards,
            prefix,
            create_tables: self.dynamodb_create,
        }))
    }

    /// The engines on AWS.
    ///
    /// # Errors
    /// If the settings choose the embedded engines, or contradict each other.
    pub fn required(&self) -> Result<AwsSettings, SettingsError> {
        self.settings()?.ok_or(SettingsError::NotShared)
    }
}

impl OidcArgs {
    /// The issuer that stores the accounts; `None` if the server stores them.
    ///
    /// # Errors
    /// If the issuer or the client is missing.
    pub fn settings(&self) -> Result<Option<OidcSettings>, SettingsError> {
        let issuer = ("--oidc-issuer", self.oidc_issuer.is_some());
        let client = ("--oidc-client", self.oidc_client.is_some());
        require(issuer, client)?;
        require(client, issuer)?;
        require(("--oidc-discovery", self.oidc_discovery.is_some()), issuer)?;
        Ok(self.oidc_issuer.clone().zip(self.oidc_client.clone()).map(|(issuer, client)| OidcSettings {
            issuer,
            discovery: self.oidc_discovery.clone(),
            client,
            roles: self.oidc_roles.clone(),
            managers: self.oidc_managers.clone(),
        }))
    }
}

impl Default for EngineArgs {
    fn default() -> EngineArgs {
        defaults()
    }
}

impl Default for AwsArgs {
    fn default() -> AwsArgs {
        defaults()
    }
}

impl Default for OidcArgs {
    fn default() -> OidcArgs {
        defaults()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missing(given: &'static str, missing: &'static str) -> SettingsError {
        SettingsError::Incomplete { given, missing }
    }

    #[test]
    fn an_issuer_needs_a_client_and_a_client_needs_an_issuer() {
        let with = |issuer: Option<&str>, client: Option<&str>| OidcArgs {
            oidc_issuer: issuer.map(|issuer| issuer.parse().unwrap()),
            oidc_client: client.map(str::to_owned),
            ..OidcArgs::default()
        };
        let [issuer, client] = [Some("https://id.example/pool"), Some("aliens")];
        assert_eq!(with(None, None).settings(), Ok(None));
        assert_eq!(with(issuer, client).settings().unwrap().unwrap().client, "aliens");
        assert_eq!(with(issuer, None).settings(), Err(missing("--oidc-issuer", "--oidc-client")));
        assert_eq!(with(None, client).settings(), Err(missing("--oidc-client", "--oidc-issuer")));
    }

    #[test]
    fn kinesis_and_dynamodb_are_chosen_together() {
        let with = |kinesis: Option<&str>, dynamodb: Option<&str>| AwsArgs {
            kinesis: kinesis.map(str::to_owned),
            dynamodb: dynamodb.map(str::to_owned),
            ..AwsArgs::default()
        };
        let aws = with(Some("events"), Some("alien")).required().unwrap();
        assert_eq!((aws.stream.as_str(), aws.prefix.as_str()), ("events", "alien"));
        assert_eq!(with(None, None).settings(), Ok(None));
        assert_eq!(with(None, None).required(), Err(SettingsError::NotShared));
        assert_eq!(with(Some("events"), None).settings(), Err(missing("--kinesis", "--dynamodb")));
        assert_eq!(with(None, Some("alien")).settings(), Err(missing("--dynamodb", "--kinesis")));
        let create = AwsArgs { dynamodb_create: true, ..AwsArgs::default() };
        assert_eq!(create.settings(), Err(missing("--dynamodb-create", "--dynamodb")));
    }

    #[test]
    fn embedded_engines_are_in_the_data_folder() {
        let data = PathBuf::from("elsewhere");
        let args = EngineArgs { data: data.clone(), ..EngineArgs::default() };
        assert_eq!(args.settings(), Ok(EngineSettings::Embedded { data, missing: MissingParts::Refuse }));
    }
}
