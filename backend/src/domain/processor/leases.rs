//! Leases divide the shards among several processors. The store has a lease for each shard; the owner renews it by
//! incrementing its counter. A lease not renewed for eight seconds may be taken by any processor.
//!
//! Two processors may process one shard for a moment. That is safe, because each write is conditional on the row that it
//! was computed from.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::sync::watch;

use super::{NewerRecord, ProcessError};
use crate::{
    engine::{
        store::{Lease, ShardRow, Store, StoreError, Worker},
        stream::{ShardId, Stream},
    },
    error_chain::error_chain,
};

/// The pause between two renewals.
const RENEWAL_INTERVAL: Duration = Duration::from_secs(2);
/// A lease that is not renewed for this long is free.
const LEASE_TIMEOUT: Duration = Duration::from_secs(8);

/// Takes, renews and releases the leases of one worker.
pub struct Leases {
    stream: Arc<dyn Stream>,
    store: Arc<dyn Store>,
    worker: Worker,
    /// The leases as last read, each with the instant when it last changed, by this machine's clock.
    observed: HashMap<ShardId, (Lease, Instant)>,
    held: watch::Sender<BTreeSet<ShardId>>,
    /// Shards that this worker's processor leaves to newer ones.
    refused: watch::Sender<BTreeMap<ShardId, NewerRecord>>,
}

impl Leases {
    /// Creates a worker with a random name and no leases.
    ///
    /// # Errors
    /// If the operating system returns no random number.
    pub fn new(stream: Arc<dyn Stream>, store: Arc<dyn Store>) -> Result<Leases, getrandom::Error> {
        let worker = Worker(format!("{:016x}", getrandom::u64()?));
        Ok(Leases {
            stream,
            store,
            worker,
            observed: HashMap::new(),
            held: watch::Sender::default(),
            refused: watch::Sender::default(),
        })
    }

    /// Returns the shards whose leases this worker holds.
    pub fn held(&self) -> watch::Receiver<BTreeSet<ShardId>> {
        self.held.subscribe()
    }

    /// The shards that the processor refuses. The worker releases their leases and takes them no more.
    pub fn refused(&self) -> watch::Sender<BTreeMap<ShardId, NewerRecord>> {
        self.refused.clone()
    }

    /// Takes and renews leases for ever.
    pub async fn run(&mut self) {
        let mut renewed = Instant::now();
        loop {
            match tokio::time::timeout(LEASE_TIMEOUT, self.round()).await {
                Ok(Ok(())) => renewed = Instant::now(),
                Ok(Err(error)) => {
                    tracing::warn!(error = error_chain(&error), "cannot renew leases; trying again");
                }
                Err(_) => tracing::warn!(timeout = ?LEASE_TIMEOUT, "cannot renew leases in time; trying again"),
            }
            if renewed.elapsed() > LEASE_TIMEOUT {
                // Other processors may have taken the leases.
                self.held.send_replace(BTreeSet::new());
            }
            tokio::time::sleep(RENEWAL_INTERVAL).await;
        }
    }

    /// Releases all leases, so that other processors can take them without waiting for the timeout.
    pub async fn release(&mut self) {
        for shard in self.held.send_replace(BTreeSet::new()) {
            self.release_shard(&shard).await;
        }
    }

    async fn release_shard(&mut self, shard: &ShardId) {
        if let Some((lease, _)) = self.observed.remove(shard) {
            let free = Lease { owner: None, counter: lease.counter + 1 };
            if let Err(error) = self.store.put_lease(shard, free, Some(lease)).await {
                tracing::warn!(%shard, error = error_chain(&error), "cannot release a lease; it expires");
            }
        }
    }

    /// Releases the leases of shards that the processor refuses.
    async fn release_refused(&mut self) {
        let refused: Vec<ShardId> = self.refused.borrow().keys().cloned().collect();
        for shard in refused {
            if self.held.send_if_modified(|held| held.remove(&shard)) {
                self.release_shard(&shard).await;
            }
        }
    }

    /// Renews the held leases once. Then takes free leases up to this worker's share, or one lease of a worker that holds
    /// more than its share.
    ///
    /// # Errors
    /// If the stream or the store fails.
    pub async fn round(&mut self) -> Result<(), ProcessError> {
        self.release_refused().await;
        let shards = self.open_shards().await?;
        self.observe(self.store.leases().await?);
        let mut held = BTreeSet::new();
        for shard in &shards {
            if self.owner(shard) == Some(&self.worker) && self.put(shard).await? {
                held.insert(shard.clone());
            }
        }
        for shard in self.shards_to_take(&shards, held.len()) {
            if self.put(&shard).await? {
                tracing::info!(%shard, "took the lease of a shard");
                held.insert(shard);
            }
        }
        self.held.send_if_modified(|last| {
            let changed = *last != held;
            *last = held;
            changed
        });
        Ok(())
    }

    /// Returns the shards that are not processed to their end, without those that the processor refuses.
    async fn open_shards(&self) -> Result<Vec<ShardId>, ProcessError> {
        let rows = self.store.shards().await?;
        let shards = self.stream.shards().await?.into_iter().map(|shard| shard.id);
        let refused = self.refused.borrow();
        Ok(shards
            .filter(|shard| !rows.get(shard).is_some_and(ShardRow::is_done) && !refused.contains_key(shard))
            .collect())
    }

    fn observe(&mut self, leases: BTreeMap<ShardId, Lease>) {
        let now = Instant::now();
        for (shard, lease) in leases {
            let observed = self.observed.entry(shard).or_insert_with(|| (lease.clone(), now));
            if observed.0 != lease {
                *observed = (lease, now);
            }
        }
    }

    /// Returns the owner of a shard's lease; `None` if the lease is released or expired.
    fn owner(&self, shard: &ShardId) -> Option<&Worker> {
        let (lease, since) = self.observed.get(shard)?;
        lease.owner.as_ref().filter(|_| since.elapsed() < LEASE_TIMEOUT)
    }

    /// Returns the shards whose leases to take: free ones up to this worker's share. If none is free, one of the worker that
    /// holds most, if that is more than its share.
    fn shards_to_take(&self, shards: &[ShardId], held: usize) -> Vec<ShardId> {
        let mut owned: BTreeMap<&Worker, Vec<&ShardId>> = BTreeMap::from([(&self.worker, Vec::new())]);
        let mut free = Vec::new();
        for shard in shards {
            match self.owner(shard) {
                Some(owner) => owned.entry(owner).or_default().push(shard),
                None => free.push(shard),
            }
        }
        let share = shards.len().div_ceil(owned.len());
        if !free.is_empty() {
            return free.into_iter().take(share.saturating_sub(held)).cloned().collect();
        }
        let largest = owned.values().max_by_key(|shards| shards.len());
        let surplus = largest.filter(|shards| shards.len() > share.max(held + 1)).and_then(|shards| shards.first());
        surplus.into_iter().map(|shard| (*shard).clone()).collect()
    }

    /// Takes or renews the lease of a shard. Returns `false` if another worker changed it first.
    async fn put(&mut self, shard: &ShardId) -> Result<bool, StoreError> {
        let before = self.observed.get(shard).map(|(lease, _)| lease.clone());
        let counter = before.as_ref().map_or(0, |lease| lease.counter + 1);
        let lease = Lease { owner: Some(self.worker.clone()), counter };
        match self.store.put_lease(shard, lease.clone(), before).await {
            Ok(()) => {
                self.observed.insert(shard.clone(), (lease, Instant::now()));
                Ok(true)
            }
            Err(StoreError::Conflict) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
