//! The scoreboard of each session, a stretch at a time.

use std::sync::Arc;

use shared::{
    api::{Ranked, Standings},
    session::{Participant, SessionId},
};

use crate::engine::store::{PlayerRow, Store, StoreError};

/// Rows above and below a player.
const NEIGHBOURS: usize = 5;

/// Reads the scoreboard.
pub struct Scoreboard {
    store: Arc<dyn Store>,
}

impl Scoreboard {
    /// The scoreboard of `store`.
    pub fn new(store: Arc<dyn Store>) -> Scoreboard {
        Scoreboard { store }
    }

    /// Up to `limit` standings of a session after the first `skip`.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn stretch(&self, session: SessionId, skip: usize, limit: usize) -> Result<Standings, StoreError> {
        let players = self.store.players(session).await?;
        let rows = self.store.standings(session, skip, limit).await?;
        let end = skip + rows.len();
        let ranked = (skip as u32 + 1..).zip(rows).filter_map(|(rank, PlayerRow { standing, newest, .. })| {
            Some(Ranked { rank, standing: standing?, newest: newest.map(|(_, game)| game) })
        });
        Ok(Standings {
            players: players as u32,
            standings: ranked.collect(),
            next: (end < players).then_some(end as u32),
        })
    }

    /// The standings around a player; none where the player has no standing.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn around(&self, participant: Participant) -> Result<Option<Standings>, StoreError> {
        let rows = self.store.players_of(vec![participant]).await?;
        let Some(standing) = rows.first().and_then(|(_, row)| row.standing.as_ref()) else {
            return Ok(None);
        };
        let before = self.store.players_before(participant.session, standing).await?;
        self.stretch(participant.session, before.saturating_sub(NEIGHBOURS), 2 * NEIGHBOURS + 1).await.map(Some)
    }
}
