//! The processor: takes the stream's records in order, replays their games, and keeps the tables.
//!
//! Its writes depend on the numbers of events alone, so a record that comes twice changes nothing.

mod best_run;
mod verifier;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, hash_map::Entry},
    sync::Arc,
    time::Duration,
};

use quick_cache::sync::Cache;
use shared::{
    ids::{GameId, Seq},
    record::{Opened, Record},
    replay::ButtonLog,
    session::{Entrant, SessionId},
    standing::Standing,
    time::{Tick, Timestamp},
    verdict::Verdict,
};
use tokio::sync::watch;

use crate::{
    clock,
    flow::Meter,
    registry::{Registry, RegistryError, Session},
    store::{Changes, Counted, DeadLetter, GameChange, GameRow, Store, StoreError},
    stream::{Position, Stored, Stream, StreamError},
};

/// Records taken from the stream at once, at most.
const STRETCH: usize = 512;
/// Rows kept in memory, so that a live game is not read again for every batch.
const CACHED_ROWS: usize = 10_000;
/// How long to wait before trying again after the stream or the store failed.
const RETRY: Duration = Duration::from_millis(500);

/// Why processing stopped short.
#[derive(Debug, thiserror::Error)]
pub enum ProcessError {
    /// The stream cannot be read.
    #[error(transparent)]
    Stream(#[from] StreamError),
    /// The tables cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Sessions cannot be read.
    #[error(transparent)]
    Registry(#[from] RegistryError),
}

/// Reads the stream and writes the tables.
pub struct Processor {
    stream: Arc<dyn Stream>,
    store: Arc<dyn Store>,
    registry: Arc<dyn Registry>,
    meter: Arc<Meter>,
    rows: Cache<GameId, GameRow>,
}

/// A game during one stretch: its row, and what the tables have of it.
struct Work {
    row: GameRow,
    from_seq: Option<Seq>,
    played: Vec<(Tick, ButtonLog)>,
}

impl Processor {
    /// A processor that goes on from the store's checkpoint.
    pub fn new(stream: Arc<dyn Stream>, store: Arc<dyn Store>, registry: Arc<dyn Registry>) -> Processor {
        Processor { stream, store, registry, meter: Arc::default(), rows: Cache::new(CACHED_ROWS) }
    }

    /// Counts what passes.
    pub fn meter(&self) -> Arc<Meter> {
        Arc::clone(&self.meter)
    }

    /// Processes for ever, telling `processed` how far it is. Drop the future to stop: a stretch is applied whole or
    /// not at all.
    pub async fn run(&self, processed: watch::Sender<Option<Position>>) {
        let mut head = self.stream.head();
        loop {
            match self.catch_up(&processed).await {
                Ok(()) => {
                    if head.changed().await.is_err() {
                        return;
                    }
                }
                Err(error) => {
                    tracing::error!(%error, "processing failed; trying again");
                    self.rows.clear();
                    tokio::time::sleep(RETRY).await;
                }
            }
        }
    }

    /// Processes all that is on the stream now.
    ///
    /// # Errors
    /// Where the stream or the store fails; what was applied until then stays.
    pub async fn catch_up(&self, processed: &watch::Sender<Option<Position>>) -> Result<(), ProcessError> {
        let mut checkpoint = self.store.checkpoint().await?;
        loop {
            processed.send_replace(checkpoint);
            let records = self.stream.read(checkpoint, STRETCH).await?;
            let Some(last) = records.last().map(|record| record.position) else {
                return Ok(());
            };
            self.process(records, last).await?;
            checkpoint = Some(last);
        }
    }

    async fn process(&self, records: Vec<Stored>, last: Position) -> Result<(), ProcessError> {
        let mut works = BTreeMap::new();
        let mut sessions = HashMap::new();
        let mut dead_letters = Vec::new();
        for Stored { position, bytes } in records {
            if let Err(reason) = self.take(&bytes, &mut works, &mut sessions).await? {
                tracing::warn!(position = position.0, reason, "a record was set aside");
                metrics::counter!("alien_dead_letters_total").increment(1);
                dead_letters.push(DeadLetter { position, reason });
            }
        }
        let standings = self.standings_after(&works).await?;
        let games = works
            .values()
            .map(|work| GameChange { row: work.row.clone(), from_seq: work.from_seq, played: work.played.clone() })
            .collect();
        self.store.apply(Changes { games, standings, dead_letters }, last).await?;
        for (game, work) in works {
            self.rows.insert(game, work.row);
        }
        Ok(())
    }

    /// Takes one record into the works of its game; the inner error says why it can never be processed.
    async fn take(
        &self,
        bytes: &[u8],
        works: &mut BTreeMap<GameId, Work>,
        sessions: &mut HashMap<SessionId, Option<Session>>,
    ) -> Result<Result<(), String>, ProcessError> {
        let record: Record = match serde_json::from_slice(bytes) {
            Ok(record) => record,
            Err(error) => return Ok(Err(format!("not a record: {error}"))),
        };
        let known = self.load(record.game(), works).await?;
        let (game, received_at, batch) = match record {
            Record::Opened(opened) => {
                if !known {
                    works.insert(opened.game, Work::new(*opened));
                }
                return Ok(Ok(()));
            }
            Record::Events { game, received_at, batch } => (game, received_at, batch),
        };
        let Some(work) = works.get_mut(&game) else {
            return Ok(Err(format!("game {game} was never opened")));
        };
        if batch.first_seq > work.row.next_seq {
            let (due, got) = (work.row.next_seq.0, batch.first_seq.0);
            return Ok(Err(format!("game {game}: event {due} is due, and this begins at {got}")));
        }
        let acknowledged =
            if batch.first_seq < work.row.next_seq { Some(self.acknowledged(game, work).await?) } else { None };
        let before = work.row.verdict;
        verifier::verify(&mut work.row, &mut work.played, acknowledged.as_ref(), received_at, &batch);
        if self.counts(work.row.opened.session, received_at, sessions).await? {
            work.row.counted = work.row.all();
        }
        count(&self.meter, before, &work.row, received_at, batch.events.len());
        Ok(Ok(()))
    }

    /// Whether what a session received at that time counts. A session is read once a stretch, after all of that was
    /// received: what closed it before is known by then.
    async fn counts(
        &self,
        session: SessionId,
        received_at: Timestamp,
        sessions: &mut HashMap<SessionId, Option<Session>>,
    ) -> Result<bool, RegistryError> {
        if session == SessionId::OPEN_PLAY {
            return Ok(true);
        }
        if let Entry::Vacant(unread) = sessions.entry(session) {
            unread.insert(self.registry.session(session).await?.map(|(session, _)| session));
        }
        let known = sessions.get(&session).and_then(Option::as_ref);
        Ok(known.is_some_and(|session| session.counts(received_at)))
    }

    /// Makes sure that the game's row is among the works, if the game is known at all.
    async fn load(&self, game: GameId, works: &mut BTreeMap<GameId, Work>) -> Result<bool, StoreError> {
        if works.contains_key(&game) {
            return Ok(true);
        }
        let row = match self.rows.get(&game) {
            Some(row) => Some(row),
            None => self.store.game(game).await?,
        };
        let Some(row) = row else {
            return Ok(false);
        };
        works.insert(game, Work { from_seq: Some(row.next_seq), row, played: Vec::new() });
        Ok(true)
    }

    /// The buttons that were acknowledged so far.
    async fn acknowledged(&self, game: GameId, work: &Work) -> Result<ButtonLog, StoreError> {
        let mut log = self.store.buttons(game).await?;
        for (_, played) in &work.played {
            log.append(played);
        }
        Ok(log)
    }

    /// The standings that the works change.
    async fn standings_after(
        &self,
        works: &BTreeMap<GameId, Work>,
    ) -> Result<Vec<(Entrant, Option<Standing>)>, StoreError> {
        let entrants: BTreeSet<Entrant> = works.values().map(|work| work.row.opened.entrant()).collect();
        let stored = self.store.standings_of(entrants.into_iter().collect()).await?;
        let mut current: HashMap<Entrant, Standing> = stored.into_iter().collect();
        let mut changed = HashMap::new();
        for work in works.values() {
            let entrant = work.row.opened.entrant();
            let best = match best_run::after(current.get(&entrant), &work.row) {
                best_run::Best::Unchanged => continue,
                best_run::Best::This => Some(work.row.standing()),
                best_run::Best::AmongAll => best_run::among(self.games_of(entrant, works).await?),
            };
            match &best {
                Some(standing) => current.insert(entrant, standing.clone()),
                None => current.remove(&entrant),
            };
            changed.insert(entrant, best);
        }
        Ok(changed.into_iter().collect())
    }

    /// All games of a player in a session, as this stretch leaves them.
    async fn games_of(&self, entrant: Entrant, works: &BTreeMap<GameId, Work>) -> Result<Vec<GameRow>, StoreError> {
        let stored = self.store.player_games(entrant.player, usize::MAX).await?;
        let untouched = stored.into_iter().filter(|row| !works.contains_key(&row.opened.game));
        let worked = works.values().map(|work| work.row.clone());
        Ok(untouched.chain(worked).filter(|row| row.opened.entrant() == entrant).collect())
    }
}

impl Work {
    fn new(opened: Opened) -> Work {
        let game = shared::rules::Game::new(opened.tuning.clone(), opened.seed);
        let row = GameRow {
            next_seq: Seq(0),
            state: game.state().clone(),
            verdict: Verdict::Live,
            counted: Counted::of(game.state(), Verdict::Live, opened.opened_at),
            updated_at: opened.opened_at,
            opened,
        };
        Work { row, from_seq: None, played: Vec::new() }
    }
}

fn count(meter: &Meter, before: Verdict, row: &GameRow, received_at: Timestamp, events: usize) {
    let lag_millis = clock::now().millis_since(received_at);
    meter.passed(events as u64, lag_millis);
    metrics::counter!("alien_events_processed_total").increment(events as u64);
    metrics::histogram!("alien_lag_seconds").record(lag_millis as f64 / 1000.0);
    if let Verdict::Rejected { reason } = row.verdict
        && row.verdict != before
    {
        tracing::warn!(game = %row.opened.game, %reason, "a game was rejected");
        meter.rejected();
        metrics::counter!("alien_games_rejected_total", "reason" => verifier::label(reason)).increment(1);
    }
}
