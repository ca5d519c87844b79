//! Events of a game.

use axum::{
    Json,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
};
use shared::{
    api::{Ack, Problem},
    event::Batch,
    ids::GameId,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::{AppState, caller::GameToken, problem::ApiError};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(send_events))
}

/// Appends a batch of a game's events durably.
///
/// The response says which events are durable and contains the game token for the next batch. A client that missed a
/// response sends the same batch again with the older token.
#[utoipa::path(post, path = "/v1/games/{game}/events", params(
    ("game" = GameId, Path),
    ("authorization" = String, Header, description = "`Bearer` and the game's newest `game_token`, from the ticket or the last response"),
), request_body = Batch, responses(
    (status = 200, body = Ack),
    (status = 401, body = Problem, description = "Invalid or expired token, or the game's ticket was issued again"),
    (status = 403, body = Problem, description = "The token is for another game"),
    (status = 409, body = Problem, description = "Events before this batch are missing; send again from `expected_seq`. Or no attempt is left"),
    (status = 413, body = Problem, description = "The body is larger than 64 KiB"),
    (status = 422, body = Problem, description = "The batch is invalid; `detail` says why"),
    (status = 429, body = Problem, description = "The server is busy, or ticks of the batch are not due yet; try again after `Retry-After` seconds"),
    (status = 503, body = Problem, description = "The events are not durable; try again after `Retry-After` seconds"),
))]
async fn send_events(
    State(app): State<AppState>,
    GameToken(claims): GameToken,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Ack>, ApiError> {
    Ok(Json(app.ingest.accept(claims, &body?).await?))
}
