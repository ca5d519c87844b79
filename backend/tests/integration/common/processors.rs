//! Processors in processes of their own, and the AWS engines that they share.

use std::{collections::BTreeSet, process::Child, sync::Arc};

use aws_config::SdkConfig;
use backend::engine::{
    Engines,
    registry::DynamoRegistry,
    store::{DynamoStore, Store, Worker},
    stream::KinesisStream,
};

use super::{aws, eventually, process};

/// A process of `backend process`. Dropping it kills it.
pub struct ProcessorProcess(Child);

impl ProcessorProcess {
    /// Starts a processor on the AWS engines at `endpoint`.
    pub fn start(endpoint: &str) -> ProcessorProcess {
        let mut command = process::backend();
        command.arg("process").args(aws::SHARED).envs(aws::variables(endpoint)).env("RUST_LOG", "warn");
        ProcessorProcess(command.spawn().unwrap())
    }

    /// Its largest resident memory so far, in bytes.
    pub fn peak_memory(&self) -> u64 {
        process::peak_memory(&self.0)
    }
}

impl Drop for ProcessorProcess {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// The engines that servers and processors on AWS share.
pub async fn shared_engines(config: &SdkConfig) -> Engines {
    Engines {
        stream: Arc::new(KinesisStream::open(config, "shared", None).await.unwrap()),
        store: Arc::new(DynamoStore::open(config, "shared", false).await.unwrap()),
        registry: Arc::new(DynamoRegistry::open(config, "shared", false).await.unwrap()),
    }
}

/// Waits until `count` workers hold the leases, and returns them.
pub async fn workers(store: &dyn Store, count: usize) -> BTreeSet<Worker> {
    eventually(&format!("{count} workers hold the leases"), async || {
        let owners = lease_owners(store).await;
        if owners.len() == count { Ok(owners) } else { Err(format!("{owners:?}")) }
    })
    .await
}

/// The workers that hold leases.
pub async fn lease_owners(store: &dyn Store) -> BTreeSet<Worker> {
    store.leases().await.unwrap().into_values().filter_map(|lease| lease.owner).collect()
}
