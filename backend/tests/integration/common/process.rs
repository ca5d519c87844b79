//! Processes of the server's program, for tests that kill one, stop it, or share engines between several.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read},
    net::SocketAddr,
    ops::Deref,
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
};

use tempfile::TempDir;
use tokio::sync::oneshot;

use super::{
    api::{Api, MANAGER_PASSWORD},
    aws, eventually,
    eventually::LIMIT,
};

/// A tuning whose games end seconds after the countdown: the invaders come straight down.
const SHORT_TUNING: &str = "name = \"short\"\ninvader_initial_velocity = 600\ninvader_drop_distance = 100\n";

/// A command of the server's program.
pub fn backend() -> Command {
    Command::new(env!("CARGO_BIN_EXE_backend"))
}

/// A process of `backend serve`. Dropping it kills it.
pub struct ServerProcess {
    api: Api,
    child: Child,
    data: TempDir,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
}

impl ServerProcess {
    /// Starts a server with an empty data folder and these arguments.
    pub async fn start(arguments: &[&str]) -> ServerProcess {
        ServerProcess::start_in(tempfile::tempdir().unwrap(), arguments, &[]).await
    }

    /// Starts a server whose games are short.
    pub async fn start_short(arguments: &[&str]) -> ServerProcess {
        let data = tempfile::tempdir().unwrap();
        let tuning = write_short_tuning(data.path());
        ServerProcess::start_in(data, &[&["--tuning", &tuning], arguments].concat(), &[]).await
    }

    /// Starts a server whose games are short, with the AWS engines that all servers at `endpoint` share.
    pub async fn start_on_aws(endpoint: &str, arguments: &[&str]) -> ServerProcess {
        let data = tempfile::tempdir().unwrap();
        let tuning = write_short_tuning(data.path());
        let arguments = [&["--tuning", &tuning], &aws::SHARED[..], arguments].concat();
        let environment = [&aws::variables(endpoint)[..], &[("ALIEN_KEY", aws::KEY)]].concat();
        ServerProcess::start_in(data, &arguments, &environment).await
    }

    /// Starts a server that logs to a file; `filter` is for RUST_LOG.
    pub async fn start_logged(filter: &str, log: File) -> ServerProcess {
        let data = tempfile::tempdir().unwrap();
        let (child, url) = spawn(serve(data.path(), &[], &[]).env("RUST_LOG", filter).stderr(log)).await;
        ServerProcess { api: Api::new(url), child, data, arguments: Vec::new(), environment: Vec::new() }
    }

    /// Starts a server with a data folder, arguments and environment variables.
    pub async fn start_in(data: TempDir, arguments: &[&str], environment: &[(&str, &str)]) -> ServerProcess {
        let arguments: Vec<String> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        let environment: Vec<(String, String)> =
            environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let (child, url) = spawn(&mut serve(data.path(), &arguments, &environment)).await;
        ServerProcess { api: Api::new(url), child, data, arguments, environment }
    }

    /// Kills the server with SIGKILL and starts it again.
    pub async fn kill_and_restart(&mut self) {
        self.kill();
        self.restart().await;
    }

    /// Kills the server with SIGKILL.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Starts the server again, with the same data folder, on another port.
    pub async fn restart(&mut self) {
        let (child, url) = spawn(&mut serve(self.data.path(), &self.arguments, &self.environment)).await;
        self.child = child;
        self.api = Api::new(url);
    }

    /// Stops the server with SIGTERM and waits until it has ended.
    pub async fn stop(&mut self) -> ExitStatus {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        eventually("the server ends after SIGTERM", async || {
            self.child.try_wait().unwrap().ok_or_else(|| "it runs".to_owned())
        })
        .await
    }

    /// The address on which the server listens.
    pub fn address(&self) -> SocketAddr {
        self.authority().parse().unwrap()
    }

    /// The data folder.
    pub fn data(&self) -> &Path {
        self.data.path()
    }
}

impl Deref for ServerProcess {
    type Target = Api;

    fn deref(&self) -> &Api {
        &self.api
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The largest resident memory of a process so far, in bytes.
pub fn peak_memory(process: &Child) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", process.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

/// The first `find` finds in the lines that the process prints. Reads the other lines until the process ends, so that
/// printing never blocks it.
///
/// # Panics
/// If the process ends, or the time limit ends, before it prints such a line.
pub async fn read_from_output<T: Send + 'static>(
    output: impl Read + Send + 'static,
    expected: &str,
    find: impl Fn(&str) -> Option<T> + Send + 'static,
) -> T {
    let (sender, found) = oneshot::channel();
    std::thread::spawn(move || {
        let mut sender = Some(sender);
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if let Some(found) = find(&line)
                && let Some(sender) = sender.take()
            {
                // The test may have ended.
                let _ = sender.send(found);
            }
        }
    });
    match tokio::time::timeout(LIMIT, found).await {
        Ok(Ok(found)) => found,
        Ok(Err(_)) => panic!("the process ended before it printed {expected}"),
        Err(_) => panic!("the process did not print {expected} within {LIMIT:?}"),
    }
}

/// Writes a tuning whose games are short into a folder, and returns its path.
pub fn write_short_tuning(folder: &Path) -> String {
    let tuning = folder.join("short.toml");
    std::fs::write(&tuning, SHORT_TUNING).unwrap();
    tuning.to_str().unwrap().to_owned()
}

fn serve(data: &Path, arguments: &[String], environment: &[(String, String)]) -> Command {
    let mut command = backend();
    command
        .args(["serve", "--port", "0", "--data"])
        .arg(data)
        .args(arguments)
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .env("RUST_LOG", "warn")
        .env("ALIEN_MANAGER_PASSWORD", MANAGER_PASSWORD);
    command
}

/// Starts a server and returns its URL, which it prints when it listens.
async fn spawn(command: &mut Command) -> (Child, String) {
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let url = read_from_output(child.stdout.take().unwrap(), "the URL of the server", |line| {
        let port = line.split_whitespace().find_map(|word| word.strip_prefix("http://localhost:"))?;
        Some(format!("http://127.0.0.1:{port}"))
    })
    .await;
    (child, url)
}
