//! Players of sessions, and the order of their standings.

use std::{collections::HashMap, sync::PoisonError};

use async_trait::async_trait;
use indexset::BTreeSet;
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition, WriteTransaction};
use shared::{
    session::{Participant, SessionId},
    standing::{RankKey, Standing},
};

use super::{EmbeddedStore, Error};
use crate::engine::{
    redb_tables::{decode, encode},
    store::{PlayerChange, PlayerRow, Rankings, StoreError},
};

/// Players by session.
const PLAYERS: TableDefinition<(u64, u64), &[u8]> = TableDefinition::new("players");

/// The rank keys of each session's standings, in order. A rank key contains its player.
#[derive(Default)]
pub struct Ranking(HashMap<SessionId, BTreeSet<RankKey>>);

/// A participant's rank key before and after a change.
pub type RankChange = (Participant, Option<RankKey>, Option<RankKey>);

impl Ranking {
    /// Applies changes that were committed.
    pub fn apply(&mut self, changes: Vec<RankChange>) {
        for (participant, before, after) in changes {
            let order = self.0.entry(participant.session).or_default();
            if let Some(before) = before {
                order.remove(&before);
            }
            if let Some(after) = after {
                order.insert(after);
            }
        }
    }
}

/// Creates the table of this file if it is missing.
pub fn create_tables(transaction: &WriteTransaction) -> Result<(), Error> {
    transaction.open_table(PLAYERS)?;
    Ok(())
}

/// Reads the order of all standings.
pub fn read_ranking(database: &Database) -> Result<Ranking, Error> {
    let mut ranking = Ranking::default();
    for entry in database.begin_read()?.open_table(PLAYERS)?.iter()? {
        let (key, row) = entry?;
        if let PlayerRow { standing: Some(standing), .. } = decode(row.value())? {
            ranking.0.entry(SessionId(key.value().0)).or_default().insert(standing.rank_key());
        }
    }
    Ok(ranking)
}

impl EmbeddedStore {
    /// Reads a session's order under the lock. `None` if it has no standings.
    fn read_order<T>(&self, session: SessionId, read: impl FnOnce(&BTreeSet<RankKey>) -> T) -> Option<T> {
        let ranking = self.ranking.read().unwrap_or_else(PoisonError::into_inner);
        ranking.0.get(&session).map(read)
    }
}

#[async_trait]
impl Rankings for EmbeddedStore {
    async fn players_of(&self, participants: Vec<Participant>) -> Result<Vec<(Participant, PlayerRow)>, StoreError> {
        self.run("read players", move |database| {
            let table = database.begin_read()?.open_table(PLAYERS)?;
            participants.into_iter().map(|participant| Ok((participant, player_row(&table, participant)?))).collect()
        })
        .await
    }

    async fn standings(&self, session: SessionId, skip: usize, limit: usize) -> Result<Vec<PlayerRow>, StoreError> {
        let players = self.read_order(session, |order| {
            order.range_idx(skip.min(order.len())..).take(limit).map(RankKey::player).collect::<Vec<_>>()
        });
        let participants = players.unwrap_or_default().into_iter().map(|player| Participant { session, player });
        let rows = self.players_of(participants.collect()).await?;
        Ok(rows.into_iter().map(|(_, row)| PlayerRow { version: 0, ..row }).collect())
    }

    async fn players_before(&self, session: SessionId, standing: &Standing) -> Result<usize, StoreError> {
        Ok(self.read_order(session, |order| order.rank(&standing.rank_key())).unwrap_or_default())
    }

    async fn players(&self, session: SessionId) -> Result<usize, StoreError> {
        Ok(self.read_order(session, BTreeSet::len).unwrap_or_default())
    }
}

/// Writes a player; returns the change of the rank key.
///
/// # Errors
/// [`StoreError::Conflict`] if the row is not the version before this one.
pub fn write_player(transaction: &WriteTransaction, change: &PlayerChange) -> Result<RankChange, Error> {
    let PlayerChange { participant, row } = change;
    let mut players = transaction.open_table(PLAYERS)?;
    let before = player_row(&players, *participant)?;
    if before.version.checked_add(1) != Some(row.version) {
        return Err(Error::Refused(StoreError::Conflict));
    }
    players.insert((participant.session.0, participant.player.0), encode(row)?.as_slice())?;
    let rank_key = |row: &PlayerRow| row.standing.as_ref().map(Standing::rank_key);
    Ok((*participant, rank_key(&before), rank_key(row)))
}

fn player_row(
    table: &impl ReadableTable<(u64, u64), &'static [u8]>,
    participant: Participant,
) -> Result<PlayerRow, Error> {
    let row = table.get((participant.session.0, participant.player.0))?;
    row.map_or_else(|| Ok(PlayerRow::default()), |row| decode(row.value()))
}
