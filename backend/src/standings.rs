//! The scoreboard: stretches of it on request, and its top kept ready for all viewers at once.

use std::{sync::Arc, time::Duration};

use shared::{
    api::{Ranked, Standings},
    session::{Entrant, SessionId},
};
use tokio::sync::watch;

use crate::{
    store::{Store, StoreError},
    stream::Position,
};

/// Rows that live viewers get.
const TOP: usize = 50;
/// The scoreboard is computed at most this often, however many watch.
const EVERY: Duration = Duration::from_millis(250);
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
        Ok(Standings {
            players: players as u32,
            standings: (skip as u32 + 1..).zip(rows).map(|(rank, standing)| Ranked { rank, standing }).collect(),
            next: (end < players).then_some(end as u32),
        })
    }

    /// The standings around a player; none where the player has no standing.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn around(&self, entrant: Entrant) -> Result<Option<Standings>, StoreError> {
        let standings = self.store.standings_of(vec![entrant]).await?;
        let Some((_, standing)) = standings.first() else {
            return Ok(None);
        };
        let before = self.store.players_before(entrant.session, standing).await?;
        self.stretch(entrant.session, before.saturating_sub(NEIGHBOURS), 2 * NEIGHBOURS + 1).await.map(Some)
    }

    /// Keeps the top of the scoreboard in `live` as JSON, computed once for all who watch.
    pub async fn broadcast(&self, mut processed: watch::Receiver<Option<Position>>, live: watch::Sender<Arc<str>>) {
        loop {
            match self.stretch(SessionId::OPEN_PLAY, 0, TOP).await.map(|top| serde_json::to_string(&top)) {
                Ok(Ok(json)) => {
                    live.send_if_modified(|before| {
                        let changed = **before != *json;
                        if changed {
                            *before = json.into();
                        }
                        changed
                    });
                }
                Ok(Err(error)) => tracing::error!(%error, "the scoreboard cannot be written"),
                Err(error) => tracing::error!(%error, "the scoreboard cannot be read"),
            }
            tokio::time::sleep(EVERY).await;
            if processed.changed().await.is_err() {
                return;
            }
        }
    }
}
