//! The changes that a batch of records makes, before they are written to the store.

use std::collections::{BTreeMap, BTreeSet};

use shared::{
    event::Batch,
    ids::{GameId, Seq},
    record::{ModerationAction, Record},
    time::Timestamp,
    verdict::Verdict,
};

use super::{
    ProcessError, counting_sessions::CountingSessions, decode::DecodedRecord, game_rows::GameRows,
    game_update::GameUpdate, verifier,
};
use crate::{
    clock,
    engine::{
        registry::Registry,
        store::{DeadLetter, GameRow, ShardProgress, ShardRow},
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

/// The pending changes of one batch of records.
pub struct PendingChanges<'a> {
    rows: &'a GameRows,
    sessions: CountingSessions<'a>,
    /// Updates of games, including games that did not change.
    pub updates: BTreeMap<GameId, GameUpdate>,
    /// Moderation actions in the order of the stream.
    pub moderation_actions: Vec<ModerationAction>,
    /// Records that can never be processed.
    pub dead_letters: Vec<DeadLetter>,
    /// The shard's progress after these records.
    pub progress: ShardProgress,
}

impl<'a> PendingChanges<'a> {
    /// Creates an empty set of changes on top of a shard's progress.
    pub fn new(rows: &'a GameRows, registry: &'a dyn Registry, progress: ShardProgress) -> PendingChanges<'a> {
        PendingChanges {
            rows,
            sessions: CountingSessions::new(registry),
            updates: BTreeMap::new(),
            moderation_actions: Vec::new(),
            dead_letters: Vec::new(),
            progress,
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

    async fn add_record(&mut self, record: serde_json::Result<Record>) -> Result<(), RecordError> {
        match record? {
            Record::TicketIssued(ticket) => {
                self.updates.entry(ticket.game).or_insert_with(|| GameUpdate::new(*ticket));
            }
            Record::Moderated(action) => self.moderation_actions.push(action),
            // The replay decides on games of these rules.
            Record::GameEnded(_) => {}
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
        let acknowledged = match batch.first_seq < next_seq {
            true => Some(self.rows.buttons(update).await.map_err(ProcessError::from)?),
            false => None,
        };
        let verdict = update.row.verdict;
        let has_changed = update.replay(acknowledged.as_ref(), received_at, batch);
        let session = update.row.ticket.session;
        // A repeated batch brings no new events, so its time does not count.
        if has_changed && self.sessions.count(session, received_at).await.map_err(ProcessError::from)? {
            update.row.counted = update.row.full_result();
        }
        record_progress(&mut self.progress, received_at, batch.events.len());
        if update.row.verdict != verdict {
            record_verdict(&mut self.progress, &update.row);
        }
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

fn record_progress(progress: &mut ShardProgress, received_at: Timestamp, events: usize) {
    let at = clock::now();
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
