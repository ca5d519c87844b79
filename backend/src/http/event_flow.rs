//! The flow of events, for managers.

use axum::{extract::State, http::StatusCode};
use shared::api::{DeadLetters, FlowView, Problem};

use super::{
    Shared,
    caller::Manager,
    problem::{ApiError, Path},
};

/// How the flow of events is now, for managers; two of these tell the rates.
#[utoipa::path(get, path = "/v1/flow", responses((status = 200, body = FlowView), (status = 403, body = Problem)))]
pub async fn show(State(app): State<Shared>, _: Manager) -> Result<axum::Json<FlowView>, ApiError> {
    Ok(axum::Json(app.flow.view().await?))
}

/// Records that could not be processed, oldest first, for managers.
#[utoipa::path(get, path = "/v1/dead-letters", responses(
    (status = 200, body = DeadLetters),
    (status = 403, body = Problem),
))]
pub async fn dead_letters(State(app): State<Shared>, _: Manager) -> Result<axum::Json<DeadLetters>, ApiError> {
    Ok(axum::Json(app.flow.dead_letters().await?))
}

/// Gives a record that could not be processed a second try, for managers.
#[utoipa::path(post, path = "/v1/dead-letters/{place}/retry", params(("place" = String, Path)), responses(
    (status = 204),
    (status = 403, body = Problem),
    (status = 404, body = Problem),
))]
pub async fn retry(State(app): State<Shared>, _: Manager, Path(place): Path<String>) -> Result<StatusCode, ApiError> {
    let place = place.parse().map_err(|_| ApiError::NotFound("such dead letter"))?;
    app.flow.retry(&place).await?;
    Ok(StatusCode::NO_CONTENT)
}
