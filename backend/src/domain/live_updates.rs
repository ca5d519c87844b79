//! Live updates: a snapshot of each watched session, computed at most four times a second, once for all its viewers.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use shared::{
    api::{self, SeatView},
    session::SessionId,
};
use tokio::sync::watch;

use super::{
    seats::{SeatError, Seats},
    sessions::{SessionError, Sessions},
    standings::Scoreboard,
};
use crate::{engine::store::StoreError, error_chain::error_chain};

/// The pause between two rounds of snapshots.
const SNAPSHOT_INTERVAL: Duration = Duration::from_millis(250);
/// Standings in a snapshot.
const MAX_STANDINGS: usize = 50;
/// Seats in a snapshot. The session's view has the number of all held seats.
const MAX_SEATS: usize = 200;

/// What viewers of a session see, each part as JSON. Viewers are sent the parts that changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SessionSnapshot {
    /// An [`api::SessionView`]; empty for open play.
    pub session: Arc<str>,
    /// The held seats, as [`api::Seats`]; empty for open play.
    pub seats: Arc<str>,
    /// The first [`api::Standings`].
    pub standings: Arc<str>,
}

/// Why a snapshot cannot be computed.
#[derive(Debug, thiserror::Error)]
enum SnapshotError {
    #[error(transparent)]
    Session(#[from] SessionError),
    #[error(transparent)]
    Seats(#[from] SeatError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

type Snapshots = HashMap<SessionId, watch::Sender<Arc<SessionSnapshot>>>;

/// Computes the snapshots of watched sessions and sends them to viewers.
pub struct LiveUpdates {
    sessions: Arc<Sessions>,
    seats: Arc<Seats>,
    scoreboard: Arc<Scoreboard>,
    snapshots: Mutex<Snapshots>,
}

impl LiveUpdates {
    /// Creates the service over these sources of snapshots.
    pub fn new(sessions: Arc<Sessions>, seats: Arc<Seats>, scoreboard: Arc<Scoreboard>) -> LiveUpdates {
        LiveUpdates { sessions, seats, scoreboard, snapshots: Mutex::default() }
    }

    /// Returns a receiver of a session's snapshots. The first one is empty unless the session is already watched.
    ///
    /// # Errors
    /// If there is no such session, or the registry fails.
    pub async fn subscribe(&self, session: SessionId) -> Result<watch::Receiver<Arc<SessionSnapshot>>, SessionError> {
        if session != SessionId::OPEN_PLAY {
            self.sessions.read(session).await?;
        }
        let mut snapshots = self.snapshots.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(snapshots.entry(session).or_insert_with(|| watch::Sender::new(Arc::default())).subscribe())
    }

    /// Computes snapshots of the watched sessions for ever.
    pub async fn run(&self) {
        loop {
            for session in self.watched_sessions() {
                metrics::counter!("alien_scenes_total").increment(1);
                match self.snapshot(session).await {
                    Ok(snapshot) => self.send(session, snapshot),
                    Err(error) => {
                        tracing::error!(%session, error = error_chain(&error), "cannot compute a session's live update");
                    }
                }
            }
            tokio::time::sleep(SNAPSHOT_INTERVAL).await;
        }
    }

    /// Returns the sessions that have viewers, and drops the snapshots of all others.
    fn watched_sessions(&self) -> Vec<SessionId> {
        let mut snapshots = self.snapshots.lock().unwrap_or_else(PoisonError::into_inner);
        snapshots.retain(|_, sender| sender.receiver_count() > 0);
        snapshots.keys().copied().collect()
    }

    fn send(&self, session: SessionId, snapshot: SessionSnapshot) {
        let snapshots = self.snapshots.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = snapshots.get(&session) {
            sender.send_if_modified(|last| {
                let changed = **last != snapshot;
                if changed {
                    *last = Arc::new(snapshot);
                }
                changed
            });
        }
    }

    async fn snapshot(&self, session: SessionId) -> Result<SessionSnapshot, SnapshotError> {
        let standings = to_json(&self.scoreboard.page(session, 0, MAX_STANDINGS).await?)?;
        if session == SessionId::OPEN_PLAY {
            return Ok(SessionSnapshot { standings, ..SessionSnapshot::default() });
        }
        let view = self.sessions.get(session).await?;
        let seats = self.seats.list(session).await?.into_iter();
        let seats = seats.filter(SeatView::is_held).take(MAX_SEATS).collect();
        Ok(SessionSnapshot { session: to_json(&view)?, seats: to_json(&api::Seats { seats })?, standings })
    }
}

fn to_json(value: &impl serde::Serialize) -> Result<Arc<str>, serde_json::Error> {
    Ok(serde_json::to_string(value)?.into())
}
