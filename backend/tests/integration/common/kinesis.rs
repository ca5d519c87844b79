//! A local Kinesis that keeps the records of a shard that was split or merged, as Kinesis does: the local AWS throws them
//! away.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
};

use aws_sdk_kinesis::Client;

use super::aws::{config, free_port, local, until_active, until_listening};

/// Where `npm ci` puts it.
const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/node_modules/kinesis-local");

/// The local Kinesis. Dropping it ends it.
pub struct LocalKinesis {
    process: Child,
    url: String,
}

impl LocalKinesis {
    pub fn start() -> LocalKinesis {
        let program = Path::new(PROGRAM);
        assert!(program.exists(), "no local Kinesis: `cargo xtask test` gets it, or `npm ci` in backend/tests does");
        let port = free_port();
        let process = Command::new("node")
            .arg(program.join("main.js"))
            .env("KINESIS_MOCK_CERT_PATH", program.join("server.json"))
            .env("KINESIS_MOCK_PLAIN_PORT", port.to_string())
            .env("KINESIS_MOCK_TLS_PORT", free_port().to_string())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("Node.js");
        let kinesis = LocalKinesis { process, url: local(port) };
        until_listening(port);
        kinesis
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn client(&self) -> Client {
        Client::new(&config(&self.url))
    }

    /// Makes two shards of one, of which the second begins at that hash.
    pub async fn split(&self, stream: &str, shard: &str, at: u128) {
        let split = self.client().split_shard().stream_name(stream).shard_to_split(shard);
        split.new_starting_hash_key(at.to_string()).send().await.unwrap();
        until_active(&self.client(), stream).await;
    }

    /// Makes one shard of two neighbours.
    pub async fn merge(&self, stream: &str, shard: &str, neighbour: &str) {
        let merge = self.client().merge_shards().stream_name(stream).shard_to_merge(shard);
        merge.adjacent_shard_to_merge(neighbour).send().await.unwrap();
        until_active(&self.client(), stream).await;
    }
}

impl Drop for LocalKinesis {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
