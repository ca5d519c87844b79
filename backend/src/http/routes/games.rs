//! Games: starting one, and reading one, a player's or a session's.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::IntoResponse,
};
use serde::Deserialize;
use shared::{
    api::{GameFigures, GameReplay, GameView, NewGame, PlayerGames, Problem, SessionGames, Ticket},
    ids::{GameId, PlayerId},
    ranking::RankDecision,
    session::SessionId,
};
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::{
    AppState,
    caller::{Manager, ReplayCaller, bearer},
    csv,
    extract::{Json, Path, Query},
    problem::ApiError,
    request_log,
};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(start_game))
        .routes(routes!(get_game, decide_rank))
        .routes(routes!(get_figures))
        .routes(routes!(get_replay))
        .routes(routes!(list_player_games))
        .routes(routes!(list_session_games))
        .routes(routes!(export_session_games))
}

/// The page of a session's games.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct GamesQuery {
    /// The number of games to skip: `next` of the last response.
    #[serde(default)]
    after: u32,
}

/// Starts a game and returns its ticket: the seed, the tuning and the token for sending events.
///
/// Where all games of a session have the same seed, a ticket that is issued before they may start has a commitment in place
/// of the seed. The session then reveals the seed.
///
/// A player has at most one ticket without ticks. In a session, a further request returns the same game with another start
/// and token, and the earlier token is no longer valid. In open play it does so after some seconds. A game of a session
/// counts as an attempt from its first ticks on.
#[utoipa::path(post, path = "/v1/games", request_body = NewGame, responses(
    (status = 201, body = Ticket),
    (status = "4XX", body = Problem, description = "The nickname or token is invalid, the client has another version, or the session refuses; `detail` says why"),
))]
async fn start_game(
    State(app): State<AppState>,
    headers: HeaderMap,
    Json(request): Json<NewGame>,
) -> Result<(StatusCode, axum::Json<Ticket>), ApiError> {
    let session = request.session.unwrap_or(SessionId::OPEN_PLAY);
    let ticket = app.tickets.start_game(request, bearer(&headers).map(str::to_owned)).await?;
    request_log::record_game(session, ticket.game);
    Ok((StatusCode::CREATED, axum::Json(ticket)))
}

/// Returns a game as far as it has been processed.
#[utoipa::path(get, path = "/v1/games/{game}", params(("game" = GameId, Path)), responses(
    (status = 200, body = GameView),
    (status = 404, body = Problem),
))]
async fn get_game(State(app): State<AppState>, Path(game): Path<GameId>) -> Result<axum::Json<GameView>, ApiError> {
    Ok(axum::Json(app.games.view(game).await?))
}

/// Takes a game off the standings, or lets it rank again, for managers.
#[utoipa::path(patch, path = "/v1/games/{game}", params(("game" = GameId, Path)), request_body = RankDecision, responses(
    (status = 204),
    (status = 403, body = Problem),
    (status = 404, body = Problem),
))]
async fn decide_rank(
    State(app): State<AppState>,
    Manager(manager): Manager,
    Path(game): Path<GameId>,
    Json(decision): Json<RankDecision>,
) -> Result<StatusCode, ApiError> {
    app.moderation.decide_rank(game, decision, manager.player).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Returns how a game was played, for managers: figures of the buttons and of their time, marks where no hand plays so, and
/// the last decision of a manager about the game.
#[utoipa::path(get, path = "/v1/games/{game}/figures", params(("game" = GameId, Path)), responses(
    (status = 200, body = GameFigures),
    (status = 403, body = Problem),
    (status = 404, body = Problem),
))]
async fn get_figures(
    State(app): State<AppState>,
    _: Manager,
    Path(game): Path<GameId>,
) -> Result<axum::Json<GameFigures>, ApiError> {
    Ok(axum::Json(app.games.figures(game).await?))
}

/// Returns the replay of a game: its seed, tuning and buttons.
///
/// The game's player, managers, and big screens with a viewer token of the game's session get all buttons. For everyone
/// else the log is some seconds behind the game, and complete that long after its end; `delay_seconds` says how many.
///
/// Where all games of a session have the same seed, nobody gets a replay before they may start, and the public none before
/// the session is closed.
#[utoipa::path(get, path = "/v1/games/{game}/replay", params(("game" = GameId, Path)), responses(
    (status = 200, body = GameReplay),
    (status = 401, body = Problem, description = "The token is invalid; a request without a token gets a delayed log"),
    (status = 403, body = Problem, description = "All games of the session have the same seed, and it is not closed"),
    (status = 404, body = Problem),
    (status = 409, body = Problem, description = "All games of the session have the same seed, and they have not started"),
    (status = 410, body = Problem, description = "The game was played by other rules, so this server cannot replay it"),
))]
async fn get_replay(
    State(app): State<AppState>,
    ReplayCaller(token): ReplayCaller,
    Path(game): Path<GameId>,
) -> Result<impl IntoResponse, ApiError> {
    let replay = app.games.replay(game, token).await?;
    Ok(([(header::CACHE_CONTROL, "private, no-cache"), (header::VARY, "authorization")], axum::Json(replay)))
}

/// Returns the newest 100 games of a player, newest first.
#[utoipa::path(get, path = "/v1/players/{player}/games", params(("player" = PlayerId, Path)), responses(
    (status = 200, body = PlayerGames),
))]
async fn list_player_games(
    State(app): State<AppState>,
    Path(player): Path<PlayerId>,
) -> Result<axum::Json<PlayerGames>, ApiError> {
    Ok(axum::Json(app.games.of_player(player).await?))
}

/// Returns a page of up to 100 games of a session, newest first, for managers.
#[utoipa::path(get, path = "/v1/sessions/{session}/games", params(("session" = SessionId, Path), GamesQuery), responses(
    (status = 200, body = SessionGames),
    (status = 403, body = Problem),
))]
async fn list_session_games(
    State(app): State<AppState>,
    _: Manager,
    Path(session): Path<SessionId>,
    Query(GamesQuery { after }): Query<GamesQuery>,
) -> Result<axum::Json<SessionGames>, ApiError> {
    Ok(axum::Json(app.games.of_session(session, after).await?))
}

/// Returns all games of a session as CSV, for managers.
#[utoipa::path(get, path = "/v1/sessions/{session}/games.csv", params(("session" = SessionId, Path)), responses(
    (status = 200, content_type = "text/csv", body = String),
    (status = 403, body = Problem),
))]
async fn export_session_games(
    State(app): State<AppState>,
    _: Manager,
    Path(session): Path<SessionId>,
) -> Result<impl IntoResponse, ApiError> {
    let text = csv::games(&app.games.all_of_session(session).await?)?;
    Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], text))
}
