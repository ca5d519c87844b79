//! Whether the server lives and is ready, and what it measures.

use axum::{extract::State, http::StatusCode};

use super::Shared;
use crate::stream::Position;

/// Records that the processor may be behind while the server counts as ready.
const READY_LAG: u64 = 10_000;

/// The process lives.
#[utoipa::path(get, path = "/healthz", responses((status = 200, body = String)))]
pub async fn alive() -> &'static str {
    "alive\n"
}

/// The server can take and process events.
#[utoipa::path(get, path = "/readyz", responses((status = 200, body = String), (status = 503, body = String)))]
pub async fn ready(State(app): State<Shared>) -> (StatusCode, String) {
    match lag(&app) {
        behind if behind <= READY_LAG => (StatusCode::OK, "ready\n".to_owned()),
        behind => (StatusCode::SERVICE_UNAVAILABLE, format!("processing is {behind} records behind\n")),
    }
}

/// Measurements in Prometheus' text format.
#[utoipa::path(get, path = "/metrics", responses((status = 200, body = String)))]
pub async fn metrics(State(app): State<Shared>) -> String {
    metrics::gauge!("alien_lag_records").set(lag(&app) as f64);
    app.metrics.render()
}

fn lag(app: &Shared) -> u64 {
    let next = |position: Option<Position>| position.map_or(0, |position| position.0 + 1);
    next(*app.stream.head().borrow()).saturating_sub(next(*app.processed.borrow()))
}
