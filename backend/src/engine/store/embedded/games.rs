//! Game tables.

use async_trait::async_trait;
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition, WriteTransaction};
use shared::{
    ids::{GameId, PlayerId},
    replay::ButtonLog,
    session::SessionId,
};

use super::{EmbeddedStore, Error};
use crate::engine::{
    redb_tables::{damaged, decode, encode},
    store::{GameChange, GameRow, GameTables, StoreError},
};

/// Versions and rows by game.
pub const GAMES: TableDefinition<u64, (u32, &[u8])> = TableDefinition::new("games");
/// Segments of button logs by game and first tick.
const BUTTONS: TableDefinition<(u64, u32), &[u8]> = TableDefinition::new("buttons");
/// Games by player and the time of their tickets.
const PLAYER_GAMES: TableDefinition<(u64, u64, u64), ()> = TableDefinition::new("player_games");
/// Games by session and the time of their tickets.
const SESSION_GAMES: TableDefinition<(u64, u64, u64), ()> = TableDefinition::new("session_games");

/// Creates the tables of this file that are missing.
pub fn create_tables(transaction: &WriteTransaction) -> Result<(), Error> {
    transaction.open_table(GAMES)?;
    transaction.open_table(BUTTONS)?;
    transaction.open_table(PLAYER_GAMES)?;
    transaction.open_table(SESSION_GAMES)?;
    Ok(())
}

#[async_trait]
impl GameTables for EmbeddedStore {
    async fn game(&self, game: GameId) -> Result<Option<GameRow>, StoreError> {
        self.run("read a game", move |database| {
            let table = database.begin_read()?.open_table(GAMES)?;
            table.get(game.0)?.map(|row| decode(row.value().1)).transpose()
        })
        .await
    }

    async fn buttons(&self, game: GameId) -> Result<ButtonLog, StoreError> {
        self.run("read the buttons of a game", move |database| {
            let table = database.begin_read()?.open_table(BUTTONS)?;
            let mut log = ButtonLog::default();
            for entry in table.range((game.0, 0)..=(game.0, u32::MAX))? {
                log.append(&ButtonLog::decode(entry?.1.value()).map_err(damaged)?);
            }
            Ok(log)
        })
        .await
    }

    async fn player_games(&self, player: PlayerId, limit: usize) -> Result<Vec<GameRow>, StoreError> {
        self.run("read the games of a player", move |database| newest_games(database, PLAYER_GAMES, player.0, 0, limit))
            .await
    }

    async fn session_games(&self, session: SessionId, skip: usize, limit: usize) -> Result<Vec<GameRow>, StoreError> {
        self.run("read the games of a session", move |database| {
            newest_games(database, SESSION_GAMES, session.0, skip, limit)
        })
        .await
    }
}

/// Writes a game.
///
/// # Errors
/// [`StoreError::Conflict`] if the row is not the version before this one.
pub fn write_game(transaction: &WriteTransaction, change: &GameChange) -> Result<(), Error> {
    let ticket = &change.row.ticket;
    let game = ticket.game;
    let mut games = transaction.open_table(GAMES)?;
    let before = games.get(game.0)?.map_or(0, |row| row.value().0);
    if before.checked_add(1) != Some(change.row.version) {
        return Err(Error::Refused(StoreError::Conflict));
    }
    games.insert(game.0, (change.row.version, encode(&change.row)?.as_slice()))?;
    let mut buttons = transaction.open_table(BUTTONS)?;
    for (tick, log) in &change.played {
        buttons.insert((game.0, tick.0), log.encode().as_slice())?;
    }
    transaction.open_table(PLAYER_GAMES)?.insert((ticket.player.0, ticket.started_at.0, game.0), ())?;
    transaction.open_table(SESSION_GAMES)?.insert((ticket.session.0, ticket.started_at.0, game.0), ())?;
    Ok(())
}

/// The games of a player or session in an index, newest first.
fn newest_games(
    database: &Database,
    index: TableDefinition<(u64, u64, u64), ()>,
    owner: u64,
    skip: usize,
    limit: usize,
) -> Result<Vec<GameRow>, Error> {
    let transaction = database.begin_read()?;
    let games = transaction.open_table(GAMES)?;
    let mut rows = Vec::new();
    let owned = (owner, 0, 0)..=(owner, u64::MAX, u64::MAX);
    for entry in transaction.open_table(index)?.range(owned)?.rev().skip(skip).take(limit) {
        let (_, _, game) = entry?.0.value();
        if let Some(row) = games.get(game)? {
            rows.push(decode(row.value().1)?);
        }
    }
    Ok(rows)
}
