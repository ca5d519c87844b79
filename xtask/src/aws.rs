//! The local AWS that the AWS engine is tested on and can be tried on, in a virtual environment of Python's in our folder of
//! tools.

use std::{
    fs, io,
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{error::Error, run, workspace};

/// It listens within this time.
const PATIENCE: Duration = Duration::from_secs(60);

/// The folder with the programs of the local AWS, once it is there as it is pinned.
///
/// # Errors
/// Where it cannot be installed.
pub fn ensure() -> Result<PathBuf, Error> {
    let requirements = workspace::root().join("backend/tests/requirements.txt");
    let pinned = fs::read_to_string(&requirements).map_err(Error::file(&requirements))?;
    let folder = workspace::tools().join("aws");
    let (programs, stamp) = (folder.join("bin"), folder.join("requirements.txt"));
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == pinned) {
        return Ok(programs);
    }
    let make = ["-m", "venv", "--clear"].map(PathBuf::from).into_iter().chain([folder]);
    run::step("Making room for a local AWS", &mut run::program("python3", make))?;
    let mut install = run::program(programs.join("pip"), ["install", "--quiet", "--requirement"]);
    run::step("Installing the local AWS", install.arg(&requirements))?;
    // Last, so that half of it is not taken for all.
    fs::write(&stamp, pinned).map_err(Error::file(&stamp))?;
    Ok(programs)
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
            ("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{}", self.port)),
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

fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}
