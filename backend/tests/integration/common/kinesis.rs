//! A local Kinesis that keeps the records of a shard that was split or merged, as Kinesis does. The local AWS deletes
//! them.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
};

use aws_sdk_kinesis::Client;

use super::{
    aws::{config, wait_until_active},
    process::read_from_output,
};

/// The folder in which `npm ci` installs it.
const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/node_modules/kinesis-local");

/// A script that lets the local Kinesis listen on free ports, and prints them.
const FREE_PORTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/free_ports.cjs");
/// The port that the local Kinesis asks for by default, for HTTP without TLS.
const DEFAULT_PORT: &str = "port 4568 is ";

/// The local Kinesis. Dropping it ends it.
pub struct LocalKinesis {
    process: Child,
    url: String,
}

impl LocalKinesis {
    pub async fn start() -> LocalKinesis {
        let program = Path::new(PROGRAM);
        assert!(program.exists(), "no local Kinesis: run `npm ci` in backend/tests; `cargo xtask test` does as well");
        let mut process = Command::new("node")
            .args(["--require", FREE_PORTS])
            .arg(program.join("main.js"))
            .env("KINESIS_MOCK_CERT_PATH", program.join("server.json"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("cannot start Node.js");
        let output = process.stdout.take().unwrap();
        let port: u16 = read_from_output(output, "the port of the local Kinesis", |line| {
            line.strip_prefix(DEFAULT_PORT)?.parse().ok()
        })
        .await;
        LocalKinesis { process, url: format!("http://127.0.0.1:{port}") }
    }

    /// The URL of the service.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A client of the service.
    pub fn client(&self) -> Client {
        Client::new(&config(&self.url))
    }

    /// Splits a shard in two; the second begins at hash key `at`.
    pub async fn split(&self, stream: &str, shard: &str, at: u128) {
        let split = self.client().split_shard().stream_name(stream).shard_to_split(shard);
        split.new_starting_hash_key(at.to_string()).send().await.unwrap();
        wait_until_active(&self.client(), stream).await;
    }

    /// Merges two adjacent shards.
    pub async fn merge(&self, stream: &str, shard: &str, neighbour: &str) {
        let merge = self.client().merge_shards().stream_name(stream).shard_to_merge(shard);
        merge.adjacent_shard_to_merge(neighbour).send().await.unwrap();
        wait_until_active(&self.client(), stream).await;
    }
}

impl Drop for LocalKinesis {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
