//! Sessions: made and moved by managers, seen by everyone.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::IntoResponse,
};
use shared::{
    account::Role,
    api::{Clock, Problem, SessionView, Sessions},
    session::{JoinCode, Move, Plan, SessionId},
};

use super::{
    Shared,
    caller::{Caller, Manager},
    problem::{ApiError, Json, Path},
};
use crate::{clock, http::qr};

/// Sessions that are open; for managers all of them. Newest first.
#[utoipa::path(get, path = "/v1/sessions", responses((status = 200, body = Sessions)))]
pub async fn list(State(app): State<Shared>, caller: Option<Caller>) -> Result<axum::Json<Sessions>, ApiError> {
    let all = caller.is_some_and(|Caller(principal)| principal.role == Role::Manager);
    Ok(axum::Json(Sessions { sessions: app.sessions.list(all).await? }))
}

/// Makes a session, for managers.
#[utoipa::path(post, path = "/v1/sessions", request_body = Plan, responses(
    (status = 201, body = SessionView),
    (status = "4XX", body = Problem),
))]
pub async fn create(
    State(app): State<Shared>,
    _: Manager,
    Json(plan): Json<Plan>,
) -> Result<(StatusCode, axum::Json<SessionView>), ApiError> {
    Ok((StatusCode::CREATED, axum::Json(app.sessions.create(plan).await?)))
}

/// A session.
#[utoipa::path(get, path = "/v1/sessions/{session}", params(("session" = SessionId, Path)), responses(
    (status = 200, body = SessionView),
    (status = 404, body = Problem),
))]
pub async fn show(
    State(app): State<Shared>,
    Path(session): Path<SessionId>,
) -> Result<axum::Json<SessionView>, ApiError> {
    Ok(axum::Json(app.sessions.show(session).await?))
}

/// The session that is joined by a code.
#[utoipa::path(get, path = "/v1/codes/{code}", params(("code" = JoinCode, Path)), responses(
    (status = 200, body = SessionView),
    (status = 404, body = Problem),
))]
pub async fn find(State(app): State<Shared>, Path(code): Path<JoinCode>) -> Result<axum::Json<SessionView>, ApiError> {
    Ok(axum::Json(app.sessions.find(&code).await?))
}

/// The address to join a session by, as a QR code.
#[utoipa::path(get, path = "/v1/codes/{code}/qr.svg", params(("code" = JoinCode, Path)), responses(
    (status = 200, content_type = "image/svg+xml", body = String),
    (status = 404, body = Problem),
))]
pub async fn qr(
    State(app): State<Shared>,
    Path(code): Path<JoinCode>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, ApiError> {
    app.sessions.find(&code).await?;
    let svg = qr::svg(&join_address(&headers, &code)).map_err(|error| ApiError::BadRequest(error.to_string()))?;
    Ok(([(header::CONTENT_TYPE, "image/svg+xml")], svg))
}

/// Where this server is reached from outside, by what the browser, or the proxy in front, says.
fn join_address(headers: &HeaderMap, code: &JoinCode) -> String {
    let told = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let scheme = told("x-forwarded-proto").filter(|proto| *proto == "https").unwrap_or("http");
    let host = told("x-forwarded-host").or_else(|| told("host")).unwrap_or("localhost");
    format!("{scheme}://{host}/?join={code}")
}

/// Opens, starts, extends, closes or re-opens a session, for managers.
#[utoipa::path(post, path = "/v1/sessions/{session}/moves", params(("session" = SessionId, Path)),
    request_body = Move, responses(
    (status = 200, body = SessionView),
    (status = 409, body = Problem, description = "The session does not take this move now"),
))]
pub async fn act(
    State(app): State<Shared>,
    _: Manager,
    Path(session): Path<SessionId>,
    Json(wanted): Json<Move>,
) -> Result<axum::Json<SessionView>, ApiError> {
    Ok(axum::Json(app.sessions.make_move(session, wanted).await?))
}

/// The server's clock, for browsers to estimate how far theirs is off.
#[utoipa::path(get, path = "/v1/clock", responses((status = 200, body = Clock)))]
pub async fn clock() -> axum::Json<Clock> {
    axum::Json(Clock { now: clock::now() })
}
