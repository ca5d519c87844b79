//! Which shards are this processor's, where several share them: each shard has a lease in the tables, whose owner renews it
//! by counting. A lease that stands still for a while is an owner's who is gone, and anybody's to take.
//!
//! Nothing goes wrong where two take one shard for a moment: each write depends on the row that it was computed from.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::sync::watch;

use super::ProcessError;
use crate::engine::{
    store::{Lease, ShardRow, Store, StoreError, Worker},
    stream::{ShardId, Stream},
};

/// From one renewal to the next.
const RENEW: Duration = Duration::from_secs(2);
/// A lease that stands still for so long is nobody's.
const TIMEOUT: Duration = Duration::from_secs(8);

/// Takes, renews and gives back leases.
pub struct Leases {
    stream: Arc<dyn Stream>,
    store: Arc<dyn Store>,
    me: Worker,
    /// The leases as they were last read, and since when they have been so, by this machine's clock.
    seen: HashMap<ShardId, (Lease, Instant)>,
    held: watch::Sender<BTreeSet<ShardId>>,
}

impl Leases {
    /// Leases for a new worker, who has none yet.
    ///
    /// # Errors
    /// Where the machine gives no random numbers for the worker's name.
    pub fn new(stream: Arc<dyn Stream>, store: Arc<dyn Store>) -> Result<Leases, getrandom::Error> {
        let me = Worker(format!("{:016x}", getrandom::u64()?));
        Ok(Leases { stream, store, me, seen: HashMap::new(), held: watch::Sender::default() })
    }

    /// The shards that are this worker's.
    pub fn held(&self) -> watch::Receiver<BTreeSet<ShardId>> {
        self.held.subscribe()
    }

    /// Takes and renews for ever.
    pub async fn run(&mut self) {
        let mut renewed = Instant::now();
        loop {
            match tokio::time::timeout(TIMEOUT, self.round()).await {
                Ok(Ok(())) => renewed = Instant::now(),
                Ok(Err(error)) => tracing::warn!(%error, "leases cannot be renewed; trying again"),
                Err(_) => tracing::warn!("leases cannot be renewed in time; trying again"),
            }
            if renewed.elapsed() > TIMEOUT {
                // Others have taken them by now.
                self.held.send_replace(BTreeSet::new());
            }
            tokio::time::sleep(RENEW).await;
        }
    }

    /// Gives all leases back, so that others need not wait.
    pub async fn release(&mut self) {
        for shard in self.held.send_replace(BTreeSet::new()) {
            if let Some((lease, _)) = self.seen.remove(&shard) {
                let free = Lease { owner: None, counter: lease.counter + 1 };
                if let Err(error) = self.store.put_lease(&shard, free, Some(lease)).await {
                    tracing::warn!(%shard, %error, "a lease cannot be given back; it wears out");
                }
            }
        }
    }

    /// Renews what is held, and takes what is free or more than another's part.
    ///
    /// # Errors
    /// Where the stream or the tables fail.
    pub async fn round(&mut self) -> Result<(), ProcessError> {
        let shards = self.open_shards().await?;
        self.look(self.store.leases().await?);
        let mut held = BTreeSet::new();
        for shard in &shards {
            if self.owner(shard) == Some(&self.me) && self.take(shard).await? {
                held.insert(shard.clone());
            }
        }
        for shard in self.wanted(&shards, held.len()) {
            if self.take(&shard).await? {
                tracing::info!(%shard, "this shard is processed here from now on");
                held.insert(shard);
            }
        }
        self.held.send_if_modified(|before| {
            let changed = *before != held;
            *before = held;
            changed
        });
        Ok(())
    }

    /// The shards that have not been processed to their end.
    async fn open_shards(&self) -> Result<Vec<ShardId>, ProcessError> {
        let rows = self.store.shards().await?;
        let shards = self.stream.shards().await?.into_iter().map(|shard| shard.id);
        Ok(shards.filter(|shard| !rows.get(shard).is_some_and(ShardRow::is_done)).collect())
    }

    fn look(&mut self, leases: BTreeMap<ShardId, Lease>) {
        let now = Instant::now();
        for (shard, lease) in leases {
            let seen = self.seen.entry(shard).or_insert_with(|| (lease.clone(), now));
            if seen.0 != lease {
                *seen = (lease, now);
            }
        }
    }

    /// Whose a shard is, unless the owner has given it back or is gone.
    fn owner(&self, shard: &ShardId) -> Option<&Worker> {
        let (lease, since) = self.seen.get(shard)?;
        lease.owner.as_ref().filter(|_| since.elapsed() < TIMEOUT)
    }

    /// Shards to be taken: as many free ones as are this worker's part; where none is free, one of somebody who has more
    /// than that.
    fn wanted(&self, shards: &[ShardId], held: usize) -> Vec<ShardId> {
        let mut owned: BTreeMap<&Worker, Vec<&ShardId>> = BTreeMap::from([(&self.me, Vec::new())]);
        let mut free = Vec::new();
        for shard in shards {
            match self.owner(shard) {
                Some(owner) => owned.entry(owner).or_default().push(shard),
                None => free.push(shard),
            }
        }
        let part = shards.len().div_ceil(owned.len());
        if !free.is_empty() {
            return free.into_iter().take(part.saturating_sub(held)).cloned().collect();
        }
        let richest = owned.values().max_by_key(|shards| shards.len());
        let spare = richest.filter(|shards| shards.len() > part.max(held + 1)).and_then(|shards| shards.first());
        spare.into_iter().map(|shard| (*shard).clone()).collect()
    }

    /// Makes a shard this worker's, or keeps it so; gives whether it is.
    async fn take(&mut self, shard: &ShardId) -> Result<bool, StoreError> {
        let before = self.seen.get(shard).map(|(lease, _)| lease.clone());
        let counter = before.as_ref().map_or(0, |lease| lease.counter + 1);
        let lease = Lease { owner: Some(self.me.clone()), counter };
        match self.store.put_lease(shard, lease.clone(), before).await {
            Ok(()) => {
                self.seen.insert(shard.clone(), (lease, Instant::now()));
                Ok(true)
            }
            // Somebody else was quicker.
            Err(StoreError::Conflict) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
