//! The pending update of one game.

use shared::{
    event::Batch,
    ids::Seq,
    record::TicketIssued,
    replay::ButtonLog,
    rules::Game,
    time::{Tick, Timestamp},
    verdict::Verdict,
};

use super::verifier;
use crate::engine::store::{CountedResult, GameChange, GameRow};

/// The progress of a game: the next sequence number and the verdict.
type GameProgress = (Seq, Verdict);

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
    /// Creates a new game from its ticket.
    pub fn new(ticket: TicketIssued) -> GameUpdate {
        let game = Game::new(ticket.tuning.clone(), ticket.seed);
        let row = GameRow {
            version: 0,
            next_seq: Seq(0),
            state: game.state().clone(),
            verdict: Verdict::Live,
            counted: CountedResult::of(game.state(), Verdict::Live, ticket.started_at),
            updated_at: ticket.started_at,
            ticket,
        };
        GameUpdate { row, stored: None, played: Vec::new(), is_cached: false }
    }

    /// Starts from a stored row.
    pub fn from_row(row: GameRow, is_cached: bool) -> GameUpdate {
        let stored = Some((row.next_seq, row.verdict));
        GameUpdate { row, stored, played: Vec::new(), is_cached }
    }

    /// Notes that the ticket was issued again. If the game has no ticks, the numbers of its events start again: the client
    /// of the new start does not know how many events the earlier one has sent.
    pub fn reissue(&mut self) {
        if self.row.state.tick == Tick::ZERO {
            self.row.next_seq = Seq(0);
        }
    }

    /// Replays a batch of events. `acknowledged` has the game's buttons so far; it is needed if the batch repeats events.
    /// Returns whether the batch changed the game.
    pub fn replay(&mut self, acknowledged: Option<&ButtonLog>, received_at: Timestamp, batch: &Batch) -> bool {
        let before = self.progress();
        verifier::verify(&mut self.row, &mut self.played, acknowledged, received_at, batch);
        self.progress() != before
    }

    /// Appends the buttons played in this batch to the stored ones.
    pub fn append_played(&self, log: &mut ButtonLog) {
        for (_, played) in &self.played {
            log.append(played);
        }
    }

    /// Returns the change to store, with the row's next version; `None` if nothing changed.
    pub fn take_change(&mut self) -> Option<GameChange> {
        if self.stored == Some(self.progress()) {
            return None;
        }
        self.row.version += 1;
        Some(GameChange { row: self.row.clone(), played: std::mem::take(&mut self.played) })
    }

    fn progress(&self) -> GameProgress {
        (self.row.next_seq, self.row.verdict)
    }
}
