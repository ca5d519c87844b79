//! The processor: takes the stream's records in order, replays their games, and keeps the tables.
//!
//! Its writes depend on the numbers of events alone, so a record that comes twice changes nothing.

mod best_run;
mod leases;
mod verifier;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, hash_map::Entry},
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::{StreamExt, TryStreamExt, stream};
use quick_cache::sync::Cache;
use shared::{
    event::Batch,
    ids::{GameId, Seq},
    record::{Opened, Record, Ruling},
    replay::ButtonLog,
    session::{Entrant, SessionId},
    time::{Tick, Timestamp},
    verdict::Verdict,
};
use tokio::sync::watch;

pub use self::leases::Leases;
use crate::{
    clock,
    registry::{Registry, RegistryError, Session},
    store::{
        Changes, Counted, DeadLetter, GameChange, GameRow, Passed, PlayerChange, PlayerRow, ShardRow, Store, StoreError,
    },
    stream::{Checkpoint, Place, Position, ShardId, Stored, Stream, StreamError, Stretch, Then},
};

/// Records taken from the stream at once, at most: whoever is behind catches up sooner where all that came of a game is
/// written as one.
const STRETCH: usize = 10_000;
/// The same where records are left to gather.
const GATHERED: usize = 50_000;
/// Games that are read at once.
const LOADS: usize = 32;
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
    rows: Cache<GameId, GameRow>,
    /// The shards that are this processor's; all, where there is no other.
    held: Option<watch::Receiver<BTreeSet<ShardId>>>,
    /// How long records are left to gather before they are processed.
    gather: Duration,
}

/// How far processing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// All that was on the stream has been processed.
    CaughtUp,
    /// There is something to process, since then.
    BehindSince(Instant),
}

impl Progress {
    fn fall_behind(&mut self) {
        if *self == Progress::CaughtUp {
            *self = Progress::BehindSince(Instant::now());
        }
    }

    /// For how long there has been something to process.
    pub fn behind(self) -> Duration {
        match self {
            Progress::CaughtUp => Duration::ZERO,
            Progress::BehindSince(since) => since.elapsed(),
        }
    }
}

/// A game during one stretch: its row, and how far the tables have it, if they do.
struct Work {
    row: GameRow,
    from: Option<(Seq, Verdict)>,
    played: Vec<(Tick, ButtonLog)>,
    /// Whether the row was kept in memory: another processor may have written to it since.
    is_remembered: bool,
}

/// What a stretch of the stream changes, in the making.
#[derive(Default)]
struct Draft {
    works: BTreeMap<GameId, Work>,
    rulings: Vec<Ruling>,
    /// Records that can never be processed.
    dead_letters: Vec<DeadLetter>,
    /// What has passed of the shard so far.
    passed: Passed,
    /// Sessions as they were read for it.
    sessions: HashMap<SessionId, Option<Session>>,
}

impl Processor {
    /// A processor that goes on from the store's checkpoint.
    pub fn new(stream: Arc<dyn Stream>, store: Arc<dyn Store>, registry: Arc<dyn Registry>) -> Processor {
        let rows = Cache::new(CACHED_ROWS);
        Processor { stream, store, registry, rows, held: None, gather: Duration::ZERO }
    }

    /// The same with records left to gather for so long.
    pub fn gathering(self, gather: Duration) -> Processor {
        Processor { gather, ..self }
    }

    /// The same for the shards alone that it holds leases of.
    pub fn sharing(self, leases: &Leases) -> Processor {
        Processor { held: Some(leases.held()), ..self }
    }

    /// Forgets what it knows of the tables: another processor may have written to them.
    pub fn forget(&self) {
        self.rows.clear();
    }

    /// Processes all that is on the stream now, and tries again for so long.
    ///
    /// # Errors
    /// Where the stream or the store still fails then.
    pub async fn catch_up_within(
        &self,
        patience: Duration,
        progress: &watch::Sender<Progress>,
    ) -> Result<(), ProcessError> {
        let started = Instant::now();
        loop {
            match self.catch_up(progress).await {
                Err(error) if started.elapsed() < patience => {
                    tracing::warn!(%error, "processing failed; trying again");
                    self.forget();
                    tokio::time::sleep(RETRY).await;
                }
                result => return result,
            }
        }
    }

    /// Processes for ever, telling how far it is. Drop the future to stop: a stretch is applied whole or not at all.
    pub async fn run(&self, progress: &watch::Sender<Progress>) {
        let mut news = self.stream.news();
        loop {
            match self.catch_up(progress).await {
                Ok(()) => {
                    tokio::time::sleep(self.gather).await;
                    if news.changed().await.is_err() {
                        return;
                    }
                }
                Err(error) => {
                    match error {
                        ProcessError::Store(StoreError::Conflict) => {
                            tracing::info!("another processor has written to the same games; taking up what it left");
                        }
                        error => tracing::error!(%error, "processing failed; trying again"),
                    }
                    self.forget();
                    tokio::time::sleep(RETRY).await;
                }
            }
        }
    }

    /// Processes all that is on the stream now.
    ///
    /// # Errors
    /// Where the stream or the store fails; what was applied until then stays.
    pub async fn catch_up(&self, progress: &watch::Sender<Progress>) -> Result<(), ProcessError> {
        progress.send_modify(Progress::fall_behind);
        let mut rows = self.store.shards().await?;
        let mut has_more = true;
        while has_more {
            has_more = false;
            let shards = self.stream.shards().await?;
            for shard in &shards {
                // A game's records move to another shard where its own is split or merged: first what came before.
                let is_done = |parent: &ShardId| rows.get(parent).is_some_and(ShardRow::is_done);
                let is_listed = |parent: &ShardId| shards.iter().any(|shard| shard.id == *parent);
                if self.holds(&shard.id) && shard.parents.iter().all(|parent| is_done(parent) || !is_listed(parent)) {
                    has_more |= self.advance(&shard.id, &mut rows).await?;
                }
            }
        }
        progress.send_replace(Progress::CaughtUp);
        Ok(())
    }

    fn holds(&self, shard: &ShardId) -> bool {
        self.held.as_ref().is_none_or(|held| held.borrow().contains(shard))
    }

    /// Processes the next stretch of a shard; gives whether there is more.
    async fn advance(&self, shard: &ShardId, rows: &mut BTreeMap<ShardId, ShardRow>) -> Result<bool, ProcessError> {
        let before = rows.get(shard).cloned();
        let after = match before.as_ref().map(|row| &row.checkpoint) {
            Some(Checkpoint::Ended) => return Ok(false),
            Some(Checkpoint::At(position)) => Some(position.clone()),
            None => None,
        };
        let Stretch { records, then } = self.read(shard, after).await?;
        let checkpoint = match (then, records.last()) {
            (Then::End, _) => Checkpoint::Ended,
            (Then::More | Then::Wait, Some(last)) => Checkpoint::At(last.position.clone()),
            (Then::More | Then::Wait, None) => return Ok(then == Then::More),
        };
        let row = self.process_from(before, shard, records, checkpoint).await?;
        rows.insert(shard.clone(), row);
        Ok(then != Then::Wait)
    }

    /// The next stretch of a shard: one answer of the stream, or, where records are gathered, all that there is.
    async fn read(&self, shard: &ShardId, after: Option<Position>) -> Result<Stretch, StreamError> {
        if self.gather.is_zero() {
            return self.stream.read(shard, after, STRETCH).await;
        }
        let mut gathered = self.stream.read(shard, after.clone(), GATHERED).await?;
        while gathered.then == Then::More && gathered.records.len() < GATHERED {
            let last = gathered.records.last().map(|record| record.position.clone()).or(after.clone());
            let more = self.stream.read(shard, last, GATHERED - gathered.records.len()).await?;
            gathered.records.extend(more.records);
            gathered.then = more.then;
        }
        Ok(gathered)
    }

    /// Processes records of a shard that follow those that were processed before, and writes down how far that is. Those
    /// that are brought again are not counted again.
    ///
    /// # Errors
    /// Where the tables fail, or another processor has changed them in between: then it can be tried again.
    pub async fn process(
        &self,
        shard: &ShardId,
        records: Vec<Stored>,
        checkpoint: Checkpoint,
    ) -> Result<(), ProcessError> {
        let before = self.store.shards().await?.remove(shard);
        self.process_from(before, shard, records, checkpoint).await?;
        Ok(())
    }

    /// The same from the shard's row on, if it has one; gives the row as it is then.
    async fn process_from(
        &self,
        before: Option<ShardRow>,
        shard: &ShardId,
        records: Vec<Stored>,
        checkpoint: Checkpoint,
    ) -> Result<ShardRow, ProcessError> {
        let Draft { mut works, rulings, dead_letters, passed, .. } =
            self.draft(before.as_ref(), shard, records).await?;
        let players = self.players_after(&works, rulings).await?;
        let games = works.values_mut().filter_map(Work::change).collect();
        let checkpoint = match before {
            Some(row) => row.checkpoint.max(checkpoint),
            None => checkpoint,
        };
        let row = ShardRow { checkpoint, passed };
        self.store.apply(Changes { games, players, dead_letters }, shard, row.clone()).await?;
        for (game, work) in works {
            self.rows.insert(game, work.row);
        }
        Ok(row)
    }

    /// What records change that come after the shard's row, or again.
    async fn draft(
        &self,
        before: Option<&ShardRow>,
        shard: &ShardId,
        records: Vec<Stored>,
    ) -> Result<Draft, ProcessError> {
        let records: Vec<_> = records.into_iter().map(|stored| (stored.position, parse(&stored.bytes))).collect();
        let mut draft = Draft { passed: before.map(|row| row.passed).unwrap_or_default(), ..Draft::default() };
        self.load_all(records.iter().filter_map(|(_, record)| record.as_ref().ok()), &mut draft.works).await?;
        for (position, record) in records {
            let passed = draft.passed;
            let taken = match record {
                Ok(record) => self.take(record, &mut draft).await?,
                Err(reason) => Err(reason),
            };
            // What comes again changes nothing, in the count as well.
            if before.is_some_and(|row| row.checkpoint.covers(&position)) {
                draft.passed = passed;
            }
            if let Err(reason) = taken {
                let place = Place { shard: shard.clone(), position };
                tracing::warn!(%place, reason, "a record was set aside");
                metrics::counter!("alien_dead_letters_total").increment(1);
                draft.dead_letters.push(DeadLetter { place, reason });
            }
        }
        Ok(draft)
    }

    /// Takes one record into the works of its game; the inner error says why it can never be processed.
    async fn take(&self, record: Record, draft: &mut Draft) -> Result<Result<(), String>, ProcessError> {
        match record {
            Record::Opened(opened) => {
                draft.works.entry(opened.game).or_insert_with(|| Work::new(*opened));
            }
            Record::Ruled(ruling) => draft.rulings.push(ruling),
            Record::Events { game, received_at, batch, .. } => {
                return self.play(game, received_at, &batch, draft).await;
            }
        }
        Ok(Ok(()))
    }

    /// Plays events on.
    async fn play(
        &self,
        game: GameId,
        received_at: Timestamp,
        batch: &Batch,
        Draft { works, sessions, passed, .. }: &mut Draft,
    ) -> Result<Result<(), String>, ProcessError> {
        if works.get(&game).is_some_and(|work| work.is_remembered && batch.first_seq > work.row.next_seq) {
            works.remove(&game);
            self.rows.remove(&game);
            works.extend(self.load(game).await?);
        }
        let Some(work) = works.get_mut(&game) else {
            return Ok(Err(format!("game {game} was never opened")));
        };
        if batch.first_seq > work.row.next_seq {
            let (due, got) = (work.row.next_seq.0, batch.first_seq.0);
            return Ok(Err(format!("game {game}: event {due} is due, and this begins at {got}")));
        }
        let acknowledged =
            if batch.first_seq < work.row.next_seq { Some(self.acknowledged(game, work).await?) } else { None };
        let before = (work.row.next_seq, work.row.verdict);
        verifier::verify(&mut work.row, &mut work.played, acknowledged.as_ref(), received_at, batch);
        // What comes again brings nothing, and so nothing that came in between.
        let is_new = before != (work.row.next_seq, work.row.verdict);
        if is_new && self.counts(work.row.opened.session, received_at, sessions).await? {
            work.row.counted = work.row.all();
        }
        count(passed, before.1, &work.row, received_at, batch.events.len());
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

    /// Loads the games that records are of, many at once, as far as they are known.
    async fn load_all(
        &self,
        records: impl Iterator<Item = &Record>,
        works: &mut BTreeMap<GameId, Work>,
    ) -> Result<(), StoreError> {
        let games: BTreeSet<GameId> = records.filter_map(Record::game).collect();
        let loads = games.into_iter().map(|game| self.load(game));
        let found: Vec<_> = stream::iter(loads).buffer_unordered(LOADS).try_collect().await?;
        works.extend(found.into_iter().flatten());
        Ok(())
    }

    /// A game as it is known.
    async fn load(&self, game: GameId) -> Result<Option<(GameId, Work)>, StoreError> {
        let remembered = self.rows.get(&game);
        let is_remembered = remembered.is_some();
        let row = match remembered {
            Some(row) => Some(row),
            None => self.store.game(game).await?,
        };
        Ok(row.map(|row| {
            let from = Some((row.next_seq, row.verdict));
            (game, Work { row, from, played: Vec::new(), is_remembered })
        }))
    }

    /// The buttons that were acknowledged so far.
    async fn acknowledged(&self, game: GameId, work: &Work) -> Result<ButtonLog, StoreError> {
        let mut log = self.store.buttons(game).await?;
        for (_, played) in &work.played {
            log.append(played);
        }
        Ok(log)
    }

    /// The players whose places the works and the rulings change.
    async fn players_after(
        &self,
        works: &BTreeMap<GameId, Work>,
        rulings: Vec<Ruling>,
    ) -> Result<Vec<PlayerChange>, StoreError> {
        let played = works.values().map(|work| work.row.opened.entrant());
        let touched: BTreeSet<Entrant> = played.chain(rulings.iter().map(Ruling::entrant)).collect();
        let mut rows: BTreeMap<Entrant, PlayerRow> =
            self.store.players_of(touched.into_iter().collect()).await?.into_iter().collect();
        for ruling in rulings {
            let entrant = ruling.entrant();
            let row = rows.entry(entrant).or_default();
            if row.rule(ruling) {
                row.place(best_run::among(self.games_of(entrant, works).await?));
            }
        }
        for work in works.values() {
            let entrant = work.row.opened.entrant();
            let row = rows.entry(entrant).or_default();
            row.note(&work.row.opened);
            match best_run::after(row.standing.as_ref(), &work.row) {
                best_run::Best::Unchanged => {}
                best_run::Best::This => row.place(Some(work.row.standing())),
                best_run::Best::AmongAll => row.place(best_run::among(self.games_of(entrant, works).await?)),
            }
        }
        let changed = |(entrant, row): (Entrant, PlayerRow)| PlayerChange {
            entrant,
            row: PlayerRow { version: row.version + 1, ..row },
        };
        Ok(rows.into_iter().map(changed).collect())
    }

    /// All games of a player in a session, as this stretch leaves them.
    async fn games_of(&self, entrant: Entrant, works: &BTreeMap<GameId, Work>) -> Result<Vec<GameRow>, StoreError> {
        let stored = self.store.player_games(entrant.player, usize::MAX).await?;
        let untouched = stored.into_iter().filter(|row| !works.contains_key(&row.opened.game));
        let worked = works.values().map(|work| work.row.clone());
        Ok(untouched.chain(worked).filter(|row| row.opened.entrant() == entrant).collect())
    }
}

/// A record, or why it is none.
fn parse(bytes: &[u8]) -> Result<Record, String> {
    serde_json::from_slice(bytes).map_err(|error| format!("not a record: {error}"))
}

impl Work {
    fn new(opened: Opened) -> Work {
        let game = shared::rules::Game::new(opened.tuning.clone(), opened.seed);
        let row = GameRow {
            version: 0,
            next_seq: Seq(0),
            state: game.state().clone(),
            verdict: Verdict::Live,
            counted: Counted::of(game.state(), Verdict::Live, opened.opened_at),
            updated_at: opened.opened_at,
            opened,
        };
        Work { row, from: None, played: Vec::new(), is_remembered: false }
    }

    /// What has changed, as its row's next version; nothing where all of it came before.
    fn change(&mut self) -> Option<GameChange> {
        if self.from == Some((self.row.next_seq, self.row.verdict)) {
            return None;
        }
        self.row.version += 1;
        Some(GameChange { row: self.row.clone(), played: std::mem::take(&mut self.played) })
    }
}

fn count(passed: &mut Passed, before: Verdict, row: &GameRow, received_at: Timestamp, events: usize) {
    let at = clock::now();
    let lag_millis = at.millis_since(received_at);
    *passed = Passed { events: passed.events + events as u64, lag_millis, at, ..*passed };
    metrics::counter!("alien_events_processed_total").increment(events as u64);
    metrics::histogram!("alien_lag_seconds").record(lag_millis as f64 / 1000.0);
    if let Verdict::Rejected { reason } = row.verdict
        && row.verdict != before
    {
        tracing::warn!(game = %row.opened.game, %reason, "a game was rejected");
        passed.rejected += 1;
        metrics::counter!("alien_games_rejected_total", "reason" => verifier::label(reason)).increment(1);
    }
}
