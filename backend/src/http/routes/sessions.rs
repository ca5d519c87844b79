//! Sessions and their join codes.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};
use shared::{
    api::{ChangeAdmission, Problem, SessionView, Sessions},
    session::{JoinCode, Move, Plan, SessionId},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::{
    AppState,
    caller::{Caller, Manager},
    extract::{Json, Origin, Path},
    problem::ApiError,
    qr,
};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_sessions, create_session))
        .routes(routes!(get_session))
        .routes(routes!(make_move))
        .routes(routes!(change_admission))
        .routes(routes!(find_session))
        .routes(routes!(get_join_qr_code))
}

/// Returns open sessions, newest first. Managers get all sessions.
#[utoipa::path(get, path = "/v1/sessions", responses((status = 200, body = Sessions)))]
async fn list_sessions(State(app): State<AppState>, caller: Option<Caller>) -> Result<axum::Json<Sessions>, ApiError> {
    let role = caller.map(|Caller(principal)| principal.role);
    Ok(axum::Json(Sessions { sessions: app.sessions.list(role).await? }))
}

/// Creates a session, for managers.
#[utoipa::path(post, path = "/v1/sessions", request_body = Plan, responses(
    (status = 201, body = SessionView),
    (status = "4XX", body = Problem),
))]
async fn create_session(
    State(app): State<AppState>,
    _: Manager,
    Json(plan): Json<Plan>,
) -> Result<(StatusCode, axum::Json<SessionView>), ApiError> {
    Ok((StatusCode::CREATED, axum::Json(app.sessions.create(plan).await?)))
}

/// Returns a session.
#[utoipa::path(get, path = "/v1/sessions/{session}", params(("session" = SessionId, Path)), responses(
    (status = 200, body = SessionView),
    (status = 404, body = Problem),
))]
async fn get_session(
    State(app): State<AppState>,
    Path(session): Path<SessionId>,
) -> Result<axum::Json<SessionView>, ApiError> {
    Ok(axum::Json(app.sessions.get(session).await?))
}

/// Returns the session with a join code.
#[utoipa::path(get, path = "/v1/codes/{code}", params(("code" = JoinCode, Path)), responses(
    (status = 200, body = SessionView),
    (status = 404, body = Problem),
))]
async fn find_session(
    State(app): State<AppState>,
    Path(code): Path<JoinCode>,
) -> Result<axum::Json<SessionView>, ApiError> {
    Ok(axum::Json(app.sessions.find(&code).await?))
}

/// Returns a QR code of the address that joins a session, as SVG.
#[utoipa::path(get, path = "/v1/codes/{code}/qr.svg", params(("code" = JoinCode, Path)), responses(
    (status = 200, content_type = "image/svg+xml", body = String),
    (status = 404, body = Problem),
))]
async fn get_join_qr_code(
    State(app): State<AppState>,
    Origin(origin): Origin,
    Path(code): Path<JoinCode>,
) -> Result<impl IntoResponse, ApiError> {
    let svg = qr::svg(&app.sessions.join_address(&origin, &code).await?)?;
    Ok(([(header::CONTENT_TYPE, "image/svg+xml")], svg))
}

/// Opens, starts, extends, closes or reopens a session, for managers.
///
/// `moves` of the session lists the moves that are allowed now.
#[utoipa::path(post, path = "/v1/sessions/{session}/moves", params(("session" = SessionId, Path)),
    request_body = Move, responses(
    (status = 200, body = SessionView),
    (status = 409, body = Problem, description = "The session does not allow this move now"),
))]
async fn make_move(
    State(app): State<AppState>,
    _: Manager,
    Path(session): Path<SessionId>,
    Json(wanted): Json<Move>,
) -> Result<axum::Json<SessionView>, ApiError> {
    Ok(axum::Json(app.sessions.make_move(session, wanted).await?))
}

/// Changes which new players can join a session, for managers.
///
/// Players who have a seat keep it, and come back without an approval. With `open`, waiting players get seats with their
/// next heartbeats.
#[utoipa::path(put, path = "/v1/sessions/{session}/admission", params(("session" = SessionId, Path)),
    request_body = ChangeAdmission, responses(
    (status = 200, body = SessionView),
    (status = 403, body = Problem),
    (status = 404, body = Problem),
))]
async fn change_admission(
    State(app): State<AppState>,
    _: Manager,
    Path(session): Path<SessionId>,
    Json(ChangeAdmission { admission }): Json<ChangeAdmission>,
) -> Result<axum::Json<SessionView>, ApiError> {
    Ok(axum::Json(app.sessions.set_admission(session, admission).await?))
}
