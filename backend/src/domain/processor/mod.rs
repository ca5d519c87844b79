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
    record::{ModerationAction, Record, TicketIssued},
    replay::ButtonLog,
    session::{Participant, SessionId},
    time::{Tick, Timestamp},
    verdict::Verdict,
};
use tokio::sync::watch;

pub use self::leases::Leases;
use crate::{
    clock,
    engine::{
        Engines,
        registry::{Registry, RegistryError, Session},
        store::{
            Changes, CountedResult, DeadLetter, GameChange, GameRow, PlayerChange, PlayerRow, ShardProgress, ShardRow,
            Store, StoreError,
        },
        stream::{
            Checkpoint, ExtendedSequenceNumber, ReadStatus, RecordBatch, RecordPosition, ShardId, StoredRecord, Stream,
            StreamError,
        },
    },
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
    flush_interval: Duration,
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
struct GameUpdate {
    row: GameRow,
    from: Option<(Seq, Verdict)>,
    played: Vec<(Tick, ButtonLog)>,
    /// Whether the row was kept in memory: another processor may have written to it since.
    is_remembered: bool,
}

/// What a stretch of the stream changes, in the making.
#[derive(Default)]
struct PendingChanges {
    updates: BTreeMap<GameId, GameUpdate>,
    moderation_actions: Vec<ModerationAction>,
    /// Records that can never be processed.
    dead_letters: Vec<DeadLetter>,
    /// What has passed of the shard so far.
    progress: ShardProgress,
    /// Sessions as they were read for it.
    sessions: HashMap<SessionId, Option<Session>>,
}

impl Processor {
    /// A processor that goes on from the store's checkpoint.
    pub fn new(engines: &Engines) -> Processor {
        let Engines { stream, store, registry } = engines.clone();
        let rows = Cache::new(CACHED_ROWS);
        Processor { stream, store, registry, rows, held: None, flush_interval: Duration::ZERO }
    }

    /// The same with records left to gather for so long.
    pub fn with_flush_interval(self, flush_interval: Duration) -> Processor {
        Processor { flush_interval, ..self }
    }

    /// The same for the shards alone that it holds leases of.
    pub fn with_leases(self, leases: &Leases) -> Processor {
        Processor { held: Some(leases.held()), ..self }
    }

    /// Forgets what it knows of the tables: another processor may have written to them.
    pub fn clear_cache(&self) {
        self.rows.clear();
    }

    /// Processes for ever, telling how far it is. Drop the future to stop: a stretch is applied whole or not at all.
    pub async fn run(&self, progress: &watch::Sender<Progress>) {
        let mut news = self.stream.subscribe();
        loop {
            match self.catch_up(progress).await {
                Ok(()) => {
                    tokio::time::sleep(self.flush_interval).await;
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
                    self.clear_cache();
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
        let RecordBatch { records, status } = self.read(shard, after).await?;
        let checkpoint = match (status, records.last()) {
            (ReadStatus::ShardEnd, _) => Checkpoint::Ended,
            (ReadStatus::More | ReadStatus::CaughtUp, Some(last)) => Checkpoint::At(last.sequence_number.clone()),
            (ReadStatus::More | ReadStatus::CaughtUp, None) => return Ok(status == ReadStatus::More),
        };
        let row = self.process_from(before, shard, records, checkpoint).await?;
        rows.insert(shard.clone(), row);
        Ok(status != ReadStatus::CaughtUp)
    }

    /// The next stretch of a shard: one answer of the stream, or, where records are gathered, all that there is.
    async fn read(&self, shard: &ShardId, after: Option<ExtendedSequenceNumber>) -> Result<RecordBatch, StreamError> {
        if self.flush_interval.is_zero() {
            return self.stream.read(shard, after, STRETCH).await;
        }
        let mut gathered = self.stream.read(shard, after.clone(), GATHERED).await?;
        while gathered.status == ReadStatus::More && gathered.records.len() < GATHERED {
            let last = gathered.records.last().map(|record| record.sequence_number.clone()).or(after.clone());
            let more = self.stream.read(shard, last, GATHERED - gathered.records.len()).await?;
            gathered.records.extend(more.records);
            gathered.status = more.status;
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
        records: Vec<StoredRecord>,
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
        records: Vec<StoredRecord>,
        checkpoint: Checkpoint,
    ) -> Result<ShardRow, ProcessError> {
        let PendingChanges { mut updates, moderation_actions, dead_letters, progress, .. } =
            self.pending(before.as_ref(), shard, records).await?;
        let players = self.players_after(&updates, moderation_actions).await?;
        let games = updates.values_mut().filter_map(GameUpdate::change).collect();
        let checkpoint = match before {
            Some(row) => row.checkpoint.max(checkpoint),
            None => checkpoint,
        };
        let row = ShardRow { checkpoint, progress };
        self.store.apply(Changes { games, players, dead_letters }, shard, row.clone()).await?;
        for (game, update) in updates {
            self.rows.insert(game, update.row);
        }
        Ok(row)
    }

    /// What records change that come after the shard's row, or again.
    async fn pending(
        &self,
        before: Option<&ShardRow>,
        shard: &ShardId,
        records: Vec<StoredRecord>,
    ) -> Result<PendingChanges, ProcessError> {
        let records: Vec<_> =
            records.into_iter().map(|stored| (stored.sequence_number, parse(&stored.bytes))).collect();
        let mut pending = PendingChanges {
            progress: before.map(|row| row.progress).unwrap_or_default(),
            ..PendingChanges::default()
        };
        self.load_all(records.iter().filter_map(|(_, record)| record.as_ref().ok()), &mut pending.updates).await?;
        for (sequence_number, record) in records {
            let progress = pending.progress;
            let taken = match record {
                Ok(record) => self.take(record, &mut pending).await?,
                Err(reason) => Err(reason),
            };
            // What comes again changes nothing, in the count as well.
            if before.is_some_and(|row| row.checkpoint.covers(&sequence_number)) {
                pending.progress = progress;
            }
            if let Err(reason) = taken {
                let position = RecordPosition { shard: shard.clone(), sequence_number };
                tracing::warn!(%position, reason, "a record was set aside");
                metrics::counter!("alien_dead_letters_total").increment(1);
                pending.dead_letters.push(DeadLetter { position, reason });
            }
        }
        Ok(pending)
    }

    /// Takes one record into the works of its game; the inner error says why it can never be processed.
    async fn take(&self, record: Record, pending: &mut PendingChanges) -> Result<Result<(), String>, ProcessError> {
        match record {
            Record::TicketIssued(opened) => {
                pending.updates.entry(opened.game).or_insert_with(|| GameUpdate::new(*opened));
            }
            Record::Moderated(action) => pending.moderation_actions.push(action),
            Record::Events { game, received_at, batch, .. } => {
                return self.play(game, received_at, &batch, pending).await;
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
        PendingChanges { updates, sessions, progress, .. }: &mut PendingChanges,
    ) -> Result<Result<(), String>, ProcessError> {
        if updates.get(&game).is_some_and(|update| update.is_remembered && batch.first_seq > update.row.next_seq) {
            updates.remove(&game);
            self.rows.remove(&game);
            updates.extend(self.load(game).await?);
        }
        let Some(update) = updates.get_mut(&game) else {
            return Ok(Err(format!("game {game} was never opened")));
        };
        if batch.first_seq > update.row.next_seq {
            let (due, got) = (update.row.next_seq.0, batch.first_seq.0);
            return Ok(Err(format!("game {game}: event {due} is due, and this begins at {got}")));
        }
        let acknowledged =
            if batch.first_seq < update.row.next_seq { Some(self.acknowledged(game, update).await?) } else { None };
        let before = (update.row.next_seq, update.row.verdict);
        verifier::verify(&mut update.row, &mut update.played, acknowledged.as_ref(), received_at, batch);
        // What comes again brings nothing, and so nothing that came in between.
        let is_new = before != (update.row.next_seq, update.row.verdict);
        if is_new && self.counts(update.row.ticket.session, received_at, sessions).await? {
            update.row.counted = update.row.full_result();
        }
        count(progress, before.1, &update.row, received_at, batch.events.len());
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
        updates: &mut BTreeMap<GameId, GameUpdate>,
    ) -> Result<(), StoreError> {
        let games: BTreeSet<GameId> = records.filter_map(Record::game).collect();
        let loads = games.into_iter().map(|game| self.load(game));
        let found: Vec<_> = stream::iter(loads).buffer_unordered(LOADS).try_collect().await?;
        updates.extend(found.into_iter().flatten());
        Ok(())
    }

    /// A game as it is known.
    async fn load(&self, game: GameId) -> Result<Option<(GameId, GameUpdate)>, StoreError> {
        let remembered = self.rows.get(&game);
        let is_remembered = remembered.is_some();
        let row = match remembered {
            Some(row) => Some(row),
            None => self.store.game(game).await?,
        };
        Ok(row.map(|row| {
            let from = Some((row.next_seq, row.verdict));
            (game, GameUpdate { row, from, played: Vec::new(), is_remembered })
        }))
    }

    /// The buttons that were acknowledged so far.
    async fn acknowledged(&self, game: GameId, update: &GameUpdate) -> Result<ButtonLog, StoreError> {
        let mut log = self.store.buttons(game).await?;
        for (_, played) in &update.played {
            log.append(played);
        }
        Ok(log)
    }

    /// The players whose places the works and the rulings change.
    async fn players_after(
        &self,
        updates: &BTreeMap<GameId, GameUpdate>,
        moderation_actions: Vec<ModerationAction>,
    ) -> Result<Vec<PlayerChange>, StoreError> {
        let played = updates.values().map(|update| update.row.ticket.participant());
        let touched: BTreeSet<Participant> =
            played.chain(moderation_actions.iter().map(ModerationAction::participant)).collect();
        let mut rows: BTreeMap<Participant, PlayerRow> =
            self.store.players_of(touched.into_iter().collect()).await?.into_iter().collect();
        for action in moderation_actions {
            let participant = action.participant();
            let row = rows.entry(participant).or_default();
            if row.moderate(action) {
                row.set_best(best_run::among(self.games_of(participant, updates).await?));
            }
        }
        for update in updates.values() {
            let participant = update.row.ticket.participant();
            let row = rows.entry(participant).or_default();
            row.note_game(&update.row.ticket);
            match best_run::after(row.standing.as_ref(), &update.row) {
                best_run::Best::Unchanged => {}
                best_run::Best::This => row.set_best(Some(update.row.standing())),
                best_run::Best::AmongAll => row.set_best(best_run::among(self.games_of(participant, updates).await?)),
            }
        }
        let changed = |(participant, row): (Participant, PlayerRow)| PlayerChange {
            participant,
            row: PlayerRow { version: row.version + 1, ..row },
        };
        Ok(rows.into_iter().map(changed).collect())
    }

    /// All games of a player in a session, as this stretch leaves them.
    async fn games_of(
        &self,
        participant: Participant,
        updates: &BTreeMap<GameId, GameUpdate>,
    ) -> Result<Vec<GameRow>, StoreError> {
        let stored = self.store.player_games(participant.player, usize::MAX).await?;
        let untouched = stored.into_iter().filter(|row| !updates.contains_key(&row.ticket.game));
        let worked = updates.values().map(|update| update.row.clone());
        Ok(untouched.chain(worked).filter(|row| row.ticket.participant() == participant).collect())
    }
}

/// A record, or why it is none.
fn parse(bytes: &[u8]) -> Result<Record, String> {
    serde_json::from_slice(bytes).map_err(|error| format!("not a record: {error}"))
}

impl GameUpdate {
    fn new(ticket: TicketIssued) -> GameUpdate {
        let game = shared::rules::Game::new(ticket.tuning.clone(), ticket.seed);
        let row = GameRow {
            version: 0,
            next_seq: Seq(0),
            state: game.state().clone(),
            verdict: Verdict::Live,
            counted: CountedResult::of(game.state(), Verdict::Live, ticket.started_at),
            updated_at: ticket.started_at,
            ticket,
        };
        GameUpdate { row, from: None, played: Vec::new(), is_remembered: false }
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

fn count(progress: &mut ShardProgress, before: Verdict, row: &GameRow, received_at: Timestamp, events: usize) {
    let at = clock::now();
    let lag_millis = at.millis_since(received_at);
    *progress = ShardProgress { events: progress.events + events as u64, lag_millis, at, ..*progress };
    metrics::counter!("alien_events_processed_total").increment(events as u64);
    metrics::histogram!("alien_lag_seconds").record(lag_millis as f64 / 1000.0);
    if let Verdict::Rejected { reason } = row.verdict
        && row.verdict != before
    {
        tracing::warn!(game = %row.ticket.game, %reason, "a game was rejected");
        progress.rejected += 1;
        metrics::counter!("alien_games_rejected_total", "reason" => verifier::label(reason)).increment(1);
    }
}
