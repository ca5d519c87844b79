//! The local AWS that the AWS engine is tested on and can be tried on.

use std::{
    io,
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{error::Error, python, run};

/// It listens within this time.
const PATIENCE: Duration = Duration::from_secs(60);

/// The folder with the programs of the local AWS, once it is there as it is pinned.
///
/// # Errors
/// Where it cannot be installed.
pub fn ensure() -> Result<PathBuf, Error> {
    python::ensure("aws", "backend/tests/requirements.txt")
}

/// A local AWS at work, which forgets everything when it ends; dropping it ends it.
pub struct LocalAws {
    process: Child,
    port: u16,
}

impl LocalAws {
    /// Starts it on a free port.
    ///
    /// # Errors
    /// Where it cannot be installed or started.
    pub fn start() -> Result<LocalAws, Error> {
        let program = ensure()?.join("ministack");
        let missing = |source| Error::Missing { program: program.display().to_string(), source };
        let port = free_port().map_err(missing)?;
        let mut ministack = run::program(&program, [""; 0]);
        ministack.env("GATEWAY_PORT", port.to_string()).stdout(Stdio::null()).stderr(Stdio::null());
        // It hands its own on to the functions that it runs, which are to use it, too.
        ministack.env("AWS_ENDPOINT_URL", url(port));
        let local = LocalAws { process: ministack.spawn().map_err(missing)?, port };
        let started = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            if started.elapsed() > PATIENCE {
                return Err(missing(io::Error::other("it does not listen")));
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(local)
    }

    /// What a program's environment must hold to use it.
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
        // It may have ended by the same Ctrl-C.
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
