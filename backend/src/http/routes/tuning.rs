//! Tunings: the one of open play, and a check of others.

use std::path::Path;

use axum::{
    Json,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
};
use shared::{api::Problem, tuning::Tuning};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::{AppState, caller::Manager, problem::ApiError};

/// The file name in error messages about a tuning in a request.
const REQUEST_FILE_NAME: &str = "tuning";

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get_tuning, check_tuning))
}

/// Returns the tuning of the next game of open play.
#[utoipa::path(get, path = "/v1/tuning", responses((status = 200, body = Tuning)))]
async fn get_tuning(State(app): State<AppState>) -> Json<Tuning> {
    Json(app.tickets.open_play_tuning())
}

/// Parses and checks a tuning in TOML, for managers who plan a session.
#[utoipa::path(post, path = "/v1/tuning", request_body(content = String, content_type = "text/plain"), responses(
    (status = 200, body = Tuning),
    (status = 422, body = Problem, description = "The tuning is invalid; `detail` has a line for each error"),
))]
async fn check_tuning(_: Manager, body: Result<Bytes, BytesRejection>) -> Result<Json<Tuning>, ApiError> {
    let body = body?;
    let text = std::str::from_utf8(&body).map_err(|error| ApiError::BadRequest(error.to_string()))?;
    Ok(Json(Tuning::from_toml(Path::new(REQUEST_FILE_NAME), text)?))
}
