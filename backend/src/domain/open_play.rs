//! Finds the unplayed ticket of a player in open play. No registry row has it, because players in open play need no seat: it
//! is the player's newest game in the store, if certainly no event of that game has been received.
//!
//! Events that are not processed yet are not in the store. If a ticket with such events were issued again, the events of its
//! second start would contradict them, and the game would be rejected. So nothing is issued again while the processor is
//! behind, within the time that processing takes, or if other servers process as well.

use std::{sync::Arc, time::Duration};

use shared::{
    ids::{PlayerId, Seq},
    record::TicketIssued,
    rules::RULES_VERSION,
    session::SessionId,
    time::Timestamp,
};
use tokio::sync::watch;

use super::processor::Progress;
use crate::engine::store::{GameRow, Store, StoreError};

/// The time from the start of a game to its first events in the store, without the flush interval, in milliseconds. Browsers
/// send events once a second.
const PROCESSING_MILLIS: u64 = 4_000;

/// Finds unplayed tickets.
pub struct OpenPlay {
    store: Arc<dyn Store>,
    progress: Option<watch::Receiver<Progress>>,
    processing_millis: u64,
}

impl OpenPlay {
    /// Creates the service over the games in `store`. `progress` is that of the processor that writes it once in each
    /// `flush_interval`; `None` if there are other processors.
    pub fn new(
        store: Arc<dyn Store>,
        progress: Option<watch::Receiver<Progress>>,
        flush_interval: Duration,
    ) -> OpenPlay {
        let processing_millis = PROCESSING_MILLIS.saturating_add(flush_interval.as_millis() as u64);
        OpenPlay { store, progress, processing_millis }
    }

    /// Returns a player's unplayed ticket, if there is certainly one at time `now`.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn unplayed_ticket(&self, player: PlayerId, now: Timestamp) -> Result<Option<TicketIssued>, StoreError> {
        let has_caught_up = self.progress.as_ref().is_some_and(|progress| *progress.borrow() == Progress::CaughtUp);
        if !has_caught_up {
            return Ok(None);
        }
        let newest = self.store.player_games(player, 1).await?.into_iter().next();
        Ok(newest.filter(|row| self.is_unplayed(row, now)).map(|row| row.ticket))
    }

    fn is_unplayed(&self, row: &GameRow, now: Timestamp) -> bool {
        let is_playable = row.ticket.session == SessionId::OPEN_PLAY && row.ticket.rules_version == RULES_VERSION;
        let is_processed = now.millis_since(row.started_at()) >= self.processing_millis;
        is_playable && is_processed && row.next_seq == Seq(0)
    }
}
