//! The local AWS (ministack), which the tests of the AWS engine and `cargo xtask play --local-aws` use.

use std::{
    io,
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{error::Error, python, run};

/// The time that the local AWS has to start.
const START_TIMEOUT: Duration = Duration::from_secs(60);
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// Installs the local AWS, unless it is up to date, and returns the folder with its programs.
///
/// # Errors
/// If it cannot be installed.
pub fn ensure() -> Result<PathBuf, Error> {
    python::ensure("aws", "backend/tests/requirements.txt")
}

/// A running local AWS, which keeps its data in memory. Dropping it stops it.
pub struct LocalAws {
    process: Child,
    port: u16,
}

impl LocalAws {
    /// Starts the local AWS on a free port, and waits until it accepts connections.
    ///
    /// # Errors
    /// If it cannot be installed or started, or does not listen within 60 seconds.
    pub fn start() -> Result<LocalAws, Error> {
        let program = ensure()?.join("ministack");
        let name = program.display().to_string();
        let start_error = |source| Error::Start { program: name.clone(), source };
        let port = free_port().map_err(start_error)?;
        let mut ministack = run::program(&program, [""; 0]);
        ministack.env("GATEWAY_PORT", port.to_string()).stdout(Stdio::null()).stderr(Stdio::null());
        // ministack passes its environment to the Lambda functions that it runs. They must use it, too.
        ministack.env("AWS_ENDPOINT_URL", url(port));
        let local = LocalAws { process: ministack.spawn().map_err(start_error)?, port };
        let started = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            if started.elapsed() > START_TIMEOUT {
                return Err(Error::NotListening { program: name, port, seconds: START_TIMEOUT.as_secs() });
            }
            thread::sleep(POLL_INTERVAL);
        }
        Ok(local)
    }

    /// The environment variables for a program that uses this local AWS.
    pub fn variables(&self) -> [(&'static str, String); 4] {
        [
            ("AWS_ENDPOINT_URL", url(self.port)),
            ("AWS_REGION", "eu-central-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", "local".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "local".to_owned()),
        ]
    }
}

impl Drop for LocalAws {
    fn drop(&mut self) {
        // Both fail if Ctrl-C has already stopped the process.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn url(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}
