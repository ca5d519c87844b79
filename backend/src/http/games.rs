//! Opening a game, and reading games.

use axum::{extract::State, http::StatusCode};
use shared::{
    api::{GameView, NewGame, PlayerGames, Problem, Ticket},
    ids::{GameId, PlayerId},
    replay::Replay,
};

use super::{
    Shared,
    caller::Caller,
    problem::{ApiError, Json, Path},
};
use crate::store::GameRow;

/// Games in one answer.
const PLAYER_GAMES: usize = 100;

/// Asks for a ticket: a new game with its seed, its tuning and the token for its events.
#[utoipa::path(post, path = "/v1/games", request_body = NewGame, responses(
    (status = 201, body = Ticket),
    (status = "4XX", body = Problem, description = "The nickname, the token or the session refuses it, with the reason"),
))]
pub async fn open(
    State(app): State<Shared>,
    caller: Option<Caller>,
    Json(request): Json<NewGame>,
) -> Result<(StatusCode, axum::Json<Ticket>), ApiError> {
    let caller = caller.map(|Caller(principal)| principal);
    Ok((StatusCode::CREATED, axum::Json(app.tickets.open(request, caller).await?)))
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
    let opened = row(&app, game).await?.opened;
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
    let rows = app.store.player_games(player, PLAYER_GAMES).await?;
    Ok(axum::Json(PlayerGames { games: rows.iter().map(GameRow::view).collect() }))
}

async fn row(app: &Shared, game: GameId) -> Result<GameRow, ApiError> {
    app.store.game(game).await?.ok_or(ApiError::NotFound("such game"))
}
