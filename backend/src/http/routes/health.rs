//! Health checks and metrics, for operators.

use std::time::Duration;

use axum::{extract::State, http::StatusCode};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{domain::processor::Progress, http::AppState};

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

/// Returns 200 while the server can accept and process events. Returns 503 while it stops, if its processor has ended or
/// has been behind for ten seconds, or if a newer server wrote records that this one cannot process.
#[utoipa::path(get, path = "/readyz", responses((status = 200, body = String), (status = 503, body = String)))]
async fn check_readiness(State(app): State<AppState>) -> (StatusCode, String) {
    let unavailable = |reason: String| (StatusCode::SERVICE_UNAVAILABLE, format!("{reason}\n"));
    let progress = *app.progress.borrow();
    if *app.stopping.borrow() {
        return unavailable("the server is stopping".to_owned());
    }
    // The processor's task owns the sender.
    if app.progress.has_changed().is_err() {
        return unavailable("the processor has ended".to_owned());
    }
    if let Progress::Outdated(newer) = progress {
        return unavailable(newer.to_string());
    }
    let behind = progress.behind();
    if behind > MAX_READY_LAG {
        return unavailable(format!("the processor has been behind for {behind:.0?}"));
    }
    (StatusCode::OK, "ready\n".to_owned())
}

/// Returns the server's metrics in Prometheus' text format.
#[utoipa::path(get, path = "/metrics", responses((status = 200, body = String)))]
async fn get_metrics(State(app): State<AppState>) -> String {
    metrics::gauge!("alien_behind_seconds").set(app.progress.borrow().behind().as_secs_f64());
    app.metrics.render()
}
