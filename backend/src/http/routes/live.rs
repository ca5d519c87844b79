//! Live updates of a session by server-sent events.

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
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    domain::live_updates::SessionSnapshot,
    http::{AppState, extract::Query, problem::ApiError},
};

/// The pause after which an idle connection is sent a comment, so that proxies do not close it.
const KEEP_ALIVE_INTERVAL: Duration = Duration::from_secs(15);

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(watch_session))
}

/// Increments the number of viewers while it exists.
struct ViewerCount;

impl ViewerCount {
    fn new() -> ViewerCount {
        metrics::gauge!("alien_viewers").increment(1);
        ViewerCount
    }
}

impl Drop for ViewerCount {
    fn drop(&mut self) {
        metrics::gauge!("alien_viewers").decrement(1);
    }
}

/// The session to watch.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct LiveQuery {
    /// The session. Default: open play.
    session: Option<SessionId>,
}

/// Returns server-sent events with the current state of a session, and again whenever it changes.
///
/// The events are named `session`, `seats` and `standings`; their data is `SessionView`, `Seats` and `Standings` as JSON.
/// Open play has `standings` only.
#[utoipa::path(get, path = "/v1/live", params(LiveQuery), responses(
    (status = 200, content_type = "text/event-stream", body = String),
    (status = 404, body = Problem),
))]
async fn watch_session(
    State(app): State<AppState>,
    Query(LiveQuery { session }): Query<LiveQuery>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, ApiError> {
    let snapshots = app.live_updates.subscribe(session.unwrap_or(SessionId::OPEN_PLAY)).await?;
    let viewer = ViewerCount::new();
    let mut stopping = app.stopping.clone();
    let stopped = async move {
        // An error means that the sender is dropped, so the server is stopping as well.
        let _ = stopping.wait_for(|stopping| *stopping).await;
    };
    let mut last: Arc<SessionSnapshot> = Arc::default();
    let events = WatchStream::new(snapshots)
        .flat_map(move |snapshot| {
            let _viewer = &viewer;
            let events = changed_parts(&last, &snapshot);
            last = snapshot;
            futures_util::stream::iter(events)
        })
        .take_until(Box::pin(stopped));
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE_INTERVAL)))
}

/// Returns an event for each part of the snapshot that changed.
fn changed_parts(last: &SessionSnapshot, now: &SessionSnapshot) -> Vec<Result<Event, Infallible>> {
    let parts = [
        ("session", &last.session, &now.session),
        ("seats", &last.seats, &now.seats),
        ("standings", &last.standings, &now.standings),
    ];
    let changed = parts.into_iter().filter(|(_, last, now)| last != now && !now.is_empty());
    changed.map(|(name, _, now)| Ok(Event::default().event(name).data(&**now))).collect()
}
