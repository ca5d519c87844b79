//! The store on one machine: tables in one file, and the order of each session's standings in memory, where a rank is
//! found without counting.
//!
//! Most commits do not wait for the disk. After a crash the tables are those of an earlier commit, and processing
//! continues at its checkpoint. Every [`SYNC_INTERVAL`] one commit is synced, so that little has to be processed again.

mod dead_letters;
mod fingerprints;
mod format_8;
mod games;
mod rankings;
mod shards;

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use redb::{Database, Durability, ReadableTable, TableDefinition, WriteTransaction};
use shared::rules::RULES_VERSION;

pub use self::format_8::Format8Tables;
use self::rankings::{RankChange, Ranking};
use super::{Changes, ShardRow, Store, StoreError};
use crate::engine::{
    error::{Cause, OperationError},
    redb_tables::TransactionError,
    stream::ShardId,
};

/// Time from one synced commit to the next.
const SYNC_INTERVAL: Duration = Duration::from_secs(1);
/// The version of the rows' format. Tables of another version must be computed again.
const FORMAT_VERSION: u64 = 9;
// The rows have states of the rules, so that other rules need another format.
const _: () = assert!(RULES_VERSION == 3, "increase FORMAT_VERSION with RULES_VERSION");
const FORMAT_VERSIONS: TableDefinition<(), u64> = TableDefinition::new("version");

/// An error inside a transaction.
type Error = TransactionError<StoreError>;

/// The embedded tables.
pub struct EmbeddedStore {
    database: Arc<Database>,
    ranking: Arc<RwLock<Ranking>>,
    synced_at: Arc<Mutex<Instant>>,
}

impl EmbeddedStore {
    /// Opens the tables, or creates empty ones. After a crash this recovers an earlier commit.
    ///
    /// # Errors
    /// [`StoreError::Format`] if the tables have another format, [`StoreError::Engine`] if the file cannot be opened, is in
    /// use by another process, or is damaged.
    pub fn open(path: &Path) -> Result<EmbeddedStore, StoreError> {
        let failed = |cause: Cause| OperationError::new(format!("open the tables {}", path.display()), cause);
        let database = Database::create(path).map_err(|error| failed(error.into()))?;
        let found = create_tables(&database).map_err(|error| error.during("create the tables"))?;
        if found != FORMAT_VERSION {
            return Err(StoreError::Format { path: path.to_owned(), found, expected: FORMAT_VERSION });
        }
        let ranking = rankings::read_ranking(&database).map_err(|error| error.during("read the players"))?;
        Ok(EmbeddedStore {
            database: Arc::new(database),
            ranking: Arc::new(RwLock::new(ranking)),
            synced_at: Arc::new(Mutex::new(Instant::now())),
        })
    }

    /// The number of the last record of an embedded stream's shard that was processed; `None` if none was.
    ///
    /// # Errors
    /// [`StoreError::Engine`] if the checkpoint cannot be read.
    pub fn last_processed(&self, shard: &str) -> Result<Option<u64>, StoreError> {
        shards::last_processed(&self.database, shard).map_err(|error| error.during("read the checkpoint"))
    }

    /// Runs a transaction where it may block; `operation` completes the sentence "cannot ...".
    async fn run<T: Send + 'static>(
        &self,
        operation: &'static str,
        transaction: impl FnOnce(&Database) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, StoreError> {
        let database = Arc::clone(&self.database);
        let result = tokio::task::spawn_blocking(move || transaction(&database)).await;
        let result = result.map_err(|error| OperationError::new(operation, error))?;
        result.map_err(|error| error.during(operation))
    }
}

/// Creates the tables that are missing; returns the format of the file, 0 if it has none. A file of another format stays as
/// it is.
fn create_tables(database: &Database) -> Result<u64, Error> {
    let transaction = database.begin_write()?;
    let is_new = transaction.list_tables()?.next().is_none();
    let mut versions = transaction.open_table(FORMAT_VERSIONS)?;
    if is_new {
        versions.insert((), FORMAT_VERSION)?;
    }
    let found = versions.get(())?.map_or(0, |version| version.value());
    drop(versions);
    if found == FORMAT_VERSION {
        games::create_tables(&transaction)?;
        rankings::create_tables(&transaction)?;
        shards::create_tables(&transaction)?;
        fingerprints::create_tables(&transaction)?;
        dead_letters::create_tables(&transaction)?;
        transaction.commit()?;
    }
    Ok(found)
}

#[async_trait]
impl Store for EmbeddedStore {
    async fn apply(&self, changes: Changes, shard: &ShardId, row: ShardRow) -> Result<(), StoreError> {
        let shard = shard.clone();
        let synced_at = Arc::clone(&self.synced_at);
        let ranking = Arc::clone(&self.ranking);
        self.run("write the tables", move |database| {
            let mut transaction = database.begin_write()?;
            transaction.set_quick_repair(true);
            // Held until the commit: the order of the ranking's changes is that of the commits.
            let mut synced_at = synced_at.lock().unwrap_or_else(PoisonError::into_inner);
            if synced_at.elapsed() < SYNC_INTERVAL {
                transaction.set_durability(Durability::None).map_err(redb::Error::from)?;
            } else {
                *synced_at = Instant::now();
            }
            let rank_changes = write_changes(&transaction, &changes)?;
            shards::write_shard(&transaction, &shard, &row)?;
            transaction.commit()?;
            ranking.write().unwrap_or_else(PoisonError::into_inner).apply(rank_changes);
            Ok(())
        })
        .await
    }
}

/// Writes games, players and dead letters; returns the standings that changed.
fn write_changes(transaction: &WriteTransaction, changes: &Changes) -> Result<Vec<RankChange>, Error> {
    for change in &changes.games {
        games::write_game(transaction, change)?;
    }
    let rank_changes = changes.players.iter().map(|change| rankings::write_player(transaction, change));
    let rank_changes = rank_changes.collect::<Result<_, Error>>()?;
    dead_letters::write_dead_letters(transaction, &changes.dead_letters)?;
    Ok(rank_changes)
}
