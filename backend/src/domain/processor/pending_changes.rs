//! The changes that a batch of records makes, before they are written to the store.

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use shared::{
    event::Batch,
    ids::{GameId, Seq},
    record::{GameEnded, GameMarked, GameModeration, ModerationAction, Record},
    session::{Participant, SessionId},
    time::{Tick, Timestamp},
    verdict::Verdict,
};

use super::{
    ProcessError, counting::CountingSessions, decode::DecodedRecord, game_rows::GameRows, game_update::GameUpdate,
    verifier,
};
use crate::{
    clock::Clock,
    engine::{
        registry::Registry,
        store::{DeadLetter, FingerprintHolder, GameFingerprint, GameRow, PlayerRow, ShardProgress, ShardRow},
        stream::{RecordPosition, ShardId},
    },
};

/// Why a record changes nothing.
#[derive(Debug, thiserror::Error)]
enum RecordError {
    /// The bytes are not a record.
    #[error("not a record: {0}")]
    Malformed(#[from] serde_json::Error),
    /// The game's ticket is not on the stream before its events.
    #[error("no ticket was issued for game {0}")]
    NoTicket(GameId),
    /// Events before these are missing.
    #[error("game {game}: the next event is {expected}, but the batch begins with event {first}")]
    Gap { game: GameId, expected: u32, first: u32 },
    /// The record may be processed later, when the engines work again.
    #[error(transparent)]
    Process(#[from] ProcessError),
}

/// The number of games that a player can play at once in open play, for example in several tabs.
const GAMES_AT_ONCE_IN_OPEN_PLAY: usize = 3;

/// The pending changes of one batch of records.
pub struct PendingChanges<'a> {
    rows: &'a GameRows,
    sessions: CountingSessions<'a>,
    /// Updates of games, including games that did not change.
    pub updates: BTreeMap<GameId, GameUpdate>,
    /// The rows of all players of these records, as they were before, with the games that these records show as played.
    pub players: BTreeMap<Participant, PlayerRow>,
    /// Moderation actions in the order of the stream.
    pub moderation_actions: Vec<ModerationAction>,
    /// Records that can never be processed.
    pub dead_letters: Vec<DeadLetter>,
    /// The shard's progress after these records.
    pub progress: ShardProgress,
    /// Games whose end is not on the stream.
    pub ended: BTreeSet<GameId>,
    /// Games whose end these records have.
    pub read_ends: Vec<GameId>,
    /// New fingerprints of games of sessions whose games share a seed.
    pub fingerprints: Vec<GameFingerprint>,
    clock: &'a Clock,
}

impl<'a> PendingChanges<'a> {
    /// Creates an empty set of changes on top of a shard's progress. `ended` has the games whose end is not on the stream.
    pub fn new(
        rows: &'a GameRows,
        registry: &'a dyn Registry,
        progress: ShardProgress,
        ended: BTreeSet<GameId>,
        clock: &'a Clock,
    ) -> PendingChanges<'a> {
        PendingChanges {
            rows,
            sessions: CountingSessions::new(registry),
            updates: BTreeMap::new(),
            players: BTreeMap::new(),
            moderation_actions: Vec::new(),
            dead_letters: Vec::new(),
            progress,
            ended,
            read_ends: Vec::new(),
            fingerprints: Vec::new(),
            clock,
        }
    }

    /// Adds records of a shard. `before` is the shard's row before them. Records up to its checkpoint are processed again
    /// without being counted again.
    ///
    /// # Errors
    /// If an engine fails.
    pub async fn add(
        &mut self,
        shard: &ShardId,
        before: Option<&ShardRow>,
        records: Vec<DecodedRecord>,
    ) -> Result<(), ProcessError> {
        let games: BTreeSet<GameId> =
            records.iter().filter_map(|decoded| decoded.record.as_ref().ok().and_then(Record::game)).collect();
        self.updates.extend(self.rows.read_all(games).await?);
        self.players.extend(self.rows.read_players(self.participants(&records)).await?);
        for DecodedRecord { sequence_number, record } in records {
            let progress = self.progress;
            let added = self.add_record(record).await;
            if before.is_some_and(|row| row.checkpoint.covers(&sequence_number)) {
                self.progress = progress;
            }
            match added {
                Ok(()) => {}
                Err(RecordError::Process(error)) => return Err(error),
                Err(error) => self.add_dead_letter(RecordPosition { shard: shard.clone(), sequence_number }, &error),
            }
        }
        Ok(())
    }

    /// The players of these records and of the games that were read.
    fn participants(&self, records: &[DecodedRecord]) -> BTreeSet<Participant> {
        let of_records = records.iter().filter_map(|decoded| match &decoded.record {
            Ok(Record::TicketIssued(ticket)) => Some(ticket.participant()),
            Ok(Record::Moderated(action)) => Some(action.participant()),
            Ok(Record::Events { .. } | Record::GameEnded(_) | Record::GameModerated(_) | Record::GameMarked(_))
            | Err(_) => None,
        });
        of_records.chain(self.updates.values().map(|update| update.row.ticket.participant())).collect()
    }

    async fn add_record(&mut self, record: serde_json::Result<Record>) -> Result<(), RecordError> {
        match record? {
            Record::TicketIssued(ticket) => match self.updates.entry(ticket.game) {
                Entry::Vacant(unknown) => {
                    unknown.insert(GameUpdate::new(*ticket, self.rows.rules_version()));
                }
                Entry::Occupied(known) => known.into_mut().reissue(&ticket),
            },
            Record::Moderated(action) => self.moderation_actions.push(action),
            Record::GameEnded(end) => self.add_end(&end)?,
            Record::GameModerated(moderation) => self.moderate_game(*moderation)?,
            Record::GameMarked(mark) => self.mark_game(&mark)?,
            Record::Events { game, received_at, batch, .. } => self.add_events(game, received_at, &batch).await?,
        }
        Ok(())
    }

    fn add_dead_letter(&mut self, position: RecordPosition, error: &RecordError) {
        let reason = error.to_string();
        tracing::warn!(%position, reason, "a record cannot be processed; it is now a dead letter");
        metrics::counter!("alien_dead_letters_total").increment(1);
        self.dead_letters.push(DeadLetter { position, reason });
    }

    async fn add_events(&mut self, game: GameId, received_at: Timestamp, batch: &Batch) -> Result<(), RecordError> {
        self.reread_if_outdated(game, batch.first_seq).await?;
        let update = self.updates.get_mut(&game).ok_or(RecordError::NoTicket(game))?;
        let next_seq = update.row.next_seq;
        if batch.first_seq > next_seq {
            return Err(RecordError::Gap { game, expected: next_seq.0, first: batch.first_seq.0 });
        }
        if update.row.recorded.is_some() {
            update.pass_over(batch);
            if update.row.has_unrecorded_result() {
                self.ended.insert(game);
            }
            record_progress(&mut self.progress, received_at, self.clock.now(), batch.events.len());
            return Ok(());
        }
        let acknowledged = match batch.first_seq < next_seq {
            true => Some(self.rows.buttons(update).await.map_err(ProcessError::from)?),
            false => None,
        };
        let GameRow { verdict, ref ticket, .. } = update.row;
        let started_at = update.row.started_at();
        let participant = ticket.participant();
        let Participant { session, player } = participant;
        if self.sessions.share_seed(session).await.map_err(ProcessError::from)? {
            update.row.window.get_or_insert_default();
        }
        let player_row = self.players.entry(participant).or_default();
        let at_once = if session == SessionId::OPEN_PLAY { GAMES_AT_ONCE_IN_OPEN_PLAY } else { 1 };
        let limit = self.sessions.limit(ticket, started_at).await.map_err(ProcessError::from)?;
        let limit = limit.before(player_row.replaced_at(started_at, game, at_once));
        let found = update.replay(acknowledged.as_ref(), limit, received_at, batch);
        let holder = FingerprintHolder { received_at, game, player };
        self.fingerprints.extend(found.into_iter().map(|fingerprint| GameFingerprint { session, fingerprint, holder }));
        if update.row.tick() > Tick::ZERO {
            player_row.note_played(started_at, game);
        }
        record_progress(&mut self.progress, received_at, self.clock.now(), batch.events.len());
        if update.row.verdict != verdict {
            record_verdict(&mut self.progress, &update.row);
            self.ended.insert(game);
        }
        Ok(())
    }

    fn moderate_game(&mut self, moderation: GameModeration) -> Result<(), RecordError> {
        let game = moderation.game;
        self.updates.get_mut(&game).ok_or(RecordError::NoTicket(game))?.row.moderate(moderation);
        Ok(())
    }

    fn mark_game(&mut self, mark: &GameMarked) -> Result<(), RecordError> {
        self.updates.get_mut(&mark.game).ok_or(RecordError::NoTicket(mark.game))?.row.mark_copy(mark);
        Ok(())
    }

    /// Takes the result of a game that is not replayed from the record of its end. Of a game that is replayed, it only notes
    /// that the stream has its end.
    fn add_end(&mut self, end: &GameEnded) -> Result<(), RecordError> {
        let update = self.updates.get_mut(&end.game).ok_or(RecordError::NoTicket(end.game))?;
        let verdict = update.row.verdict;
        update.row.record_end(end);
        if update.row.verdict != verdict {
            record_verdict(&mut self.progress, &update.row);
        }
        // Events after the end change nothing but the verdict.
        if end.full.verdict == update.row.verdict {
            self.ended.remove(&end.game);
        }
        self.read_ends.push(end.game);
        Ok(())
    }

    /// Reads a cached game again if events are missing from it: another processor may have processed them.
    async fn reread_if_outdated(&mut self, game: GameId, first_seq: Seq) -> Result<(), ProcessError> {
        if self.updates.get(&game).is_some_and(|update| update.is_cached && first_seq > update.row.next_seq) {
            self.updates.remove(&game);
            let update = self.rows.read_uncached(game).await?;
            self.updates.extend(update.map(|update| (game, update)));
        }
        Ok(())
    }
}

fn record_progress(progress: &mut ShardProgress, received_at: Timestamp, now: Timestamp, events: usize) {
    // The clock of the server that received the batch may be ahead.
    let at = now.max(received_at);
    let lag_millis = at.millis_since(received_at);
    *progress = ShardProgress { events: progress.events + events as u64, lag_millis, at, ..*progress };
    metrics::counter!("alien_events_processed_total").increment(events as u64);
    metrics::histogram!("alien_lag_seconds").record(lag_millis as f64 / 1000.0);
}

fn record_verdict(progress: &mut ShardProgress, row: &GameRow) {
    if let Verdict::Rejected { reason } = row.verdict {
        tracing::warn!(game = %row.ticket.game, %reason, "game rejected");
        progress.rejected += 1;
        metrics::counter!("alien_games_rejected_total", "reason" => verifier::label(reason)).increment(1);
    }
}
