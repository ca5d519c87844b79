//! Merges flags, environment variables, the settings file and defaults.
//!
//! Values from the environment and from the file become clap's default values, so that clap parses each setting once,
//! wherever it comes from.

use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    fs, io,
    path::{Path, PathBuf},
};

use clap::{Arg, ArgMatches, Args, Command, builder::Resettable, error::ContextKind, parser::ValueSource};
use toml::{Table, Value};

/// The setting with the path of the settings file.
const CONFIG: &str = "config";
/// Other users of the machine can see flags, so that this setting has none.
const KEY: &str = "key";

/// Looks up an environment variable.
pub type Environment<'e> = &'e dyn Fn(&str) -> Option<OsString>;

/// Why the settings cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The command line is wrong, or asks for help.
    #[error(transparent)]
    CommandLine(#[from] clap::Error),
    /// The settings file cannot be read.
    #[error("cannot read the settings file {path}")]
    File {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The settings file is not valid TOML.
    #[error("the settings file {path} is not valid TOML")]
    Syntax {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: toml::de::Error,
    },
    /// The settings file has a name that is no setting.
    #[error("unknown setting {name} in {path}; docs/settings.md lists all settings")]
    Unknown {
        /// The file.
        path: PathBuf,
        /// The name.
        name: String,
    },
    /// A setting in the file is a table, an array or a date.
    #[error("invalid value for {name} in {path}: it must be a string, a number or a boolean")]
    Type {
        /// The file.
        path: PathBuf,
        /// The setting.
        name: String,
    },
    /// A value is not valid for its setting.
    #[error("invalid value{value} for {name} from {origin}: {reason}")]
    Value {
        /// The setting.
        name: String,
        /// The value with a space before it; empty for secrets.
        value: String,
        /// The variable or the file that sets it.
        origin: String,
        /// Why it is not valid.
        reason: String,
    },
    /// A secret is given as a flag.
    #[error("set the key by the environment variable ALIEN_KEY instead: other users of this machine can see flags")]
    SecretFlag,
}

/// Parses `arguments` by `command`. A setting without a flag comes from `environment`, from the settings file of the
/// subcommand, or from its default, in this order.
///
/// # Errors
/// If the command line, a variable or the settings file is not valid. The error names the setting, its value and its
/// source. A request for help is a clap error as well.
pub fn parse(command: Command, arguments: &[OsString], environment: Environment) -> Result<ArgMatches, LoadError> {
    let Ok(flags) = flags_only(&command).ignore_errors(true).try_get_matches_from(arguments) else {
        // The full command prints the help, which names the variables.
        return Ok(command.try_get_matches_from(arguments)?);
    };
    let Some((name, flags)) = flags.subcommand() else {
        return Ok(command.try_get_matches_from(arguments)?);
    };
    let mut built = command.clone();
    built.build();
    let args: Vec<&Arg> = built.find_subcommand(name).into_iter().flat_map(Command::get_arguments).collect();
    let sources = Sources { environment, file: SettingsFile::load(&built, &args, flags, environment)? };
    for arg in args.iter().filter(|arg| is_setting(arg)) {
        let is_flag = flags.value_source(arg.get_id().as_str()) == Some(ValueSource::CommandLine);
        match is_flag {
            true if arg.get_id() == KEY => return Err(LoadError::SecretFlag),
            true => {}
            false => sources.check(arg)?,
        }
    }
    let layered = flags_only(&command).mut_subcommand(name, |subcommand| {
        // The arguments of `command` still have the names of their variables.
        subcommand.mut_args(|arg| match args.iter().find(|built| built.get_id() == arg.get_id()) {
            Some(built) => sources.set_default(built, arg),
            None => arg,
        })
    });
    Ok(layered.try_get_matches_from(arguments)?)
}

/// The settings `A`, from environment variables and defaults alone.
///
/// # Errors
/// If a variable is not valid.
pub fn from_environment<A: Args>(environment: Environment) -> Result<A, LoadError> {
    from_command(A::augment_args(Command::new("environment")), environment)
}

/// The settings `A` that `settings` declares, without flags and without a file.
pub(super) fn from_command<A: Args>(settings: Command, environment: Environment) -> Result<A, LoadError> {
    let name = settings.get_name().to_owned();
    let command = Command::new("backend").subcommand(settings);
    let matches = parse(command, &["backend".into(), name.into()], environment)?;
    let (_, matches) = matches.subcommand().unwrap_or(("", &matches));
    Ok(A::from_arg_matches(matches)?)
}

/// Whether an argument can be set by the environment and by the file, too.
pub(super) fn is_setting(arg: &Arg) -> bool {
    arg.get_env().is_some() && arg.get_id() != CONFIG
}

/// The command without environment variables.
fn flags_only(command: &Command) -> Command {
    let names: Vec<String> = command.get_subcommands().map(|subcommand| subcommand.get_name().to_owned()).collect();
    names.into_iter().fold(command.clone(), |command, name| {
        command.mut_subcommand(name, |subcommand| subcommand.mut_args(|arg| arg.env(Resettable::Reset)))
    })
}

/// The sources of settings, apart from flags and defaults.
struct Sources<'e> {
    environment: Environment<'e>,
    file: Option<SettingsFile>,
}

impl Sources<'_> {
    /// The value of a setting, and the variable or the file that sets it.
    fn value(&self, arg: &Arg) -> Option<(OsString, String)> {
        let variable = variable(arg)?;
        if let Some(value) = (self.environment)(variable) {
            return Some((value, variable.to_owned()));
        }
        let file = self.file.as_ref()?;
        Some((file.values.get(arg.get_id().as_str())?.into(), file.path.display().to_string()))
    }

    fn check(&self, arg: &Arg) -> Result<(), LoadError> {
        let Some((value, origin)) = self.value(arg) else {
            return Ok(());
        };
        let Err(error) = parse_value(arg, &value) else {
            return Ok(());
        };
        let shown = if arg.is_hide_env_values_set() { String::new() } else { format!(" {}", value.display()) };
        Err(LoadError::Value { name: arg.get_id().to_string(), value: shown, origin, reason: reason(&error) })
    }

    fn set_default(&self, built: &Arg, arg: Arg) -> Arg {
        match self.value(built).filter(|_| is_setting(built)) {
            Some((value, _)) => arg.default_value(value),
            None => arg,
        }
    }
}

fn variable(arg: &Arg) -> Option<&str> {
    arg.get_env().and_then(OsStr::to_str)
}

/// Parses one value as the argument's parser does.
fn parse_value(arg: &Arg, value: &OsStr) -> Result<ArgMatches, clap::Error> {
    let value_arg = Arg::new("value").value_parser(arg.get_value_parser().clone()).allow_hyphen_values(true);
    Command::new("value").no_binary_name(true).arg(value_arg).try_get_matches_from([value])
}

/// Why clap rejects a value.
fn reason(error: &clap::Error) -> String {
    if let Some(source) = std::error::Error::source(error) {
        return source.to_string();
    }
    match error.get(ContextKind::ValidValue) {
        Some(values) => format!("possible values: {values}"),
        None => "a value is required".to_owned(),
    }
}

/// The settings file.
struct SettingsFile {
    path: PathBuf,
    values: BTreeMap<String, String>,
}

impl SettingsFile {
    /// Reads the file that a flag or the environment names, if the subcommand has one.
    fn load(
        command: &Command,
        args: &[&Arg],
        flags: &ArgMatches,
        environment: Environment,
    ) -> Result<Option<SettingsFile>, LoadError> {
        let Some(config) = args.iter().find(|arg| arg.get_id() == CONFIG) else {
            return Ok(None);
        };
        let flag = flags.get_one::<PathBuf>(CONFIG).cloned();
        let path = flag.or_else(|| variable(config).and_then(environment).map(PathBuf::from));
        path.map(|path| SettingsFile::read(path, command)).transpose()
    }

    /// Reads a file. It may have settings of every subcommand, so that several can share it.
    fn read(path: PathBuf, command: &Command) -> Result<SettingsFile, LoadError> {
        let text = fs::read_to_string(&path).map_err(|source| LoadError::File { path: path.clone(), source })?;
        let table: Table = text.parse().map_err(|source| LoadError::Syntax { path: path.clone(), source })?;
        let is_known = |name: &str| {
            let mut args = command.get_subcommands().flat_map(Command::get_arguments);
            args.any(|arg| is_setting(arg) && arg.get_id() == name)
        };
        if let Some(name) = table.keys().find(|name| !is_known(name)) {
            return Err(LoadError::Unknown { path, name: name.clone() });
        }
        let values = table.into_iter().map(|(name, value)| text_of(&path, name, value)).collect::<Result<_, _>>()?;
        Ok(SettingsFile { path, values })
    }
}

/// A value of the file as a flag would give it.
fn text_of(path: &Path, name: String, value: Value) -> Result<(String, String), LoadError> {
    let text = match value {
        Value::String(text) => text,
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Boolean(is_set) => is_set.to_string(),
        Value::Datetime(_) | Value::Array(_) | Value::Table(_) => {
            return Err(LoadError::Type { path: path.to_owned(), name });
        }
    };
    Ok((name, text))
}

#[cfg(test)]
mod tests {
    use clap::FromArgMatches;

    use super::*;
    use crate::settings::{Config, FileArgs, LogArgs};

    /// A command whose subcommand `serve` has the server's settings, and `log` those of the log.
    fn command() -> Command {
        Command::new("backend")
            .subcommand(Config::augment_args(FileArgs::augment_args(Command::new("serve"))))
            .subcommand(LogArgs::augment_args(FileArgs::augment_args(Command::new("log"))))
    }

    /// The settings of `serve` with these flags and variables.
    fn load(flags: &[&str], variables: &[(&str, &str)]) -> Result<Config, LoadError> {
        let arguments: Vec<OsString> = ["backend", "serve"].iter().chain(flags).map(OsString::from).collect();
        let environment =
            |name: &str| variables.iter().find(|(variable, _)| *variable == name).map(|(_, value)| value.into());
        let matches = parse(command(), &arguments, &environment)?;
        Ok(Config::from_arg_matches(matches.subcommand().unwrap().1)?)
    }

    /// A settings file.
    fn file(text: &str) -> (tempfile::TempDir, String) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("alien.toml");
        fs::write(&path, text).unwrap();
        (folder, path.to_str().unwrap().to_owned())
    }

    fn error(flags: &[&str], variables: &[(&str, &str)]) -> String {
        load(flags, variables).unwrap_err().to_string()
    }

    #[test]
    fn flags_precede_the_environment_the_file_and_defaults() {
        let (_folder, path) = file("port = 1\nproxies = 1\nmax_connections = 7\nwatch = true\n");
        let variables = [("ALIEN_PORT", "2"), ("ALIEN_PROXIES", "2")];
        let config = load(&["--port", "3", "--config", &path], &variables).unwrap();
        assert_eq!((config.port, config.proxies, config.max_connections), (3, 2, 7));
        assert!(config.watch && !config.log.log_json);
    }

    #[test]
    fn the_environment_can_name_the_file() {
        let (_folder, path) = file("port = 1\n");
        assert_eq!(load(&[], &[("ALIEN_CONFIG", &path)]).unwrap().port, 1);
    }

    #[test]
    fn every_setting_can_come_from_the_environment() {
        let config = load(
            &[],
            &[
                ("ALIEN_KINESIS", "events"),
                ("ALIEN_KINESIS_SHARDS", "2"),
                ("ALIEN_NO_PROCESS", "true"),
                ("ALIEN_OIDC_ISSUER", "https://id.example/pool"),
                ("ALIEN_KEY", "0123456789abcdef0123456789abcdef"),
            ],
        )
        .unwrap();
        assert_eq!((config.engine.aws.kinesis.as_deref(), config.engine.aws.kinesis_shards), (Some("events"), Some(2)));
        assert!(config.no_process && config.key.is_some() && config.oidc.oidc_issuer.is_some());
        assert!(!format!("{config:?}").contains("0123456789"), "the key must not be printed");
    }

    #[test]
    fn an_unknown_setting_in_the_file_is_named() {
        let (_folder, path) = file("prot = 1\n");
        assert!(error(&["--config", &path], &[]).starts_with(&format!("unknown setting prot in {path}")));
        let (_folder, path) = file("config = \"other.toml\"\n");
        assert!(error(&["--config", &path], &[]).starts_with("unknown setting config"));
    }

    #[test]
    fn a_file_may_have_settings_of_other_subcommands() {
        let (_folder, path) = file("port = 1\nlog_json = true\n");
        let arguments = ["backend", "log", "--config", &path].map(OsString::from);
        let matches = parse(command(), &arguments, &|_| None).unwrap();
        assert!(LogArgs::from_arg_matches(matches.subcommand().unwrap().1).unwrap().log_json);
    }

    #[test]
    fn an_invalid_value_is_named_with_its_setting_and_its_source() {
        let (_folder, path) = file("port = 70000\n");
        let text = error(&["--config", &path], &[]);
        assert!(text.starts_with(&format!("invalid value 70000 for port from {path}: ")), "{text}");
        let text = error(&[], &[("ALIEN_PORT", "high")]);
        assert_eq!(text, "invalid value high for port from ALIEN_PORT: invalid digit found in string");
        let text = error(&[], &[("ALIEN_WATCH", "perhaps")]);
        assert_eq!(text, "invalid value perhaps for watch from ALIEN_WATCH: possible values: true, false");
        let text = error(&["--port", "high"], &[]);
        assert!(text.contains("invalid value 'high' for '--port <PORT>'"), "{text}");
        let (_folder, path) = file("data = [\"a\"]\n");
        assert!(error(&["--config", &path], &[]).starts_with("invalid value for data in"));
    }

    #[test]
    fn an_invalid_value_that_a_flag_overrides_is_ignored() {
        assert_eq!(load(&["--port", "1"], &[("ALIEN_PORT", "high")]).unwrap().port, 1);
    }

    #[test]
    fn secrets_are_not_printed_and_the_key_has_no_flag() {
        let text = error(&[], &[("ALIEN_KEY", "geheim")]);
        assert!(text.starts_with("invalid value for key from ALIEN_KEY: ") && !text.contains("geheim"), "{text}");
        let text = error(&[], &[("ALIEN_MANAGER_PASSWORD", "geheim")]);
        assert!(!text.contains("geheim"), "{text}");
        assert!(error(&["--key", "0123456789abcdef0123456789abcdef"], &[]).contains("ALIEN_KEY"));
    }

    #[test]
    fn a_missing_or_damaged_file_is_named() {
        assert!(error(&["--config", "missing.toml"], &[]).contains("missing.toml"));
        let (_folder, path) = file("port =\n");
        assert!(error(&["--config", &path], &[]).contains(&path));
    }
}
