//! What viewers of a session see as it changes: computed at most four times a second, once for all of them, and only
//! where somebody looks.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use shared::{
    api::{SeatView, Seats},
    session::SessionId,
};
use tokio::sync::watch;

use crate::{
    domain::{
        sessions::{SessionError, Sessions},
        standings::Scoreboard,
    },
    engine::store::StoreError,
};

/// It is computed at most this often, however many watch.
const EVERY: Duration = Duration::from_millis(250);
/// Standings that viewers get.
const TOP: usize = 50;
/// Players in the lobby that viewers get; how many there are, the session says.
const MOST_SEATS: usize = 200;

/// What is to be seen, each part as JSON: a part is sent where it has changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scene {
    /// A [`shared::api::SessionView`]; empty for open play.
    pub session: Arc<str>,
    /// [`Seats`]; empty for open play.
    pub seats: Arc<str>,
    /// [`shared::api::Standings`].
    pub standings: Arc<str>,
}

/// Why a scene cannot be computed.
#[derive(Debug, thiserror::Error)]
enum SceneError {
    #[error(transparent)]
    Session(#[from] SessionError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

/// Shows sessions.
pub struct Live {
    sessions: Arc<Sessions>,
    scoreboard: Arc<Scoreboard>,
    scenes: Mutex<HashMap<SessionId, watch::Sender<Arc<Scene>>>>,
}

impl Live {
    /// Shows what these know.
    pub fn new(sessions: Arc<Sessions>, scoreboard: Arc<Scoreboard>) -> Live {
        Live { sessions, scoreboard, scenes: Mutex::default() }
    }

    /// The scene of a session now and whenever it changes.
    pub fn watch(&self, session: SessionId) -> watch::Receiver<Arc<Scene>> {
        let mut scenes = self.scenes.lock().unwrap_or_else(PoisonError::into_inner);
        scenes.entry(session).or_insert_with(|| watch::Sender::new(Arc::default())).subscribe()
    }

    /// Computes what is watched, for ever.
    pub async fn run(&self) {
        loop {
            for session in self.watched() {
                metrics::counter!("alien_scenes_total").increment(1);
                match self.scene(session).await {
                    Ok(scene) => self.show(session, scene),
                    Err(error) => tracing::error!(%session, %error, "a session cannot be shown"),
                }
            }
            tokio::time::sleep(EVERY).await;
        }
    }

    /// The sessions that somebody looks at; the others are forgotten.
    fn watched(&self) -> Vec<SessionId> {
        let mut scenes = self.scenes.lock().unwrap_or_else(PoisonError::into_inner);
        scenes.retain(|_, scene| scene.receiver_count() > 0);
        scenes.keys().copied().collect()
    }

    fn show(&self, session: SessionId, scene: Scene) {
        let scenes = self.scenes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(shown) = scenes.get(&session) {
            shown.send_if_modified(|before| {
                let changed = **before != scene;
                if changed {
                    *before = Arc::new(scene);
                }
                changed
            });
        }
    }

    async fn scene(&self, session: SessionId) -> Result<Scene, SceneError> {
        let standings = serde_json::to_string(&self.scoreboard.stretch(session, 0, TOP).await?)?.into();
        if session == SessionId::OPEN_PLAY {
            return Ok(Scene { standings, ..Scene::default() });
        }
        let view = self.sessions.show(session).await?;
        let seats: Vec<SeatView> = self.sessions.seats(session).await?;
        let present = seats.into_iter().filter(|seat| seat.present).take(MOST_SEATS).collect();
        Ok(Scene {
            session: serde_json::to_string(&view)?.into(),
            seats: serde_json::to_string(&Seats { seats: present })?.into(),
            standings,
        })
    }
}
