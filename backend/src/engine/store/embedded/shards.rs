//! Checkpoints and leases.

use std::collections::BTreeMap;

use async_trait::async_trait;
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition, WriteTransaction};
use serde::de::DeserializeOwned;

use super::{EmbeddedStore, Error};
use crate::engine::{
    redb_tables::{decode, encode},
    store::{Lease, ShardRow, ShardTables, StoreError},
    stream::{Checkpoint, ShardId},
};

const SHARDS: TableDefinition<&str, &[u8]> = TableDefinition::new("shards");
const LEASES: TableDefinition<&str, &[u8]> = TableDefinition::new("leases");

/// Creates the tables of this file that are missing.
pub fn create_tables(transaction: &WriteTransaction) -> Result<(), Error> {
    transaction.open_table(SHARDS)?;
    transaction.open_table(LEASES)?;
    Ok(())
}

/// Writes a shard's row.
pub fn write_shard(transaction: &WriteTransaction, shard: &ShardId, row: &ShardRow) -> Result<(), Error> {
    transaction.open_table(SHARDS)?.insert(&*shard.0, encode(row)?.as_slice())?;
    Ok(())
}

/// The number of the last record of a shard that was processed; `None` if none was, or the shard has ended.
pub fn last_processed(database: &Database, shard: &str) -> Result<Option<u64>, Error> {
    let shards = database.begin_read()?.open_table(SHARDS)?;
    let row: Option<ShardRow> = shards.get(shard)?.map(|row| decode(row.value())).transpose()?;
    Ok(row.and_then(|row| match row.checkpoint {
        Checkpoint::At(sequence_number) => sequence_number.number(),
        Checkpoint::Ended => None,
    }))
}

#[async_trait]
impl ShardTables for EmbeddedStore {
    async fn shards(&self) -> Result<BTreeMap<ShardId, ShardRow>, StoreError> {
        self.run("read the checkpoints", |database| rows_by_shard(database, SHARDS)).await
    }

    async fn leases(&self) -> Result<BTreeMap<ShardId, Lease>, StoreError> {
        self.run("read the leases", |database| rows_by_shard(database, LEASES)).await
    }

    async fn put_lease(&self, shard: &ShardId, lease: Lease, from: Option<Lease>) -> Result<(), StoreError> {
        let shard = shard.clone();
        self.run("write a lease", move |database| {
            let transaction = database.begin_write()?;
            let mut leases = transaction.open_table(LEASES)?;
            let before = leases.get(&*shard.0)?.map(|row| decode(row.value())).transpose()?;
            if before != from {
                return Err(Error::Refused(StoreError::Conflict));
            }
            leases.insert(&*shard.0, encode(&lease)?.as_slice())?;
            drop(leases);
            transaction.commit()?;
            Ok(())
        })
        .await
    }
}

fn rows_by_shard<T: DeserializeOwned>(
    database: &Database,
    table: TableDefinition<&str, &[u8]>,
) -> Result<BTreeMap<ShardId, T>, Error> {
    let table = database.begin_read()?.open_table(table)?;
    let rows = table.iter()?.map(|entry| {
        let (shard, row) = entry?;
        Ok((ShardId(shard.value().to_owned()), decode(row.value())?))
    });
    rows.collect()
}
