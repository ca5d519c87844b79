//! The command line of the server.

use std::{
    io::{IsTerminal, Write, stderr, stdout},
    path::PathBuf,
    process::ExitCode,
};

use backend::{
    commands::{dead_letters, lambda, process, rebuild},
    domain::tuning_file,
    http,
    server::Server,
    settings::{Config, Flags},
};

use clap::{Parser, Subcommand};
use shared::account::AccountName;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

/// Alien Attack's server: a browser arcade tournament in which every key press is a real-time event.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server: tickets, events, standings and the pages from one address
    Serve(Flags),
    /// Process the stream, and do nothing else: several of these share the shards; needs --kinesis and --dynamodb
    Process(Flags),
    /// Process the stream as a function of AWS Lambda, by settings from the environment
    Lambda,
    /// List what could not be processed, and try it again
    Dlq {
        #[command(subcommand)]
        action: dead_letters::Action,
        #[command(flatten)]
        flags: Flags,
    },
    /// Compute the tables anew from the stream or the archive alone, while the server is stopped
    Rebuild {
        #[command(flatten)]
        flags: Flags,
        /// From this folder's archive, written by the server or by Firehose, rather than from the stream
        #[arg(long, value_name = "DIR")]
        from_archive: Option<PathBuf>,
    },
    /// Check a tuning file, and print what each value does
    Check {
        /// The file, such as presets/arcade.toml
        file: PathBuf,
    },
    /// Print the JSON Schema of tuning files, for editors
    Schema,
    /// Print the API's OpenAPI document
    Openapi,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse().command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> Result<(), Box<dyn std::error::Error>> {
    match command {
        Command::Serve(flags) => serve(&Config::load(&flags)?).await,
        Command::Process(flags) => {
            let config = Config::load(&flags)?;
            log(&config);
            Ok(process::run(&config, interrupted()?).await?)
        }
        Command::Lambda => {
            let config = Config::load(&Flags::default())?;
            log(&config);
            Ok(lambda::run(&config).await.map_err(|error| error as Box<dyn std::error::Error>)?)
        }
        Command::Dlq { action, flags } => {
            print!("{}", dead_letters::run(&Config::load(&flags)?, &action).await?);
            Ok(())
        }
        Command::Rebuild { flags, from_archive } => {
            let config = Config::load(&flags)?;
            log(&config);
            let events = rebuild::run(&config, from_archive.as_deref()).await?;
            println!("{events} events replayed; the tables are new");
            Ok(())
        }
        Command::Check { file } => {
            print!("{}", tuning_file::explain(&tuning_file::read(&file)?));
            Ok(())
        }
        Command::Schema => {
            println!("{}", serde_json::to_string_pretty(&tuning_file::schema())?);
            Ok(())
        }
        Command::Openapi => {
            println!("{}", http::document().to_pretty_json()?);
            Ok(())
        }
    }
}

/// What is logged unless RUST_LOG says otherwise: the event log's engine tells more than an operator wants to know.
const LOGGED: &str = "info,fjall=warn,lsm_tree=warn";

fn log(config: &Config) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(LOGGED));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr).with_ansi(stderr().is_terminal());
    if config.log_json { log.json().init() } else { log.init() }
}

async fn serve(config: &Config) -> Result<(), Box<dyn std::error::Error>> {
    log(config);
    let stop = interrupted()?;
    let server = Server::start(config).await?;
    welcome(&server.url(), config.web.is_some(), server.manager());
    server.run(stop).await;
    tracing::info!("stopped; everything acknowledged is in the event log");
    Ok(())
}

/// Says where to go. Whether anybody reads it is no concern of the server's.
fn welcome(url: &str, has_pages: bool, manager: Option<&(AccountName, Option<String>)>) {
    let mut text = format!("Open {url}\n");
    if has_pages {
        text += &format!("Scoreboard, for a projector: {url}/scoreboard.html\n");
    }
    if let Some((name, Some(password))) = manager {
        text += &format!("Manager, to sign in: {name}, password {password} (shown this once; change it)\n");
    }
    let _ = stdout().write_all(text.as_bytes());
}

/// Done when the process is told to stop, by Ctrl-C or by a service manager.
fn interrupted() -> std::io::Result<impl Future<Output = ()>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}
