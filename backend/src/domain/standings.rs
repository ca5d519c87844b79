//! The standings of each session, a page at a time.

use std::sync::Arc;

use shared::{
    api::{Ranked, Standings},
    session::{Participant, SessionId},
};

use crate::engine::store::{PlayerRow, Store, StoreError};

/// Standings shown above and below a player.
const NEIGHBOURS: usize = 5;

/// Reads standings from the store.
pub struct Scoreboard {
    store: Arc<dyn Store>,
}

impl Scoreboard {
    /// Creates a reader of the standings in `store`.
    pub fn new(store: Arc<dyn Store>) -> Scoreboard {
        Scoreboard { store }
    }

    /// Returns up to `limit` standings of a session, best first, after the first `skip`.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn page(&self, session: SessionId, skip: usize, limit: usize) -> Result<Standings, StoreError> {
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

    /// Returns all standings of a session, best first.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn all(&self, session: SessionId) -> Result<Standings, StoreError> {
        self.page(session, 0, usize::MAX).await
    }

    /// Returns the standing of a player with the five above and the five below it; `None` if the player has no standing.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn around(&self, participant: Participant) -> Result<Option<Standings>, StoreError> {
        let rows = self.store.players_of(vec![participant]).await?;
        let Some(standing) = rows.first().and_then(|(_, row)| row.standing.as_ref()) else {
            return Ok(None);
        };
        let before = self.store.players_before(participant.session, standing).await?;
        self.page(participant.session, before.saturating_sub(NEIGHBOURS), 2 * NEIGHBOURS + 1).await.map(Some)
    }
}
