//! Processors that share the shards of a stream, and the engines that all processes share.

use std::{
    collections::BTreeSet,
    process::{Child, Command},
    sync::Arc,
    time::{Duration, Instant},
};

use aws_config::SdkConfig;
use backend::engine::{
    Engines,
    registry::DynamoRegistry,
    store::{DynamoStore, Store, Worker},
    stream::KinesisStream,
};

use super::aws;

/// How long a condition may take to come true: a processor that is gone is missed after 8 s.
pub const PATIENCE: Duration = Duration::from_secs(40);

/// A processor of its own. Dropping it kills it.
pub struct ProcessorProcess(Child);

impl ProcessorProcess {
    pub fn start(endpoint: &str) -> ProcessorProcess {
        let mut command: Command = super::backend();
        command.arg("process").args(aws::SHARED).envs(aws::variables(endpoint)).env("RUST_LOG", "warn");
        ProcessorProcess(command.spawn().unwrap())
    }
}

impl Drop for ProcessorProcess {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// The engines that they share.
pub async fn engines(config: &SdkConfig) -> Engines {
    Engines {
        stream: Arc::new(KinesisStream::open(config, "shared", None).await.unwrap()),
        store: Arc::new(DynamoStore::open(config, "shared", false).await.unwrap()),
        registry: Arc::new(DynamoRegistry::open(config, "shared", false).await.unwrap()),
    }
}

/// Who processes now, once so many share the shards.
pub async fn workers(store: &dyn Store, count: usize) -> BTreeSet<Worker> {
    let started = Instant::now();
    loop {
        let owners: BTreeSet<Worker> =
            store.leases().await.unwrap().into_values().filter_map(|lease| lease.owner).collect();
        if owners.len() == count {
            return owners;
        }
        assert!(started.elapsed() < PATIENCE, "{owners:?} share the shards, not {count}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
