//! Tables of format 8, from servers of rules version 2: the results of their games. Nothing else of them is needed, because
//! the processor computes all other rows from the stream.

use std::path::{Path, PathBuf};

use redb::{Database, ReadableDatabase, ReadableTable};
use serde::Deserialize;
use shared::{
    ids::Seq,
    record::{EndResult, GameEnded, TicketIssued},
    standing::GameResult,
    time::{Tick, Timestamp},
    verdict::Verdict,
};

use super::{Error, FORMAT_VERSIONS, games::GAMES, shards};
use crate::engine::{
    error::{Cause, OperationError},
    redb_tables::decode,
    store::{CountedResult, StoreError},
};

/// The format.
const FORMAT: u64 = 8;

/// Open tables of format 8.
pub struct Format8Tables {
    path: PathBuf,
    database: Database,
}

/// The parts of a game's row that are needed.
#[derive(Deserialize)]
struct GameRow {
    opened: TicketIssued,
    next_seq: Seq,
    state: State,
    verdict: Verdict,
    updated_at: Timestamp,
    counted: CountedResult,
}

/// The parts of a game's state that are needed.
#[derive(Deserialize)]
struct State {
    tick: Tick,
    level: u32,
    score: u32,
    lives: u8,
    shots: u32,
}

impl Format8Tables {
    /// Opens tables.
    ///
    /// # Errors
    /// [`StoreError::Format`] if they have another format, [`StoreError::Engine`] if they cannot be read, or a server uses
    /// them.
    pub fn open(path: &Path) -> Result<Format8Tables, StoreError> {
        let failed = |cause: Cause| OperationError::new(format!("open the tables {}", path.display()), cause);
        let database = Database::open(path).map_err(|error| failed(error.into()))?;
        let found = read_format(&database).map_err(|error| error.during("read the format of the tables"))?;
        match found {
            FORMAT => Ok(Format8Tables { path: path.to_owned(), database }),
            found => Err(StoreError::Format { path: path.to_owned(), found, expected: FORMAT }),
        }
    }

    /// The file of the tables.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The number of the last record of an embedded stream's shard that was processed; `None` if none was.
    ///
    /// # Errors
    /// [`StoreError::Engine`] if the checkpoint cannot be read.
    pub fn last_processed(&self, shard: &str) -> Result<Option<u64>, StoreError> {
        shards::last_processed(&self.database, shard).map_err(|error| error.during("read the checkpoint"))
    }

    /// The results of all games, finished or not, as records of `ended_at`.
    ///
    /// # Errors
    /// [`StoreError::Engine`] if a row cannot be read.
    pub fn ends(&self, ended_at: Timestamp) -> Result<Vec<GameEnded>, StoreError> {
        read_ends(&self.database, ended_at).map_err(|error| error.during("read the games"))
    }
}

fn read_format(database: &Database) -> Result<u64, Error> {
    let versions = database.begin_read()?.open_table(FORMAT_VERSIONS)?;
    Ok(versions.get(())?.map_or(0, |version| version.value()))
}

fn read_ends(database: &Database, ended_at: Timestamp) -> Result<Vec<GameEnded>, Error> {
    let games = database.begin_read()?.open_table(GAMES)?;
    let end = |entry: Result<_, redb::StorageError>| -> Result<GameEnded, Error> {
        let (_, row): (redb::AccessGuard<'_, u64>, redb::AccessGuard<'_, (u32, &[u8])>) = entry?;
        Ok(game_ended(decode(row.value().1)?, ended_at))
    };
    games.iter()?.map(end).collect()
}

fn game_ended(row: GameRow, ended_at: Timestamp) -> GameEnded {
    let GameRow { opened: ticket, next_seq, state, verdict, updated_at, counted } = row;
    let full = EndResult {
        result: GameResult { score: state.score, lives: state.lives, shots: state.shots },
        level: state.level,
        verdict,
        updated_at,
        reached_at: updated_at,
    };
    // These tables do not say when a result was reached, so it is the time of its last events.
    let counted = EndResult { reached_at: counted.updated_at, ..counted.into() };
    GameEnded {
        game: ticket.game,
        player: ticket.player,
        session: ticket.session,
        rules_version: ticket.rules_version,
        tick: state.tick,
        hash: None,
        next_seq,
        full,
        counted,
        // These servers had no real-time sessions.
        max_button_lag_millis: 0,
        late: counted != full,
        ended_at,
    }
}
