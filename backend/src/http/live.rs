//! A session as it changes, by server-sent events. One computation serves all viewers.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::State,
    response::sse::{Event, KeepAlive, Sse},
};
use futures_util::{Stream, StreamExt};
use serde::Deserialize;
use shared::{api::Problem, session::SessionId};
use tokio_stream::wrappers::WatchStream;
use utoipa::IntoParams;

use super::{
    Shared,
    problem::{ApiError, Query},
};
use crate::domain::live::Scene;

/// A viewer that gets nothing for this long gets a comment, so that proxies keep the connection.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Counts a viewer for as long as it exists.
struct Viewer;

impl Viewer {
    fn new() -> Viewer {
        metrics::gauge!("alien_viewers").increment(1);
        Viewer
    }
}

impl Drop for Viewer {
    fn drop(&mut self) {
        metrics::gauge!("alien_viewers").decrement(1);
    }
}

/// What is to be seen.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Watched {
    /// The session; open play where none is given.
    session: Option<SessionId>,
}

/// A session now and whenever it changes: events named `session`, `seats` and `standings`, whose data is
/// `SessionView`, `Seats` and `Standings`. Open play has only the last.
#[utoipa::path(get, path = "/v1/live", params(Watched), responses(
    (status = 200, content_type = "text/event-stream", body = String),
    (status = 404, body = Problem),
))]
pub async fn watch(
    State(app): State<Shared>,
    Query(watched): Query<Watched>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, ApiError> {
    let session = watched.session.unwrap_or(SessionId::OPEN_PLAY);
    if session != SessionId::OPEN_PLAY {
        app.sessions.show(session).await?;
    }
    let viewer = Viewer::new();
    let mut stopping = app.stopping.clone();
    let stopped = async move {
        // A sender that is gone means that the server is going, too.
        let _ = stopping.wait_for(|stopping| *stopping).await;
    };
    let mut shown: Arc<Scene> = Arc::default();
    let events = WatchStream::new(app.live.watch(session))
        .flat_map(move |scene| {
            let _viewer = &viewer;
            let events = changes(&shown, &scene);
            shown = scene;
            futures_util::stream::iter(events)
        })
        .take_until(Box::pin(stopped));
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)))
}

/// An event for each part that has changed.
fn changes(before: &Scene, now: &Scene) -> Vec<Result<Event, Infallible>> {
    let parts = [
        ("session", &before.session, &now.session),
        ("seats", &before.seats, &now.seats),
        ("standings", &before.standings, &now.standings),
    ];
    let changed = parts.into_iter().filter(|(_, before, now)| before != now && !now.is_empty());
    changed.map(|(name, _, now)| Ok(Event::default().event(name).data(&**now))).collect()
}
