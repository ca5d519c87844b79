//! Whether the server lives and is ready, and what it measures.

use std::time::Duration;

use axum::{extract::State, http::StatusCode};

use super::Shared;

/// The processor may be behind for so long while the server counts as ready.
const READY_WITHIN: Duration = Duration::from_secs(10);

/// The process lives.
#[utoipa::path(get, path = "/healthz", responses((status = 200, body = String)))]
pub async fn alive() -> &'static str {
    "alive\n"
}

/// The server can take and process events.
#[utoipa::path(get, path = "/readyz", responses((status = 200, body = String), (status = 503, body = String)))]
pub async fn ready(State(app): State<Shared>) -> (StatusCode, String) {
    match app.progress.borrow().behind() {
        behind if behind <= READY_WITHIN => (StatusCode::OK, "ready\n".to_owned()),
        behind => (StatusCode::SERVICE_UNAVAILABLE, format!("processing has been behind for {behind:.0?}\n")),
    }
}

/// Measurements in Prometheus' text format.
#[utoipa::path(get, path = "/metrics", responses((status = 200, body = String)))]
pub async fn metrics(State(app): State<Shared>) -> String {
    metrics::gauge!("alien_behind_seconds").set(app.progress.borrow().behind().as_secs_f64());
    app.metrics.render()
}
