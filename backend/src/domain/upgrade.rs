//! Upgrades data of earlier rules: the results of games become records on the stream. Games of other rules cannot be
//! replayed, so without these records a rebuild would lose their results.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use futures_util::{StreamExt, TryStreamExt, stream};
use shared::{
    event::EventKind,
    ids::GameId,
    record::{GameEnded, Record},
    rules::StateHash,
    session::SessionId,
    time::Tick,
    verdict::Verdict,
};

use crate::{
    clock::Clock,
    engine::{
        EngineError, Engines, OlderFolder,
        registry::RegistryError,
        store::StoreError,
        stream::{ReadStatus, Stream, StreamError},
    },
};

/// Maximum number of records in one read of the stream.
const READ_LIMIT: usize = 1_000;
/// Records that are appended at the same time. They share commits.
const MAX_CONCURRENT_APPENDS: usize = 64;
/// The number of games between two lines of progress in the log.
const PROGRESS_INTERVAL: usize = 1_000;

/// Why data cannot be upgraded. What was done before is kept, and the upgrade can be repeated.
#[derive(Debug, thiserror::Error)]
pub enum UpgradeError {
    /// The data folder cannot be used.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The stream failed.
    #[error(transparent)]
    Stream(#[from] StreamError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The registry failed.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The tables do not contain all events.
    #[error(
        "the tables were not computed from all events, because the earlier server was killed; start that server once more, \
         stop it, and repeat the upgrade"
    )]
    Unprocessed,
}

/// What the stream says about games.
#[derive(Default)]
struct OnStream {
    /// Games whose end is on the stream.
    ended: HashSet<GameId>,
    /// The hash of the final state that the browser of each game reported.
    hashes: HashMap<GameId, StateHash>,
    /// The number of the last record other than the ends of games.
    last_record: Option<u64>,
}

/// Appends the results of all games of an older data folder to its event log, unless they are there. Returns their number.
///
/// # Errors
/// If the folder cannot be read, its tables are not up to date, or a record cannot be appended.
pub async fn record_ends(folder: &OlderFolder, clock: &Clock) -> Result<usize, UpgradeError> {
    let Some(tables) = folder.tables() else {
        return Ok(0);
    };
    let on_stream = read_stream(&**folder.stream()).await?;
    if on_stream.last_record > folder.last_processed()? {
        return Err(UpgradeError::Unprocessed);
    }
    let mut ends = tables.ends(clock.now())?;
    ends.retain(|end| !on_stream.ended.contains(&end.game));
    for end in &mut ends {
        // The replay of a verified game ended with the hash that the browser reported.
        let is_verified = end.full.verdict == Verdict::Verified;
        end.hash = on_stream.hashes.get(&end.game).copied().filter(|_| is_verified);
    }
    append(folder.stream(), ends).await
}

/// Appends the results of all games of earlier rules in the tables of several servers, unless they were read from the
/// stream. Returns their number.
///
/// # Errors
/// If an engine fails.
pub async fn record_ends_of_tables(engines: &Engines, clock: &Clock) -> Result<usize, UpgradeError> {
    let sessions = engines.registry.sessions().await?.into_iter().map(|(session, _)| session.id);
    let mut ends = Vec::new();
    for session in std::iter::once(SessionId::OPEN_PLAY).chain(sessions) {
        let rows = engines.store.session_games(session, 0, usize::MAX).await?;
        for row in rows.into_iter().filter(|row| row.has_unrecorded_result()) {
            let mut end = row.end(clock.now());
            if end.tick == Tick::ZERO {
                // Rows of the first format have their ticks in their state only, which this server cannot read.
                end.tick = Tick(engines.store.buttons(end.game).await?.ticks());
            }
            ends.push(end);
        }
    }
    append(&engines.stream, ends).await
}

async fn read_stream(stream: &dyn Stream) -> Result<OnStream, StreamError> {
    let mut found = OnStream::default();
    for shard in stream.shards().await? {
        let mut after = None;
        loop {
            let batch = stream.read(&shard.id, after.clone(), READ_LIMIT).await?;
            for stored in batch.records {
                found.add(stored.sequence_number.number(), Record::decode(&stored.bytes).ok());
                after = Some(stored.sequence_number);
            }
            if batch.status != ReadStatus::More {
                break;
            }
        }
    }
    Ok(found)
}

impl OnStream {
    /// Adds a record; `None` for data that is not a record.
    fn add(&mut self, number: Option<u64>, record: Option<Record>) {
        if let Some(Record::GameEnded(end)) = record {
            self.ended.insert(end.game);
            return;
        }
        self.last_record = number;
        if let Some(Record::Events { game, batch, .. }) = record {
            for event in batch.events {
                if let EventKind::Over(hash) = event.kind {
                    self.hashes.insert(game, hash);
                }
            }
        }
    }
}

async fn append(stream: &Arc<dyn Stream>, ends: Vec<GameEnded>) -> Result<usize, UpgradeError> {
    let games = ends.len();
    let appends =
        ends.into_iter().map(|end| async move { stream.append_record(&Record::GameEnded(Box::new(end))).await });
    let appended = stream::iter(appends).buffered(MAX_CONCURRENT_APPENDS).enumerate();
    let appended = appended.map(|(index, result)| {
        if (index + 1) % PROGRESS_INTERVAL == 0 {
            tracing::info!("{} of {games} games", index + 1);
        }
        result
    });
    appended.try_collect::<Vec<()>>().await?;
    Ok(games)
}
