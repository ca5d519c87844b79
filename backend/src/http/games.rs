//! Opening a game, and reading games: one, a player's, a session's.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::IntoResponse,
};
use serde::Deserialize;
use shared::{
    api::{GameView, NewGame, PlayerGames, Problem, SessionGames, Ticket},
    ids::{GameId, PlayerId},
    replay::Replay,
    session::SessionId,
};
use utoipa::IntoParams;

use super::{
    Shared,
    caller::{Manager, bearer},
    problem::{ApiError, Json, Path, Query},
};
use crate::{engine::store::GameRow, http::csv};

/// Games in one answer, at most.
const MAX_GAMES: usize = 100;

/// Which stretch of a session's games.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct GamesQuery {
    /// Begin after this many games: an answer's `next`.
    #[serde(default)]
    after: u32,
}

/// Asks for a ticket: a new game with its seed, its tuning and the token for its events.
#[utoipa::path(post, path = "/v1/games", request_body = NewGame, responses(
    (status = 201, body = Ticket),
    (status = "4XX", body = Problem, description = "The nickname, the token or the session refuses it, with the reason"),
))]
pub async fn open(
    State(app): State<Shared>,
    headers: HeaderMap,
    Json(request): Json<NewGame>,
) -> Result<(StatusCode, axum::Json<Ticket>), ApiError> {
    let token = bearer(&headers).map(str::to_owned);
    Ok((StatusCode::CREATED, axum::Json(app.tickets.open(request, token).await?)))
}

/// A game as far as it has been replayed.
#[utoipa::path(get, path = "/v1/games/{game}", params(("game" = GameId, Path)), responses(
    (status = 200, body = GameView),
    (status = 404, body = Problem),
))]
pub async fn show(State(app): State<Shared>, Path(game): Path<GameId>) -> Result<axum::Json<GameView>, ApiError> {
    Ok(axum::Json(row(&app, game).await?.view()))
}

/// All that is needed to play a game again.
#[utoipa::path(get, path = "/v1/games/{game}/replay", params(("game" = GameId, Path)), responses(
    (status = 200, body = Replay),
    (status = 404, body = Problem),
))]
pub async fn replay(State(app): State<Shared>, Path(game): Path<GameId>) -> Result<axum::Json<Replay>, ApiError> {
    let opened = row(&app, game).await?.ticket;
    Ok(axum::Json(Replay {
        rules_version: opened.rules_version,
        seed: opened.seed,
        tuning: opened.tuning,
        log: app.store.buttons(game).await?,
    }))
}

/// One player's games, newest first.
#[utoipa::path(get, path = "/v1/players/{player}/games", params(("player" = PlayerId, Path)), responses(
    (status = 200, body = PlayerGames),
))]
pub async fn of_player(
    State(app): State<Shared>,
    Path(player): Path<PlayerId>,
) -> Result<axum::Json<PlayerGames>, ApiError> {
    let rows = app.store.player_games(player, MAX_GAMES).await?;
    Ok(axum::Json(PlayerGames { games: rows.iter().map(GameRow::view).collect() }))
}

/// A stretch of a session's games, newest first, for managers.
#[utoipa::path(get, path = "/v1/sessions/{session}/games", params(("session" = SessionId, Path), GamesQuery), responses(
    (status = 200, body = SessionGames),
    (status = 403, body = Problem),
))]
pub async fn of_session(
    State(app): State<Shared>,
    _: Manager,
    Path(session): Path<SessionId>,
    Query(GamesQuery { after }): Query<GamesQuery>,
) -> Result<axum::Json<SessionGames>, ApiError> {
    let rows = app.store.session_games(session, after as usize, MAX_GAMES).await?;
    let next = (rows.len() == MAX_GAMES).then_some(after + MAX_GAMES as u32);
    Ok(axum::Json(SessionGames { games: rows.iter().map(GameRow::view).collect(), next }))
}

/// A session's games, all of them, as CSV for spreadsheets, for managers.
#[utoipa::path(get, path = "/v1/sessions/{session}/games.csv", params(("session" = SessionId, Path)), responses(
    (status = 200, content_type = "text/csv", body = String),
    (status = 403, body = Problem),
))]
pub async fn export(
    State(app): State<Shared>,
    _: Manager,
    Path(session): Path<SessionId>,
) -> Result<impl IntoResponse, ApiError> {
    let rows = app.store.session_games(session, 0, usize::MAX).await?;
    let text = csv::games(rows.iter().map(GameRow::view)).map_err(|error| ApiError::Internal(error.to_string()))?;
    Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], text))
}

async fn row(app: &Shared, game: GameId) -> Result<GameRow, ApiError> {
    app.store.game(game).await?.ok_or(ApiError::NotFound("such game"))
}
