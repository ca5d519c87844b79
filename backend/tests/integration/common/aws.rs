//! A local AWS, for tests of what needs services of AWS: a process of its own on a free port, everything in memory.

use std::{
    env,
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_kinesis::{
    Client,
    config::{Credentials, SharedCredentialsProvider},
    types::StreamStatus,
};
use tempfile::TempDir;

/// How long it may take until something is there.
const PATIENCE: Duration = Duration::from_secs(60);
const REGION: &str = "eu-central-1";

/// Settings by which servers and processors share everything, which the first of them makes.
pub const SHARED: [&str; 7] =
    ["--kinesis", "shared", "--kinesis-shards", "4", "--dynamodb", "shared", "--dynamodb-create"];
/// What servers that share everything sign tokens with.
pub const KEY: &str = "a key that all servers of these tests share";

/// The local AWS. Dropping it ends it.
pub struct LocalAws {
    process: Child,
    url: String,
    state: TempDir,
}

/// A program of the local AWS: in the folder that ALIEN_LOCAL_AWS names, or on the PATH.
pub fn program(name: &str) -> PathBuf {
    env::var_os("ALIEN_LOCAL_AWS").map_or_else(|| PathBuf::from(name), |folder| PathBuf::from(folder).join(name))
}

/// What a program's environment must hold to use the local AWS at that address.
pub fn variables(endpoint: &str) -> [(&str, &str); 4] {
    [
        ("AWS_ENDPOINT_URL", endpoint),
        ("AWS_REGION", REGION),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
    ]
}

impl LocalAws {
    pub fn start() -> LocalAws {
        let port = free_port();
        let state = tempfile::tempdir().unwrap();
        let process = Command::new(program("ministack"))
            .env("GATEWAY_PORT", port.to_string())
            // Where its functions find it.
            .env("AWS_ENDPOINT_URL", local(port))
            .env("STATE_DIR", state.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("there is no local AWS: `cargo xtask test` gets one, or `pip install ministack` does");
        let aws = LocalAws { process, state, url: local(port) };
        until_listening(port);
        aws
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where it keeps what it has in files, such as its private keys.
    pub fn state(&self) -> &Path {
        self.state.path()
    }

    pub fn config(&self) -> SdkConfig {
        config(&self.url)
    }

    pub fn kinesis(&self) -> Client {
        Client::new(&self.config())
    }

    /// Makes a stream of so many shards.
    pub async fn stream(&self, name: &str, shards: i32) {
        make_stream(&self.kinesis(), name, shards).await;
    }
}

impl Drop for LocalAws {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What clients of the SDK need to use the local AWS at that address.
pub fn config(endpoint: &str) -> SdkConfig {
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .endpoint_url(endpoint)
        .region(Region::new(REGION))
        .credentials_provider(SharedCredentialsProvider::new(Credentials::new("test", "test", None, None, "test")))
        .build()
}

/// Makes a stream of so many shards.
pub async fn make_stream(kinesis: &Client, name: &str, shards: i32) {
    kinesis.create_stream().stream_name(name).shard_count(shards).send().await.unwrap();
    until_active(kinesis, name).await;
}

/// Waits until a stream has done what it was told to.
pub async fn until_active(kinesis: &Client, name: &str) {
    let started = Instant::now();
    loop {
        let stream = kinesis.describe_stream_summary().stream_name(name).send().await.unwrap();
        let status = stream.stream_description_summary().unwrap().stream_status().clone();
        if status == StreamStatus::Active {
            return;
        }
        assert!(started.elapsed() < PATIENCE, "stream {name} is {status:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// The address of a port of this machine.
pub fn local(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

/// A port that nobody uses.
pub fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

/// Waits until somebody listens there.
pub fn until_listening(port: u16) {
    let started = Instant::now();
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
        assert!(started.elapsed() < PATIENCE, "nobody listens on port {port}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
