//! Tunings: the one that is played, and others to be checked.

use std::path::Path;

use axum::{
    body::Bytes,
    extract::{State, rejection::BytesRejection},
};
use shared::{api::Problem, tuning::Tuning};

use super::{Shared, caller::Manager, problem::ApiError};

/// What a tuning that was sent is called in what is said of its mistakes.
const SENT: &str = "tuning";

/// The tuning that the next game of open play is played by.
#[utoipa::path(get, path = "/v1/tuning", responses((status = 200, body = Tuning)))]
pub async fn show(State(app): State<Shared>) -> axum::Json<Tuning> {
    axum::Json(app.tickets.tuning())
}

/// Reads a tuning from TOML, for a manager to plan a session with. All its mistakes are named at once.
#[utoipa::path(post, path = "/v1/tuning", request_body(content = String, content_type = "text/plain"), responses(
    (status = 200, body = Tuning),
    (status = 422, body = Problem, description = "What is wrong with it, a line each"),
))]
pub async fn check(_: Manager, body: Result<Bytes, BytesRejection>) -> Result<axum::Json<Tuning>, ApiError> {
    let body = body?;
    let text = std::str::from_utf8(&body).map_err(|error| ApiError::BadRequest(error.to_string()))?;
    Ok(axum::Json(Tuning::from_toml(Path::new(SENT), text)?))
}
