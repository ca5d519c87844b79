//! Players of sessions, and the index of their standings.

use std::{
    sync::PoisonError,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use aws_sdk_dynamodb::{
    operation::create_table::builders::CreateTableFluentBuilder,
    types::{GlobalSecondaryIndex, KeyType, Projection, ProjectionType, ScalarAttributeType},
};
use shared::{
    session::{Participant, SessionId},
    standing::{RankKey, Standing},
};

use super::DynamoStore;
use crate::engine::{
    dynamodb::{Condition, DynamoError, Index, Item, Key, ROW, attribute, damaged, key},
    store::{PlayerRow, Rankings, StoreError},
};

/// The players of each session in the order of their rank keys.
const RANKED: Index = Index { name: "ranked", partition: "rank_of", order: "rank" };
/// Partitions of a session in the index. Each takes 1,000 writes a second.
pub const RANK_PARTITIONS: u64 = 8;
/// Time for which a number of players is used again.
const COUNT_LIFETIME: Duration = Duration::from_secs(1);

#[async_trait]
impl Rankings for DynamoStore {
    async fn players_of(&self, participants: Vec<Participant>) -> Result<Vec<(Participant, PlayerRow)>, StoreError> {
        let keys = participants.iter().map(|participant| player_key(*participant)).collect();
        let items = self.table.get_all(keys).await?;
        let row = |item: Option<Item>| item.map_or_else(|| Ok(PlayerRow::default()), |item| read_player(&item));
        participants.into_iter().zip(items).map(|(participant, item)| Ok((participant, row(item)?))).collect()
    }

    async fn standings(&self, session: SessionId, skip: usize, limit: usize) -> Result<Vec<PlayerRow>, StoreError> {
        let end = skip.saturating_add(limit);
        let partitions = self.read_partitions(session, |pk| self.table.query_index(&RANKED, pk, end)).await?;
        let ranked = |item: Item| Ok((RankKey(item.bytes(RANKED.order)?.to_vec()), item.row()?));
        let rows: Result<Vec<(RankKey, PlayerRow)>, DynamoError> =
            partitions.into_iter().flatten().map(ranked).collect();
        let mut rows = rows?;
        rows.sort_by(|(a, _), (b, _)| a.cmp(b));
        Ok(rows.into_iter().map(|(_, row)| row).skip(skip).take(limit).collect())
    }

    async fn players_before(&self, session: SessionId, standing: &Standing) -> Result<usize, StoreError> {
        let RankKey(key) = standing.rank_key();
        let counts = self.read_partitions(session, |pk| self.table.count(&RANKED, pk, Some(&key))).await?;
        Ok(counts.into_iter().sum())
    }

    async fn players(&self, session: SessionId) -> Result<usize, StoreError> {
        let known = self.player_counts.lock().unwrap_or_else(PoisonError::into_inner).get(&session).copied();
        if let Some((count, at)) = known
            && at.elapsed() < COUNT_LIFETIME
        {
            return Ok(count);
        }
        let counts = self.read_partitions(session, |pk| self.table.count(&RANKED, pk, None)).await?;
        let count = counts.into_iter().sum();
        self.player_counts.lock().unwrap_or_else(PoisonError::into_inner).insert(session, (count, Instant::now()));
        Ok(count)
    }
}

impl DynamoStore {
    /// Reads all partitions of a session in the index at the same time.
    async fn read_partitions<T, F>(&self, session: SessionId, read: impl Fn(String) -> F) -> Result<Vec<T>, StoreError>
    where
        F: Future<Output = Result<T, DynamoError>>,
    {
        let reads = (0..RANK_PARTITIONS).map(|partition| read(rank_pk(session, partition)));
        Ok(futures_util::future::try_join_all(reads).await?)
    }
}

/// Adds the index to the request that creates the table.
pub fn add_index(request: CreateTableFluentBuilder) -> Result<CreateTableFluentBuilder, DynamoError> {
    let index = GlobalSecondaryIndex::builder()
        .index_name(RANKED.name)
        .key_schema(key(RANKED.partition, KeyType::Hash)?)
        .key_schema(key(RANKED.order, KeyType::Range)?)
        .projection(Projection::builder().projection_type(ProjectionType::Include).non_key_attributes(ROW).build())
        .build()?;
    Ok(request
        .attribute_definitions(attribute(RANKED.partition, ScalarAttributeType::S)?)
        .attribute_definitions(attribute(RANKED.order, ScalarAttributeType::B)?)
        .global_secondary_indexes(index))
}

/// The row of a player. It is in the index if it has a standing.
pub fn player_item(participant: Participant, row: &PlayerRow) -> Result<Item, DynamoError> {
    // The version is an attribute of its own, outside the JSON: the index copies the JSON, and would be written with
    // every version.
    let unversioned = PlayerRow { version: 0, ..row.clone() };
    let item = Item::new(&player_key(participant), &unversioned)?.with_version(row.version.into());
    Ok(match row.standing.as_ref().map(Standing::rank_key) {
        None => item,
        Some(RankKey(rank)) => {
            let partition = rank_pk(participant.session, participant.player.0 % RANK_PARTITIONS);
            item.with_text(RANKED.partition, partition).with_bytes(RANKED.order, rank)
        }
    })
}

/// The condition that the table holds the version before this one.
pub fn follows(version: u32) -> Condition {
    Condition::unchanged(version.checked_sub(1).filter(|before| *before > 0).map(u64::from))
}

fn read_player(item: &Item) -> Result<PlayerRow, DynamoError> {
    let version = item.version()?.try_into().map_err(|error: std::num::TryFromIntError| damaged(error))?;
    Ok(PlayerRow { version, ..item.row()? })
}

fn player_key(Participant { session, player }: Participant) -> Key {
    Key::alone(format!("entrant/{session}/{player}"))
}

fn rank_pk(session: SessionId, partition: u64) -> String {
    format!("{session}/{partition}")
}
