//! The store on one machine: tables in one file.
//!
//! Commits wait for no disk: a crash falls back to an earlier commit, whose checkpoint tells where to go on in the
//! stream. Every [`DURABLE_EVERY`] the disk is waited for, so that there is little to go over again.

use std::{
    path::Path,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use redb::{
    Database, Durability, ReadableDatabase, ReadableTable, ReadableTableMetadata, TableDefinition, WriteTransaction,
};
use serde::{Serialize, de::DeserializeOwned};
use shared::{
    ids::{GameId, PlayerId, Seq},
    replay::ButtonLog,
    standing::Standing,
};

use super::{Changes, DeadLetter, GameChange, GameRow, Store, StoreError};
use crate::stream::Position;

const DURABLE_EVERY: Duration = Duration::from_secs(1);

/// Rows, each with the number of its game's next event beside it, which conditions are on.
const GAMES: TableDefinition<u64, (u32, &[u8])> = TableDefinition::new("games");
/// Buttons by game and the tick where they begin.
const BUTTONS: TableDefinition<(u64, u32), &[u8]> = TableDefinition::new("buttons");
/// A player's games by the time of their tickets.
const PLAYER_GAMES: TableDefinition<(u64, u64, u64), ()> = TableDefinition::new("player_games");
const STANDINGS: TableDefinition<u64, &[u8]> = TableDefinition::new("standings");
/// Players by the rank keys of their standings.
const RANKS: TableDefinition<&[u8], u64> = TableDefinition::new("ranks");
const DEAD_LETTERS: TableDefinition<u64, &str> = TableDefinition::new("dead_letters");
const CHECKPOINT: TableDefinition<(), u64> = TableDefinition::new("checkpoint");

/// The embedded tables.
pub struct EmbeddedStore {
    database: Arc<Database>,
    durable_at: Arc<Mutex<Instant>>,
}

impl EmbeddedStore {
    /// Opens the tables, or makes empty ones. After a crash this recovers an earlier state of them.
    ///
    /// # Errors
    /// Where the file cannot be opened, is in use by another process, or is damaged.
    pub fn open(path: &Path) -> Result<EmbeddedStore, StoreError> {
        let database = Database::create(path).map_err(engine)?;
        create_tables(&database)?;
        Ok(EmbeddedStore { database: Arc::new(database), durable_at: Arc::new(Mutex::new(Instant::now())) })
    }

    async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Database) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, StoreError> {
        let database = Arc::clone(&self.database);
        let result = tokio::task::spawn_blocking(move || job(&database)).await.map_err(engine)?;
        Ok(result?)
    }
}

fn create_tables(database: &Database) -> Result<(), Failure> {
    let transaction = database.begin_write()?;
    transaction.open_table(GAMES)?;
    transaction.open_table(BUTTONS)?;
    transaction.open_table(PLAYER_GAMES)?;
    transaction.open_table(STANDINGS)?;
    transaction.open_table(RANKS)?;
    transaction.open_table(DEAD_LETTERS)?;
    transaction.open_table(CHECKPOINT)?;
    transaction.commit()?;
    Ok(())
}

#[async_trait]
impl Store for EmbeddedStore {
    async fn checkpoint(&self) -> Result<Option<Position>, StoreError> {
        self.run(|database| {
            let table = database.begin_read()?.open_table(CHECKPOINT)?;
            Ok(table.get(())?.map(|position| Position(position.value())))
        })
        .await
    }

    async fn apply(&self, changes: Changes, checkpoint: Position) -> Result<(), StoreError> {
        let durable_at = Arc::clone(&self.durable_at);
        self.run(move |database| {
            let mut transaction = database.begin_write()?;
            transaction.set_quick_repair(true);
            let mut durable_at = durable_at.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            if durable_at.elapsed() < DURABLE_EVERY {
                transaction.set_durability(Durability::None).map_err(redb::Error::from)?;
            } else {
                *durable_at = Instant::now();
            }
            write(&transaction, &changes)?;
            transaction.open_table(CHECKPOINT)?.insert((), checkpoint.0)?;
            transaction.commit()?;
            Ok(())
        })
        .await
    }

    async fn game(&self, game: GameId) -> Result<Option<GameRow>, StoreError> {
        self.run(move |database| {
            let table = database.begin_read()?.open_table(GAMES)?;
            table.get(game.0)?.map(|row| decode(row.value().1)).transpose()
        })
        .await
    }

    async fn buttons(&self, game: GameId) -> Result<ButtonLog, StoreError> {
        self.run(move |database| {
            let table = database.begin_read()?.open_table(BUTTONS)?;
            let mut whole = ButtonLog::default();
            for chunk in table.range((game.0, 0)..=(game.0, u32::MAX))? {
                let log = ButtonLog::decode(chunk?.1.value()).map_err(|error| Failure::Damaged(error.to_string()))?;
                whole.append(&log);
            }
            Ok(whole)
        })
        .await
    }

    async fn player_games(&self, player: PlayerId, limit: usize) -> Result<Vec<GameRow>, StoreError> {
        self.run(move |database| {
            let transaction = database.begin_read()?;
            let index = transaction.open_table(PLAYER_GAMES)?;
            let games = transaction.open_table(GAMES)?;
            let mut rows = Vec::new();
            let of_player = (player.0, 0, 0)..=(player.0, u64::MAX, u64::MAX);
            for entry in index.range(of_player)?.rev().take(limit) {
                let (_, _, game) = entry?.0.value();
                if let Some(row) = games.get(game)? {
                    rows.push(decode(row.value().1)?);
                }
            }
            Ok(rows)
        })
        .await
    }

    async fn standings_of(&self, players: Vec<PlayerId>) -> Result<Vec<Standing>, StoreError> {
        self.run(move |database| {
            let table = database.begin_read()?.open_table(STANDINGS)?;
            players.into_iter().filter_map(|player| standing(&table, player).transpose()).collect()
        })
        .await
    }

    async fn standings(&self, skip: usize, limit: usize) -> Result<Vec<Standing>, StoreError> {
        self.run(move |database| {
            let transaction = database.begin_read()?;
            let ranks = transaction.open_table(RANKS)?;
            let standings = transaction.open_table(STANDINGS)?;
            let mut found = Vec::new();
            for entry in ranks.iter()?.skip(skip).take(limit) {
                found.extend(standing(&standings, PlayerId(entry?.1.value()))?);
            }
            Ok(found)
        })
        .await
    }

    async fn players_before(&self, standing: &Standing) -> Result<usize, StoreError> {
        let key = standing.rank_key().0;
        self.run(move |database| {
            let ranks = database.begin_read()?.open_table(RANKS)?;
            Ok(ranks.range(..key.as_slice())?.count())
        })
        .await
    }

    async fn players(&self) -> Result<usize, StoreError> {
        self.run(|database| Ok(database.begin_read()?.open_table(RANKS)?.len()? as usize)).await
    }

    async fn dead_letters(&self, limit: usize) -> Result<Vec<DeadLetter>, StoreError> {
        self.run(move |database| {
            let table = database.begin_read()?.open_table(DEAD_LETTERS)?;
            let mut letters = Vec::new();
            for entry in table.iter()?.take(limit) {
                let (position, reason) = entry?;
                letters.push(DeadLetter { position: Position(position.value()), reason: reason.value().to_owned() });
            }
            Ok(letters)
        })
        .await
    }
}

fn write(transaction: &WriteTransaction, changes: &Changes) -> Result<(), Failure> {
    for change in &changes.games {
        write_game(transaction, change)?;
    }
    for (player, standing) in &changes.standings {
        write_standing(transaction, *player, standing.as_ref())?;
    }
    let mut letters = transaction.open_table(DEAD_LETTERS)?;
    for letter in &changes.dead_letters {
        letters.insert(letter.position.0, letter.reason.as_str())?;
    }
    Ok(())
}

fn write_game(transaction: &WriteTransaction, change: &GameChange) -> Result<(), Failure> {
    let game = change.row.opened.game;
    let mut games = transaction.open_table(GAMES)?;
    let before = games.get(game.0)?.map(|row| Seq(row.value().0));
    if before != change.from_seq {
        return Err(Failure::Conflict(game));
    }
    games.insert(game.0, (change.row.next_seq.0, encode(&change.row)?.as_slice()))?;
    let mut buttons = transaction.open_table(BUTTONS)?;
    for (tick, log) in &change.played {
        buttons.insert((game.0, tick.0), log.encode().as_slice())?;
    }
    let opened = &change.row.opened;
    transaction.open_table(PLAYER_GAMES)?.insert((opened.player.0, opened.opened_at.0, game.0), ())?;
    Ok(())
}

fn write_standing(transaction: &WriteTransaction, player: PlayerId, becomes: Option<&Standing>) -> Result<(), Failure> {
    let mut standings = transaction.open_table(STANDINGS)?;
    let mut ranks = transaction.open_table(RANKS)?;
    if let Some(before) = standing(&standings, player)? {
        ranks.remove(before.rank_key().0.as_slice())?;
    }
    match becomes {
        Some(standing) => {
            standings.insert(player.0, encode(standing)?.as_slice())?;
            ranks.insert(standing.rank_key().0.as_slice(), player.0)?;
        }
        None => {
            standings.remove(player.0)?;
        }
    }
    Ok(())
}

fn standing(table: &impl ReadableTable<u64, &'static [u8]>, player: PlayerId) -> Result<Option<Standing>, Failure> {
    table.get(player.0)?.map(|row| decode(row.value())).transpose()
}

fn decode<T: DeserializeOwned>(row: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(row).map_err(|error| Failure::Damaged(error.to_string()))
}

fn encode(row: &impl Serialize) -> Result<Vec<u8>, Failure> {
    serde_json::to_vec(row).map_err(|error| Failure::Damaged(error.to_string()))
}

/// What can go wrong inside a transaction.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("game {0} changed")]
    Conflict(GameId),
    #[error("a row cannot be read: {0}")]
    Damaged(String),
    #[error(transparent)]
    Engine(redb::Error),
}

impl<E: Into<redb::Error>> From<E> for Failure {
    fn from(error: E) -> Failure {
        Failure::Engine(error.into())
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> StoreError {
        match failure {
            Failure::Conflict(game) => StoreError::Conflict(game),
            other => engine(other),
        }
    }
}

fn engine(error: impl std::fmt::Display) -> StoreError {
    StoreError::Engine(error.to_string())
}
