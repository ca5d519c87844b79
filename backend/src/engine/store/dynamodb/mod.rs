//! The store on DynamoDB and SQS: a table `PREFIX-tables`, and a queue `PREFIX-dead-letters`.
//!
//! | Row                       | `pk`                      | `sk`             | Written                                | Read by                                    |
//! | ------------------------- | ------------------------- | ---------------- | -------------------------------------- | ------------------------------------------ |
//! | ticket of a game          | `game/GAME`               | `ticket`         | once, 2 kB                             | one query, with the game's last segment    |
//! | segment of a game         | `game/GAME`               | `stretch/NUMBER` | once, below 1 kB: buttons, state after | one query: the last, or all                |
//! | game of a player          | `player/PLAYER`           | `OPENED/GAME`    | once                                   | one query: the newest                      |
//! | game of a session         | `session/SESSION`         | `OPENED/GAME`    | once                                   | one query: the newest                      |
//! | player of a session       | `entrant/SESSION/PLAYER`  | `-`              | by each batch with a game of theirs, 1 kB | its key; the index `ranked`             |
//! | fingerprint of a game     | `fingerprint/SESSION/TICK/HASH` | `RECEIVED/GAME` | two for 5 s of play in a session with one seed, 200 bytes | one query: the first |
//! | shard                     | `shards`                  | `SHARD`          | by each batch, 200 bytes               | one query: all                             |
//! | lease                     | `leases`                  | `SHARD`          | every few seconds                      | one query: all                             |
//!
//! The index `ranked` sorts the players of a session by rank key. It is written only when a standing changes. A session
//! has [`RANK_PARTITIONS`](rankings::RANK_PARTITIONS) partitions in it, so that none gets all of the session's writes;
//! readers merge them. No row grows without bound.
//!
//! Rows are written in this order: fingerprints, dead letters, games, players, the shard. A writer may stop anywhere;
//! the next one starts at the shard's checkpoint and computes the rest again. Segments of games and fingerprints are
//! only ever added. If two writers add the same segment, the second gets a conflict; the same fingerprint changes
//! nothing.

mod dead_letters;
mod fingerprints;
mod games;
mod rankings;
mod shards;

use std::{collections::HashMap, sync::Mutex, time::Instant};

use async_trait::async_trait;
use aws_config::SdkConfig;
use futures_util::{StreamExt, TryStreamExt, stream};
use shared::session::SessionId;

use self::dead_letters::DeadLetterQueue;
use super::{Changes, GameChange, PlayerChange, ShardRow, Store, StoreError};
use crate::engine::{
    dynamodb::{Condition, DynamoError, Item, MAX_CONCURRENT_CALLS, Table},
    error::OperationError,
    stream::ShardId,
};

/// The tables on DynamoDB.
pub struct DynamoStore {
    table: Table,
    dead_letters: DeadLetterQueue,
    /// Numbers of ranked players by session, with the time of counting. Counting reads them all.
    player_counts: Mutex<HashMap<SessionId, (usize, Instant)>>,
}

impl DynamoStore {
    /// Opens the table and the queue whose names begin with `prefix`. If they do not exist and `create` is set, creates
    /// them.
    ///
    /// # Errors
    /// [`StoreError::Engine`] if they do not exist, or AWS fails.
    pub async fn open(config: &SdkConfig, prefix: &str, create: bool) -> Result<DynamoStore, StoreError> {
        let table = Table::new(config, format!("{prefix}-tables"));
        table.ensure(create.then_some(rankings::add_index)).await?;
        let dead_letters = DeadLetterQueue::open(config, &format!("{prefix}-dead-letters"), create).await?;
        Ok(DynamoStore { table, dead_letters, player_counts: Mutex::default() })
    }

    async fn write_games(&self, games: &[GameChange]) -> Result<(), StoreError> {
        let new = games.iter().filter(|change| change.row.version == 1);
        let tickets = new.map(|change| games::ticket_items(&change.row.ticket)).collect::<Result<Vec<_>, _>>()?;
        self.table.put_all(tickets.into_iter().flatten().collect()).await?;
        let segments = games.iter().map(|change| Ok((games::segment_item(change)?, Condition::Absent)));
        self.put_each(segments.collect::<Result<_, DynamoError>>()?).await
    }

    async fn write_players(&self, players: &[PlayerChange]) -> Result<(), StoreError> {
        let rows = players.iter().map(|PlayerChange { participant, row }| {
            Ok((rankings::player_item(*participant, row)?, rankings::follows(row.version)))
        });
        self.put_each(rows.collect::<Result<_, DynamoError>>()?).await
    }

    async fn put_each(&self, rows: Vec<(Item, Condition)>) -> Result<(), StoreError> {
        let writes = rows.into_iter().map(|(item, condition)| self.table.put(item, condition));
        Ok(stream::iter(writes).buffer_unordered(MAX_CONCURRENT_CALLS).try_collect().await?)
    }
}

#[async_trait]
impl Store for DynamoStore {
    async fn apply(&self, changes: Changes, shard: &ShardId, row: ShardRow) -> Result<(), StoreError> {
        let Changes { games, players, dead_letters } = changes;
        self.dead_letters.send(&dead_letters).await?;
        self.write_games(&games).await?;
        self.write_players(&players).await?;
        Ok(self.table.put(shards::shard_item(shard, &row)?, Condition::Any).await?)
    }
}

impl From<DynamoError> for StoreError {
    fn from(error: DynamoError) -> StoreError {
        match error {
            DynamoError::Conflict => StoreError::Conflict,
            other => OperationError::new("use the tables on DynamoDB", other).into(),
        }
    }
}
