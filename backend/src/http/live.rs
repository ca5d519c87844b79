//! The scoreboard as it changes, by server-sent events. One computation serves all viewers.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::State,
    response::sse::{Event, KeepAlive, Sse},
};
use futures_util::{Stream, StreamExt};
use tokio_stream::wrappers::WatchStream;

use super::Shared;

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

/// The top of the scoreboard now and whenever it changes: events named `standings` whose data is `Standings`.
#[utoipa::path(get, path = "/v1/live", responses(
    (status = 200, content_type = "text/event-stream", body = String),
))]
pub async fn watch(State(app): State<Shared>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let viewer = Viewer::new();
    let mut stopping = app.stopping.clone();
    let stopped = async move {
        // A sender that is gone means that the server is going, too.
        let _ = stopping.wait_for(|stopping| *stopping).await;
    };
    let events = WatchStream::new(app.live.clone())
        .map(move |json| {
            let _viewer = &viewer;
            Ok(Event::default().event("standings").data(&*json))
        })
        .take_until(Box::pin(stopped));
    Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
}
