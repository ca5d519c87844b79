//! Checkpoints and leases.

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde::de::DeserializeOwned;

use super::DynamoStore;
use crate::engine::{
    dynamodb::{Condition, DynamoError, Item, Key, Range},
    store::{Lease, ShardRow, ShardTables, StoreError},
    stream::ShardId,
};

/// The partition of the shards.
const SHARDS: &str = "shards";
/// The partition of the leases.
const LEASES: &str = "leases";

#[async_trait]
impl ShardTables for DynamoStore {
    async fn shards(&self) -> Result<BTreeMap<ShardId, ShardRow>, StoreError> {
        self.rows_by_shard(SHARDS).await
    }

    async fn leases(&self) -> Result<BTreeMap<ShardId, Lease>, StoreError> {
        self.rows_by_shard(LEASES).await
    }

    async fn put_lease(&self, shard: &ShardId, lease: Lease, from: Option<Lease>) -> Result<(), StoreError> {
        let condition = match from {
            Some(from) => Condition::equals(&from)?,
            None => Condition::Absent,
        };
        let item = Item::new(&Key::new(LEASES, shard.0.as_str()), &lease)?;
        Ok(self.table.put(item, condition).await?)
    }
}

impl DynamoStore {
    async fn rows_by_shard<T: DeserializeOwned>(&self, pk: &str) -> Result<BTreeMap<ShardId, T>, StoreError> {
        let items = self.table.query(pk, Range::All).await?;
        items.iter().map(|item| Ok((ShardId(item.sk()?.to_owned()), item.row()?))).collect()
    }
}

/// The row of a shard.
pub fn shard_item(shard: &ShardId, row: &ShardRow) -> Result<Item, DynamoError> {
    Item::new(&Key::new(SHARDS, shard.0.as_str()), row)
}
