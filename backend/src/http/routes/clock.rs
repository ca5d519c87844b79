//! The server's clock.

use axum::{Json, extract::State};
use shared::api::Clock;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::AppState;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get_clock))
}

/// Returns the server's time, so that a browser can estimate the offset of its own clock.
#[utoipa::path(get, path = "/v1/clock", responses((status = 200, body = Clock)))]
async fn get_clock(State(app): State<AppState>) -> Json<Clock> {
    Json(Clock { now: app.clock.now() })
}
