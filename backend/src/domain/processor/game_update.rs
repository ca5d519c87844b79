//! The pending update of one game.

use shared::{
    event::Batch,
    fingerprint::Fingerprint,
    ids::Seq,
    record::TicketIssued,
    replay::ButtonLog,
    time::{Tick, Timestamp},
    verdict::Verdict,
};

use super::{counting::CountingLimit, verifier};
use crate::engine::store::{CopyMark, CountedResult, GameChange, GameRow, ResultSource};

/// The progress of a game: the next sequence number, the verdict, the start, the source of a result that is not
/// replayed, the time of the last decision of a manager, and the mark of a copy.
type GameProgress = (Seq, Verdict, Timestamp, Option<ResultSource>, Option<Timestamp>, Option<CopyMark>);

/// A game while a batch of records is processed: its row, and its progress in the store.
pub struct GameUpdate {
    pub row: GameRow,
    /// The progress of the stored row; `None` if the game is not stored yet.
    stored: Option<GameProgress>,
    /// Buttons that were played in this batch, each log with its first tick.
    played: Vec<(Tick, ButtonLog)>,
    /// Whether the row was cached. Another processor may have changed the stored row since.
    pub is_cached: bool,
}

impl GameUpdate {
    /// Creates a new game from its ticket, for a processor with these rules.
    pub fn new(ticket: TicketIssued, rules_version: u16) -> GameUpdate {
        let row = GameRow::new(ticket).for_rules(rules_version);
        GameUpdate { row, stored: None, played: Vec::new(), is_cached: false }
    }

    /// Starts from a stored row.
    pub fn from_row(row: GameRow, is_cached: bool) -> GameUpdate {
        let stored = Some(progress_of(&row));
        GameUpdate { row, stored, played: Vec::new(), is_cached }
    }

    /// Notes that the ticket was issued again. A game that has no ticks yet starts later, and the numbers of its events start
    /// again: the client of the new start does not know how many events the earlier one has sent.
    pub fn reissue(&mut self, ticket: &TicketIssued) {
        let row = &mut self.row;
        if row.recorded.is_none() && row.tick() == Tick::ZERO && ticket.started_at >= row.started_at() {
            row.next_seq = Seq(0);
            row.restarted_at = Some(ticket.started_at);
            row.updated_at = row.updated_at.max(ticket.started_at);
            row.counted = CountedResult::of(&row.state, row.verdict, ticket.started_at);
        }
    }

    /// Moves the next sequence number past a batch of a game of other rules, which this server does not replay.
    pub fn pass_over(&mut self, batch: &Batch) {
        self.row.next_seq = self.row.next_seq.max(batch.next_seq());
    }

    /// Replays a batch of events. `acknowledged` has the game's buttons so far; it is needed if the batch repeats events.
    /// Returns the fingerprints of the windows that the batch completes.
    pub fn replay(
        &mut self,
        acknowledged: Option<&ButtonLog>,
        limit: CountingLimit,
        received_at: Timestamp,
        batch: &Batch,
    ) -> Vec<Fingerprint> {
        verifier::verify(&mut self.row, &mut self.played, acknowledged, limit, received_at, batch)
    }

    /// Appends the buttons played in this batch to the stored ones.
    pub fn append_played(&self, log: &mut ButtonLog) {
        for (_, played) in &self.played {
            log.append(played);
        }
    }

    /// Returns the change to store, with the row's next version; `None` if nothing changed.
    pub fn take_change(&mut self) -> Option<GameChange> {
        if self.stored == Some(progress_of(&self.row)) {
            return None;
        }
        self.row.version += 1;
        Some(GameChange { row: self.row.clone(), played: std::mem::take(&mut self.played) })
    }
}

fn progress_of(row: &GameRow) -> GameProgress {
    let decided_at = row.moderation.as_ref().map(|moderation| moderation.decided_at);
    let source = row.recorded.map(|recorded| recorded.source);
    (row.next_seq, row.verdict, row.started_at(), source, decided_at, row.copy)
}
