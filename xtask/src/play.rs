//! `cargo xtask play`: from a fresh clone to an address to open.

use std::{net::TcpListener, os::unix::process::CommandExt, path::PathBuf};

use clap::Args;

use crate::{
    aws::LocalAws,
    error::Error,
    run,
    web::{self, Profile},
    workspace,
};

/// How to play.
#[derive(Debug, Args)]
pub struct Options {
    /// Port to serve on
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Folder for the games that are played
    #[arg(long, value_name = "DIR", default_value = "data")]
    data: PathBuf,
    /// Keep everything on a local AWS, which forgets it when it ends: events on Kinesis, the rest in DynamoDB
    #[arg(long)]
    local_aws: bool,
    /// More arguments for the server, such as --host 0.0.0.0 to let the whole network play; see backend serve --help
    #[arg(last = true)]
    server: Vec<String>,
}

/// Builds what is missing and becomes the server.
///
/// # Errors
/// Where something is missing or wrong, with its mend.
pub fn play(options: &Options) -> Result<(), Error> {
    // Better said now than after a long build.
    if TcpListener::bind(("127.0.0.1", options.port)).is_err() {
        return Err(Error::PortTaken { port: options.port });
    }
    web::build(Profile::Dev)?;
    run::step("Building the server", &mut run::cargo(["build", "--release", "--package", "backend"]))?;
    let server = workspace::target().join("release/backend");
    let mut serve = run::program(&server, ["serve", "--port", &options.port.to_string()]);
    serve.arg("--data").arg(&options.data).arg("--web").arg(workspace::dist()).args(&options.server);
    if options.local_aws {
        let aws = LocalAws::start()?;
        serve.args(["--kinesis", "alien-attack", "--kinesis-shards", "2"]);
        serve.args(["--dynamodb", "alien-attack", "--dynamodb-create"]).envs(aws.variables());
        return run::step("Serving, with everything on a local AWS", &mut serve);
    }
    // Ctrl-C then reaches the server and nobody else.
    let source = serve.exec();
    Err(Error::Missing { program: server.display().to_string(), source })
}
