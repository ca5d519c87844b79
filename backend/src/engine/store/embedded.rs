//! The store on one machine: tables in one file, and the order of each session's standings in memory, where a rank is
//! found without counting.
//!
//! Commits wait for no disk: a crash falls back to an earlier commit, whose checkpoint tells where to go on in the
//! stream. Every [`DURABLE_EVERY`] the disk is waited for, so that there is little to go over again.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::Path,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use redb::{Database, Durability, ReadableDatabase, ReadableTable, TableDefinition, WriteTransaction};
use serde::{Serialize, de::DeserializeOwned};
use shared::{
    ids::{GameId, PlayerId},
    replay::ButtonLog,
    session::{Participant, SessionId},
    standing::{RankKey, Standing},
};

use super::{Changes, DeadLetter, GameChange, GameRow, Lease, PlayerChange, PlayerRow, ShardRow, Store, StoreError};
use crate::engine::stream::{ExtendedSequenceNumber, InvalidPosition, RecordPosition, ShardId};

const DURABLE_EVERY: Duration = Duration::from_secs(1);

/// Rows, each with its version beside it, which conditions are on.
const GAMES: TableDefinition<u64, (u32, &[u8])> = TableDefinition::new("games");
/// Buttons by game and the tick where they begin.
const BUTTONS: TableDefinition<(u64, u32), &[u8]> = TableDefinition::new("buttons");
/// A player's games by the time of their tickets.
const PLAYER_GAMES: TableDefinition<(u64, u64, u64), ()> = TableDefinition::new("player_games");
/// A session's games by the time of their tickets.
const SESSION_GAMES: TableDefinition<(u64, u64, u64), ()> = TableDefinition::new("session_games");
/// Players by session.
const PLAYERS: TableDefinition<(u64, u64), &[u8]> = TableDefinition::new("players");
/// Reasons by shard, sequence number and part.
const DEAD_LETTERS: TableDefinition<(&str, &str, u32), &str> = TableDefinition::new("dead_letters");
const SHARDS: TableDefinition<&str, &[u8]> = TableDefinition::new("shards");
const LEASES: TableDefinition<&str, &[u8]> = TableDefinition::new("leases");
/// What the rows look like: tables of another version are thrown away and computed anew.
const VERSION: u64 = 8;
const VERSIONS: TableDefinition<(), u64> = TableDefinition::new("version");

/// The embedded tables.
pub struct EmbeddedStore {
    database: Arc<Database>,
    ranking: Arc<RwLock<Ranking>>,
    durable_at: Arc<Mutex<Instant>>,
}

/// The order of each session's standings; a rank key names its player, too.
#[derive(Default)]
struct Ranking(HashMap<SessionId, indexset::BTreeSet<RankKey>>);

/// A standing that was, and the one that is now.
type Moved = (Participant, Option<RankKey>, Option<RankKey>);

impl Ranking {
    fn take(&mut self, moves: Vec<Moved>) {
        for (participant, before, after) in moves {
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

impl EmbeddedStore {
    /// Opens the tables, or makes empty ones. After a crash this recovers an earlier state of them.
    ///
    /// # Errors
    /// Where the file cannot be opened, is in use by another process, or is damaged.
    pub fn open(path: &Path) -> Result<EmbeddedStore, StoreError> {
        let mut database = Database::create(path).map_err(engine)?;
        if !create_tables(&database)? {
            drop(database);
            fs::remove_file(path).map_err(engine)?;
            database = Database::create(path).map_err(engine)?;
            create_tables(&database)?;
        }
        let ranking = read_ranking(&database)?;
        Ok(EmbeddedStore {
            database: Arc::new(database),
            ranking: Arc::new(RwLock::new(ranking)),
            durable_at: Arc::new(Mutex::new(Instant::now())),
        })
    }

    /// The order of one session's standings, read at once.
    fn ranked<T>(&self, session: SessionId, read: impl FnOnce(&indexset::BTreeSet<RankKey>) -> T) -> Option<T> {
        let ranking = self.ranking.read().unwrap_or_else(PoisonError::into_inner);
        ranking.0.get(&session).map(read)
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

/// Gives whether the tables are of this version.
fn create_tables(database: &Database) -> Result<bool, Failure> {
    let transaction = database.begin_write()?;
    let is_new = transaction.list_tables()?.next().is_none();
    let mut versions = transaction.open_table(VERSIONS)?;
    if is_new {
        versions.insert((), VERSION)?;
    }
    if versions.get(())?.is_none_or(|version| version.value() != VERSION) {
        return Ok(false);
    }
    drop(versions);
    transaction.open_table(GAMES)?;
    transaction.open_table(BUTTONS)?;
    transaction.open_table(PLAYER_GAMES)?;
    transaction.open_table(SESSION_GAMES)?;
    transaction.open_table(PLAYERS)?;
    transaction.open_table(DEAD_LETTERS)?;
    transaction.open_table(SHARDS)?;
    transaction.open_table(LEASES)?;
    transaction.commit()?;
    Ok(true)
}

fn read_ranking(database: &Database) -> Result<Ranking, Failure> {
    let mut ranking = Ranking::default();
    for entry in database.begin_read()?.open_table(PLAYERS)?.iter()? {
        let (key, row) = entry?;
        if let PlayerRow { standing: Some(standing), .. } = decode(row.value())? {
            ranking.0.entry(SessionId(key.value().0)).or_default().insert(standing.rank_key());
        }
    }
    Ok(ranking)
}

#[async_trait]
impl Store for EmbeddedStore {
    async fn shards(&self) -> Result<BTreeMap<ShardId, ShardRow>, StoreError> {
        self.run(|database| by_shard(database, SHARDS)).await
    }

    async fn apply(&self, changes: Changes, shard: &ShardId, row: ShardRow) -> Result<(), StoreError> {
        let shard = shard.clone();
        let durable_at = Arc::clone(&self.durable_at);
        let ranking = Arc::clone(&self.ranking);
        self.run(move |database| {
            let mut transaction = database.begin_write()?;
            transaction.set_quick_repair(true);
            let mut durable_at = durable_at.lock().unwrap_or_else(PoisonError::into_inner);
            if durable_at.elapsed() < DURABLE_EVERY {
                transaction.set_durability(Durability::None).map_err(redb::Error::from)?;
            } else {
                *durable_at = Instant::now();
            }
            let moves = write(&transaction, &changes)?;
            transaction.open_table(SHARDS)?.insert(&*shard.0, encode(&row)?.as_slice())?;
            transaction.commit()?;
            ranking.write().unwrap_or_else(PoisonError::into_inner).take(moves);
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
        self.run(move |database| newest_games(database, PLAYER_GAMES, player.0, 0, limit)).await
    }

    async fn session_games(&self, session: SessionId, skip: usize, limit: usize) -> Result<Vec<GameRow>, StoreError> {
        self.run(move |database| newest_games(database, SESSION_GAMES, session.0, skip, limit)).await
    }

    async fn players_of(&self, participants: Vec<Participant>) -> Result<Vec<(Participant, PlayerRow)>, StoreError> {
        self.run(move |database| {
            let table = database.begin_read()?.open_table(PLAYERS)?;
            participants.into_iter().map(|participant| Ok((participant, player_row(&table, participant)?))).collect()
        })
        .await
    }

    async fn standings(&self, session: SessionId, skip: usize, limit: usize) -> Result<Vec<PlayerRow>, StoreError> {
        let players = self.ranked(session, |order| {
            order.range_idx(skip.min(order.len())..).take(limit).map(RankKey::player).collect::<Vec<_>>()
        });
        let participants = players.unwrap_or_default().into_iter().map(|player| Participant { session, player });
        let found = self.players_of(participants.collect()).await?;
        Ok(found.into_iter().map(|(_, row)| PlayerRow { version: 0, ..row }).collect())
    }

    async fn players_before(&self, session: SessionId, standing: &Standing) -> Result<usize, StoreError> {
        Ok(self.ranked(session, |order| order.rank(&standing.rank_key())).unwrap_or_default())
    }

    async fn players(&self, session: SessionId) -> Result<usize, StoreError> {
        Ok(self.ranked(session, indexset::BTreeSet::len).unwrap_or_default())
    }

    async fn dead_letters(&self, limit: usize) -> Result<Vec<DeadLetter>, StoreError> {
        self.run(move |database| {
            let table = database.begin_read()?.open_table(DEAD_LETTERS)?;
            let mut dead_letters = Vec::new();
            for entry in table.iter()?.take(limit) {
                let (key, reason) = entry?;
                let (shard, sequence_number, subsequence_number) = key.value();
                let sequence_number =
                    sequence_number.parse().map_err(|error: InvalidPosition| Failure::Damaged(error.to_string()))?;
                let sequence_number = ExtendedSequenceNumber { sequence_number, subsequence_number };
                let position = RecordPosition { shard: ShardId(shard.to_owned()), sequence_number };
                dead_letters.push(DeadLetter { position, reason: reason.value().to_owned() });
            }
            Ok(dead_letters)
        })
        .await
    }

    async fn forget_dead_letter(&self, position: &RecordPosition) -> Result<(), StoreError> {
        let position = position.clone();
        self.run(move |database| {
            let transaction = database.begin_write()?;
            transaction.open_table(DEAD_LETTERS)?.remove(dead_letter_key(&position))?;
            transaction.commit()?;
            Ok(())
        })
        .await
    }

    async fn leases(&self) -> Result<BTreeMap<ShardId, Lease>, StoreError> {
        self.run(|database| by_shard(database, LEASES)).await
    }

    async fn put_lease(&self, shard: &ShardId, lease: Lease, from: Option<Lease>) -> Result<(), StoreError> {
        let shard = shard.clone();
        self.run(move |database| {
            let transaction = database.begin_write()?;
            let mut leases = transaction.open_table(LEASES)?;
            let before = leases.get(&*shard.0)?.map(|row| decode(row.value())).transpose()?;
            if before != from {
                return Err(Failure::Conflict);
            }
            leases.insert(&*shard.0, encode(&lease)?.as_slice())?;
            drop(leases);
            transaction.commit()?;
            Ok(())
        })
        .await
    }
}

/// A table's rows, one for each shard.
fn by_shard<T: DeserializeOwned>(
    database: &Database,
    table: TableDefinition<&str, &[u8]>,
) -> Result<BTreeMap<ShardId, T>, Failure> {
    let table = database.begin_read()?.open_table(table)?;
    let rows = table.iter()?.map(|entry| {
        let (shard, row) = entry?;
        Ok((ShardId(shard.value().to_owned()), decode(row.value())?))
    });
    rows.collect()
}

/// Gives the standings that moved.
fn write(transaction: &WriteTransaction, changes: &Changes) -> Result<Vec<Moved>, Failure> {
    for change in &changes.games {
        write_game(transaction, change)?;
    }
    let moves = changes.players.iter().map(|change| write_player(transaction, change));
    let moves = moves.collect::<Result<_, Failure>>()?;
    let mut dead_letters = transaction.open_table(DEAD_LETTERS)?;
    for dead_letter in &changes.dead_letters {
        dead_letters.insert(dead_letter_key(&dead_letter.position), dead_letter.reason.as_str())?;
    }
    Ok(moves)
}

fn dead_letter_key(position: &RecordPosition) -> (&str, &str, u32) {
    (&position.shard.0, position.sequence_number.sequence_number.as_str(), position.sequence_number.subsequence_number)
}

fn write_game(transaction: &WriteTransaction, change: &GameChange) -> Result<(), Failure> {
    let game = change.row.ticket.game;
    let mut games = transaction.open_table(GAMES)?;
    let before = games.get(game.0)?.map_or(0, |row| row.value().0);
    if before.checked_add(1) != Some(change.row.version) {
        return Err(Failure::Conflict);
    }
    games.insert(game.0, (change.row.version, encode(&change.row)?.as_slice()))?;
    let mut buttons = transaction.open_table(BUTTONS)?;
    for (tick, log) in &change.played {
        buttons.insert((game.0, tick.0), log.encode().as_slice())?;
    }
    let opened = &change.row.ticket;
    transaction.open_table(PLAYER_GAMES)?.insert((opened.player.0, opened.started_at.0, game.0), ())?;
    transaction.open_table(SESSION_GAMES)?.insert((opened.session.0, opened.started_at.0, game.0), ())?;
    Ok(())
}

fn write_player(transaction: &WriteTransaction, change: &PlayerChange) -> Result<Moved, Failure> {
    let PlayerChange { participant, row } = change;
    let mut players = transaction.open_table(PLAYERS)?;
    let before = player_row(&players, *participant)?;
    if before.version.checked_add(1) != Some(row.version) {
        return Err(Failure::Conflict);
    }
    players.insert((participant.session.0, participant.player.0), encode(row)?.as_slice())?;
    let rank_key = |row: &PlayerRow| row.standing.as_ref().map(Standing::rank_key);
    Ok((*participant, rank_key(&before), rank_key(row)))
}

fn player_row(
    table: &impl ReadableTable<(u64, u64), &'static [u8]>,
    participant: Participant,
) -> Result<PlayerRow, Failure> {
    let row = table.get((participant.session.0, participant.player.0))?;
    row.map_or_else(|| Ok(PlayerRow::default()), |row| decode(row.value()))
}

/// The games that an index has under `owner`, newest first.
fn newest_games(
    database: &Database,
    index: TableDefinition<(u64, u64, u64), ()>,
    owner: u64,
    skip: usize,
    limit: usize,
) -> Result<Vec<GameRow>, Failure> {
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

fn decode<T: DeserializeOwned>(row: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(row).map_err(|error| Failure::Damaged(error.to_string()))
}

fn encode(row: &impl Serialize) -> Result<Vec<u8>, Failure> {
    serde_json::to_vec(row).map_err(|error| Failure::Damaged(error.to_string()))
}

/// What can go wrong inside a transaction.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("a row changed")]
    Conflict,
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
            Failure::Conflict => StoreError::Conflict,
            other => engine(other),
        }
    }
}

fn engine(error: impl std::fmt::Display) -> StoreError {
    StoreError::Engine(error.to_string())
}
