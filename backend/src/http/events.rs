//! Taking a game's events.

use axum::{
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::HeaderMap,
};
use shared::{
    api::{Ack, Problem},
    event::Batch,
    ids::GameId,
};

use super::{
    Shared,
    caller::bearer,
    problem::{ApiError, Path},
};
use crate::domain::tokens::InvalidToken;

/// Sends a game's events; the answer says what is durable, and brings the token for the next ones.
#[utoipa::path(post, path = "/v1/games/{game}/events", params(
    ("game" = GameId, Path),
    ("authorization" = String, Header, description = "`Bearer` and the game's newest `game_token`: the ticket's, then each answer's"),
), request_body = Batch, responses(
    (status = 200, body = Ack),
    (status = 401, body = Problem, description = "The token cannot be believed"),
    (status = 403, body = Problem, description = "The token is for another game"),
    (status = 409, body = Problem, description = "Events before these are missing: send again from `expected_seq`"),
    (status = 413, body = Problem, description = "More than 64 KiB"),
    (status = 422, body = Problem, description = "Not a batch that can be used, with the reason"),
    (status = 429, body = Problem, description = "Too much at once: come back after `Retry-After`"),
    (status = 503, body = Problem, description = "Not durable: come back after `Retry-After`"),
))]
pub async fn accept(
    State(app): State<Shared>,
    Path(game): Path<GameId>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<axum::Json<Ack>, ApiError> {
    let claims = app.keys.verify_game(bearer(&headers).ok_or(InvalidToken)?)?;
    if claims.game != game {
        return Err(ApiError::WrongGame);
    }
    let next_seq = app.ingest.accept(&claims, &body?).await?;
    Ok(axum::Json(Ack { next_seq, game_token: app.keys.renew_game(claims, next_seq)? }))
}
