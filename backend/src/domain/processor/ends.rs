//! Appends the ends of games to the stream: history that survives a change of the rules.
//!
//! The row of a shard lists the games whose end is not on the stream. A processor that has read the whole shard appends
//! these ends, and removes them from the list when it reads them. An end that was appended twice changes nothing.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use shared::{ids::GameId, record::Record, verdict::Verdict};

use super::{ProcessError, game_rows::GameRows};
use crate::{
    clock::Clock,
    engine::stream::{Stream, StreamError},
};

/// Appends ends of games.
pub struct Ends {
    stream: Arc<dyn Stream>,
    /// The games whose ends this processor has appended and not read yet, with their verdicts.
    appended: Mutex<BTreeMap<GameId, Verdict>>,
    clock: Clock,
}

impl Ends {
    /// Appends ends to `stream`.
    pub fn new(stream: Arc<dyn Stream>, clock: Clock) -> Ends {
        Ends { stream, appended: Mutex::default(), clock }
    }

    /// Appends the ends of `games`, unless this processor has done so. A stream that is only read keeps its records.
    ///
    /// # Errors
    /// If an engine fails. The same call can be repeated.
    pub async fn append(&self, games: &BTreeSet<GameId>, rows: &GameRows) -> Result<(), ProcessError> {
        for (game, update) in rows.read_all(games.iter().copied()).await? {
            let verdict = update.row.verdict;
            if self.has_appended(game, verdict) {
                continue;
            }
            let record = Record::GameEnded(Box::new(update.row.end(self.clock.now())));
            match self.stream.append_record(&record).await {
                Ok(()) => self.remember(game, verdict),
                Err(StreamError::ReadOnly) => return Ok(()),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Forgets a game whose end was read.
    pub fn forget(&self, game: GameId) {
        self.appended.lock().unwrap_or_else(PoisonError::into_inner).remove(&game);
    }

    fn has_appended(&self, game: GameId, verdict: Verdict) -> bool {
        self.appended.lock().unwrap_or_else(PoisonError::into_inner).get(&game) == Some(&verdict)
    }

    fn remember(&self, game: GameId, verdict: Verdict) {
        self.appended.lock().unwrap_or_else(PoisonError::into_inner).insert(game, verdict);
    }
}
