//! A local AWS: a process on a free port, with all data in memory.

use std::{
    env,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_kinesis::{
    Client,
    config::{Credentials, SharedCredentialsProvider},
    types::StreamStatus,
};
use tempfile::TempDir;

use super::{eventually, process::read_from_output};

/// Runs the local AWS.
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/local_aws.py");
const REGION: &str = "eu-central-1";

/// Arguments of servers and processors that share the AWS engines. The first of them creates the engines.
pub const SHARED: [&str; 7] =
    ["--kinesis", "shared", "--kinesis-shards", "4", "--dynamodb", "shared", "--dynamodb-create"];
/// The key with which servers on AWS sign tokens.
pub const KEY: &str = "a key that all servers of these tests share";

/// The local AWS. Dropping it ends it.
pub struct LocalAws {
    process: Child,
    url: String,
    state: TempDir,
}

/// A program that is installed with the local AWS: in the folder ALIEN_LOCAL_AWS, or on the PATH.
pub fn program(name: &str) -> PathBuf {
    env::var_os("ALIEN_LOCAL_AWS").map_or_else(|| PathBuf::from(name), |folder| PathBuf::from(folder).join(name))
}

/// The environment variables of a program that uses the local AWS at `endpoint`.
pub fn variables(endpoint: &str) -> [(&str, &str); 4] {
    [
        ("AWS_ENDPOINT_URL", endpoint),
        ("AWS_REGION", REGION),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
    ]
}

impl LocalAws {
    pub async fn start() -> LocalAws {
        let state = tempfile::tempdir().unwrap();
        let mut process = Command::new(program("python3"))
            .arg(SCRIPT)
            .env("STATE_DIR", state.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("cannot start Python 3; `cargo xtask test` installs it with the local AWS");
        let output = process.stdout.take().unwrap();
        let expected = "the port of the local AWS (`cargo xtask test` installs it, or `pip install ministack`)";
        let port: u16 = read_from_output(output, expected, |line| line.parse().ok()).await;
        LocalAws { process, state, url: format!("http://127.0.0.1:{port}") }
    }

    /// The URL of all its services.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The folder of its files, among them private keys.
    pub fn state(&self) -> &Path {
        self.state.path()
    }

    /// The settings of clients.
    pub fn config(&self) -> SdkConfig {
        config(&self.url)
    }

    /// A client of Kinesis.
    pub fn kinesis(&self) -> Client {
        Client::new(&self.config())
    }
}

impl Drop for LocalAws {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The settings of clients of the local AWS at `endpoint`.
pub fn config(endpoint: &str) -> SdkConfig {
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .endpoint_url(endpoint)
        .region(Region::new(REGION))
        .credentials_provider(SharedCredentialsProvider::new(Credentials::new("test", "test", None, None, "test")))
        .build()
}

/// Creates a stream and waits until it is active.
pub async fn create_stream(kinesis: &Client, name: &str, shards: i32) {
    kinesis.create_stream().stream_name(name).shard_count(shards).send().await.unwrap();
    wait_until_active(kinesis, name).await;
}

/// Waits until a stream has been created, split or merged.
pub async fn wait_until_active(kinesis: &Client, name: &str) {
    eventually(&format!("stream {name} is active"), async || {
        let stream = kinesis.describe_stream_summary().stream_name(name).send().await.unwrap();
        let status = stream.stream_description_summary().unwrap().stream_status().clone();
        if status == StreamStatus::Active { Ok(()) } else { Err(format!("{status:?}")) }
    })
    .await;
}
