//! The store on DynamoDB: a table `PREFIX-tables`, and a queue `PREFIX-dead-letters` for what cannot be processed.
//!
//! | what                  | `pk`               | `sk`            | written                        | read by                        |
//! | --------------------- | ------------------ | --------------- | ------------------------------ | ------------------------------ |
//! | a game's ticket       | `game/GAME`        | `ticket`        | once, 2 kB                     | with its last stretch, in one query |
//! | a stretch of a game   | `game/GAME`        | `stretch/NUMBER` | once, below 1 kB: its buttons, and how far the game is then | the last with the ticket, or all, in one query |
//! | a player's games      | `player/PLAYER`    | `OPENED/GAME`   | once                           | the newest in one query        |
//! | a session's games     | `session/SESSION`  | `OPENED/GAME`   | once                           | the newest in one query        |
//! | a player in a session | `participant/SESSION/PLAYER` | `-`       | once a stretch with a game of theirs, 1 kB | its key; by the index `ranked` |
//! | a shard so far        | `shards`           | `SHARD`         | once a stretch, 200 bytes      | all in one query               |
//! | a lease               | `leases`           | `SHARD`         | every few seconds              | all in one query               |
//!
//! The index `ranked` holds the players by rank key, a session's in [`SPREAD`] partitions that are merged as they are
//! read, so that no partition takes more than its part of a session's writes; it is written where a standing changes.
//! Nothing grows inside a row.
//!
//! Rows are written in an order in which a writer may stop anywhere: games, then players, then the shard's, from whose
//! checkpoint it is all computed again. A game's stretches are only ever added: of two writers that add the same one, one
//! is late.

mod dead_letters;
mod rows;

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use aws_config::SdkConfig;
use aws_sdk_dynamodb::{
    operation::create_table::builders::CreateTableFluentBuilder,
    types::{GlobalSecondaryIndex, KeyType, Projection, ProjectionType, ScalarAttributeType},
};
use futures_util::{StreamExt, TryStreamExt, stream};
use serde::de::DeserializeOwned;
use shared::{
    ids::{GameId, PlayerId},
    replay::ButtonLog,
    session::{Participant, SessionId},
    standing::{RankKey, Standing},
};

use self::{dead_letters::Letters, rows::SPREAD};
use super::{Changes, DeadLetter, GameChange, GameRow, Lease, PlayerChange, PlayerRow, ShardRow, Store, StoreError};
use crate::engine::{
    dynamodb::{Condition, DynamoError, Index, Item, Key, ROW, Range, Table, attribute, key},
    stream::{RecordPosition, ShardId},
};

/// Players in the order of their standings.
const RANKED: Index = Index { name: "ranked", partition: "rank_of", order: "rank" };
/// Calls under way for one stretch.
const CALLS: usize = 32;
/// How many players a session has is counted this often.
const COUNTED_FOR: Duration = Duration::from_secs(1);

/// The tables on DynamoDB.
pub struct DynamoStore {
    table: Table,
    dead_letters: Letters,
    /// How many players sessions had a moment ago: to count them is to read them.
    counted: Mutex<HashMap<SessionId, (usize, Instant)>>,
}

impl DynamoStore {
    /// Opens the tables; where they are not there, makes them, if asked to.
    ///
    /// # Errors
    /// Where they are not there, or cannot be reached.
    pub async fn open(config: &SdkConfig, prefix: &str, make: bool) -> Result<DynamoStore, StoreError> {
        let table = Table::new(config, format!("{prefix}-tables"));
        table.ensure(make.then_some(with_ranks)).await?;
        let dead_letters = Letters::open(config, &format!("{prefix}-dead-letters"), make).await?;
        Ok(DynamoStore { table, dead_letters, counted: Mutex::default() })
    }

    async fn by_shard<T: DeserializeOwned>(&self, pk: &str) -> Result<BTreeMap<ShardId, T>, StoreError> {
        let items = self.table.rows(pk, Range::All).await?;
        items.iter().map(|item| Ok((ShardId(item.sk()?.to_owned()), item.row()?))).collect()
    }

    async fn games(&self, owner: &str, skip: usize, limit: usize) -> Result<Vec<GameRow>, StoreError> {
        let pointers = self.table.last_rows(owner, skip, limit).await?;
        let games = pointers.iter().map(rows::pointed).collect::<Result<Vec<GameId>, _>>()?;
        let found = stream::iter(games).map(|game| self.game(game)).buffered(CALLS);
        Ok(found.try_collect::<Vec<_>>().await?.into_iter().flatten().collect())
    }

    async fn write_games(&self, games: &[GameChange]) -> Result<(), StoreError> {
        let new = games.iter().filter(|change| change.row.version == 1);
        let tickets = new.map(|change| rows::of_ticket(&change.row.ticket)).collect::<Result<Vec<_>, _>>()?;
        self.table.put_all(tickets.into_iter().flatten().collect()).await?;
        let stretches = games.iter().map(|change| Ok((rows::of_stretch(change)?, Condition::Absent)));
        self.write_each(stretches.collect::<Result<_, DynamoError>>()?).await
    }

    async fn write_players(&self, players: &[PlayerChange]) -> Result<(), StoreError> {
        let rows = players.iter().map(|PlayerChange { participant, row }| {
            Ok((rows::of_player(*participant, row)?, rows::after(row.version)))
        });
        self.write_each(rows.collect::<Result<_, DynamoError>>()?).await
    }

    async fn write_each(&self, rows: Vec<(Item, Condition)>) -> Result<(), StoreError> {
        let writes = rows.into_iter().map(|(item, condition)| self.table.put(item, condition));
        Ok(stream::iter(writes).buffer_unordered(CALLS).try_collect().await?)
    }

    /// The parts of a session's order, read at once.
    async fn of_each_part<T, F>(&self, session: SessionId, read: impl Fn(String) -> F) -> Result<Vec<T>, StoreError>
    where
        F: Future<Output = Result<T, DynamoError>>,
    {
        let parts = (0..SPREAD).map(|part| read(rows::rank_of(session, part)));
        Ok(futures_util::future::try_join_all(parts).await?)
    }
}

/// The index by rank.
fn with_ranks(request: CreateTableFluentBuilder) -> Result<CreateTableFluentBuilder, DynamoError> {
    let failed = |error: aws_sdk_dynamodb::error::BuildError| DynamoError::Service(error.to_string());
    let index = GlobalSecondaryIndex::builder()
        .index_name(RANKED.name)
        .key_schema(key(RANKED.partition, KeyType::Hash)?)
        .key_schema(key(RANKED.order, KeyType::Range)?)
        .projection(Projection::builder().projection_type(ProjectionType::Include).non_key_attributes(ROW).build())
        .build()
        .map_err(failed)?;
    Ok(request
        .attribute_definitions(attribute(RANKED.partition, ScalarAttributeType::S)?)
        .attribute_definitions(attribute(RANKED.order, ScalarAttributeType::B)?)
        .global_secondary_indexes(index))
}

#[async_trait]
impl Store for DynamoStore {
    async fn shards(&self) -> Result<BTreeMap<ShardId, ShardRow>, StoreError> {
        self.by_shard(rows::SHARDS).await
    }

    async fn apply(&self, changes: Changes, shard: &ShardId, row: ShardRow) -> Result<(), StoreError> {
        let Changes { games, players, dead_letters } = changes;
        self.dead_letters.send(&dead_letters).await?;
        self.write_games(&games).await?;
        self.write_players(&players).await?;
        let item = Item::new(&Key::new(rows::SHARDS, shard.0.as_str()), &row)?;
        Ok(self.table.put(item, Condition::Free).await?)
    }

    async fn game(&self, game: GameId) -> Result<Option<GameRow>, StoreError> {
        match &self.table.last_rows(&rows::game(game), 0, 2).await?[..] {
            [ticket, stretch] => Ok(Some(rows::read_game(ticket, stretch)?)),
            // Its ticket alone: whoever opens it has not finished.
            _ => Ok(None),
        }
    }

    async fn buttons(&self, game: GameId) -> Result<ButtonLog, StoreError> {
        let stretches = self.table.rows(&rows::game(game), Range::Prefix(rows::STRETCHES)).await?;
        Ok(rows::read_buttons(&stretches)?)
    }

    async fn player_games(&self, player: PlayerId, limit: usize) -> Result<Vec<GameRow>, StoreError> {
        self.games(&rows::games_of_player(player), 0, limit).await
    }

    async fn session_games(&self, session: SessionId, skip: usize, limit: usize) -> Result<Vec<GameRow>, StoreError> {
        self.games(&rows::games_of_session(session), skip, limit).await
    }

    async fn players_of(&self, participants: Vec<Participant>) -> Result<Vec<(Participant, PlayerRow)>, StoreError> {
        let keys = participants.iter().map(|participant| rows::participant(*participant)).collect();
        let items = self.table.get_all(keys).await?;
        let row = |item: Option<Item>| item.map_or_else(|| Ok(PlayerRow::default()), |item| rows::read_player(&item));
        participants.into_iter().zip(items).map(|(participant, item)| Ok((participant, row(item)?))).collect()
    }

    async fn standings(&self, session: SessionId, skip: usize, limit: usize) -> Result<Vec<PlayerRow>, StoreError> {
        let most = skip.saturating_add(limit);
        let parts = self.of_each_part(session, |part| self.table.indexed(&RANKED, part, most)).await?;
        let read = |item: Item| Ok((RankKey(item.bytes(RANKED.order)?.to_vec()), item.row()?));
        let rows: Result<Vec<(RankKey, PlayerRow)>, DynamoError> = parts.into_iter().flatten().map(read).collect();
        let mut rows = rows?;
        rows.sort_by(|(a, _), (b, _)| a.cmp(b));
        Ok(rows.into_iter().map(|(_, row)| row).skip(skip).take(limit).collect())
    }

    async fn players_before(&self, session: SessionId, standing: &Standing) -> Result<usize, StoreError> {
        let RankKey(key) = standing.rank_key();
        let read = |part| self.table.count(&RANKED, part, Some(&key));
        Ok(self.of_each_part(session, read).await?.into_iter().sum())
    }

    async fn players(&self, session: SessionId) -> Result<usize, StoreError> {
        let known = self.counted.lock().unwrap_or_else(PoisonError::into_inner).get(&session).copied();
        if let Some((players, at)) = known
            && at.elapsed() < COUNTED_FOR
        {
            return Ok(players);
        }
        let parts = self.of_each_part(session, |part| self.table.count(&RANKED, part, None)).await?;
        let players = parts.into_iter().sum();
        self.counted.lock().unwrap_or_else(PoisonError::into_inner).insert(session, (players, Instant::now()));
        Ok(players)
    }

    async fn dead_letters(&self, limit: usize) -> Result<Vec<DeadLetter>, StoreError> {
        self.dead_letters.list(limit).await
    }

    async fn forget_dead_letter(&self, position: &RecordPosition) -> Result<(), StoreError> {
        self.dead_letters.forget(position).await
    }

    async fn leases(&self) -> Result<BTreeMap<ShardId, Lease>, StoreError> {
        self.by_shard(rows::LEASES).await
    }

    async fn put_lease(&self, shard: &ShardId, lease: Lease, from: Option<Lease>) -> Result<(), StoreError> {
        let condition = match from {
            Some(from) => Condition::row(&from)?,
            None => Condition::Absent,
        };
        let item = Item::new(&Key::new(rows::LEASES, shard.0.as_str()), &lease)?;
        Ok(self.table.put(item, condition).await?)
    }
}

impl From<DynamoError> for StoreError {
    fn from(error: DynamoError) -> StoreError {
        match error {
            DynamoError::Conflict => StoreError::Conflict,
            other => StoreError::Engine(other.to_string()),
        }
    }
}
