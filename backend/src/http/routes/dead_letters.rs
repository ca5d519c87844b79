//! Dead letters, for managers.

use axum::{Json, extract::State, http::StatusCode};
use shared::api::{DeadLetters, Problem};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::{AppState, caller::Manager, extract::Path, problem::ApiError};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_dead_letters)).routes(routes!(retry_dead_letter))
}

/// Returns up to 100 records that could not be processed, oldest first, for managers.
#[utoipa::path(get, path = "/v1/dead-letters", responses(
    (status = 200, body = DeadLetters),
    (status = 403, body = Problem),
))]
async fn list_dead_letters(State(app): State<AppState>, _: Manager) -> Result<Json<DeadLetters>, ApiError> {
    Ok(Json(app.dead_letters.list().await?))
}

/// Appends a record that could not be processed to the stream again, for managers.
///
/// If the record still cannot be processed, it becomes a dead letter at a new position.
#[utoipa::path(post, path = "/v1/dead-letters/{place}/retry", params(("place" = String, Path)), responses(
    (status = 204),
    (status = 403, body = Problem),
    (status = 404, body = Problem),
))]
async fn retry_dead_letter(
    State(app): State<AppState>,
    _: Manager,
    Path(position): Path<String>,
) -> Result<StatusCode, ApiError> {
    let position = position.parse().map_err(|_| ApiError::NotFound("dead letter at this position"))?;
    app.dead_letters.retry(&position).await?;
    Ok(StatusCode::NO_CONTENT)
}
