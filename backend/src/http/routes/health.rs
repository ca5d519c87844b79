//! Health checks and metrics, for operators.

use std::time::Duration;

use axum::{extract::State, http::StatusCode};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::AppState;

/// The longest time that the processor may be behind while the server is ready.
const MAX_READY_LAG: Duration = Duration::from_secs(10);

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(check_liveness)).routes(routes!(check_readiness)).routes(routes!(get_metrics))
}

/// Returns 200 while the server runs.
#[utoipa::path(get, path = "/healthz", responses((status = 200, body = String)))]
async fn check_liveness() -> &'static str {
    "alive\n"
}

/// Returns 200 while the server can accept and process events, and 503 if the processor has been behind for ten seconds.
#[utoipa::path(get, path = "/readyz", responses((status = 200, body = String), (status = 503, body = String)))]
async fn check_readiness(State(app): State<AppState>) -> (StatusCode, String) {
    match app.progress.borrow().behind() {
        behind if behind <= MAX_READY_LAG => (StatusCode::OK, "ready\n".to_owned()),
        behind => (StatusCode::SERVICE_UNAVAILABLE, format!("the processor has been behind for {behind:.0?}\n")),
    }
}

/// Returns the server's metrics in Prometheus' text format.
#[utoipa::path(get, path = "/metrics", responses((status = 200, body = String)))]
async fn get_metrics(State(app): State<AppState>) -> String {
    metrics::gauge!("alien_behind_seconds").set(app.progress.borrow().behind().as_secs_f64());
    app.metrics.render()
}
