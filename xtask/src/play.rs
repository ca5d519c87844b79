//! `cargo xtask play`: builds the game and the server, and starts the server.

use std::{net::TcpListener, os::unix::process::CommandExt, path::PathBuf};

use clap::Args;

use crate::{debian::Install, error::Error, local_aws::LocalAws, profile::Profile, run, server, web, workspace};

/// The options of `cargo xtask play`.
#[derive(Debug, Args)]
pub struct Options {
    /// TCP port that the server listens on
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Folder for the server's data: events, standings, accounts and sessions
    #[arg(long, value_name = "DIR", default_value = "data")]
    data: PathBuf,
    /// Build the game with its tools for developers: a state log, frame times, a jump to a level, and faults. See
    /// game/src/dev/mod.rs
    #[arg(long)]
    dev: bool,
    /// Run the AWS engine on a local AWS: events in Kinesis, the rest in DynamoDB. Stopping the server deletes the data
    #[arg(long)]
    local_aws: bool,
    /// More arguments for the server, listed by backend serve --help. For example, --host 0.0.0.0 lets other computers
    /// connect
    #[arg(last = true)]
    server: Vec<String>,
}

/// Builds the game and the server, and runs the server until it is stopped.
///
/// # Errors
/// If the port is in use, a build fails, or the server or the local AWS cannot be started.
pub fn play(options: &Options, install: Install) -> Result<(), Error> {
    // Checked first, because the build can take long.
    if TcpListener::bind(("127.0.0.1", options.port)).is_err() {
        return Err(Error::PortTaken { port: options.port });
    }
    let profile = if options.dev { Profile::DevTools } else { Profile::Dev };
    web::build(profile, install)?;
    server::build_release()?;
    let program = server::path("release");
    let mut serve = run::program(&program, ["serve", "--port", &options.port.to_string()]);
    serve.arg("--data").arg(&options.data).arg("--web").arg(workspace::dist()).args(&options.server);
    if options.local_aws {
        let aws = LocalAws::start()?;
        serve.args(["--kinesis", "alien-attack", "--kinesis-shards", "2"]);
        serve.args(["--dynamodb", "alien-attack", "--dynamodb-create"]).envs(aws.variables());
        return run::step("Running the server on a local AWS", &mut serve);
    }
    // Replaces this process, so that only the server receives Ctrl-C.
    let source = serve.exec();
    Err(Error::Start { program: program.display().to_string(), source })
}
