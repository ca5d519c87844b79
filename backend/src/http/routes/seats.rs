//! Seats of a session.

use axum::{extract::State, http::StatusCode};
use shared::{
    api::{Join, OwnSeat, Problem, SeatChange, Seated, Seats},
    ids::PlayerId,
    session::{Participant, SessionId},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::{
    AppState,
    caller::{Caller, Manager},
    extract::{Json, Path},
    problem::ApiError,
};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_seats, join_session))
        .routes(routes!(send_heartbeat, leave_session))
        .routes(routes!(change_seat))
}

/// Takes a seat in a session, or asks for one.
///
/// A caller without a token becomes a new guest. The response contains the guest's token. If new players need an approval,
/// a new player waits: `approval` is `waiting` until a manager approves, and heartbeats return when that is.
#[utoipa::path(post, path = "/v1/sessions/{session}/seats", params(("session" = SessionId, Path)),
    request_body = Join, responses(
    (status = 200, body = Seated),
    (status = 403, body = Problem, description = "The session does not admit guests, or a manager has removed the player"),
    (status = 409, body = Problem, description = "All seats or the nickname are taken, too many players wait, or the session is locked or not open"),
))]
async fn join_session(
    State(app): State<AppState>,
    caller: Option<Caller>,
    Path(session): Path<SessionId>,
    Json(Join { nickname }): Json<Join>,
) -> Result<axum::Json<Seated>, ApiError> {
    Ok(axum::Json(app.seats.join(session, caller.map(|Caller(principal)| principal), nickname).await?))
}

/// Keeps the caller's seat, or the place of a waiting caller. Browsers call this every five seconds.
#[utoipa::path(put, path = "/v1/sessions/{session}/seats/mine", params(("session" = SessionId, Path)), responses(
    (status = 200, body = OwnSeat),
    (status = 409, body = Problem, description = "The caller lost the seat or was just approved, and all seats are taken"),
))]
async fn send_heartbeat(
    State(app): State<AppState>,
    Caller(principal): Caller,
    Path(session): Path<SessionId>,
) -> Result<axum::Json<OwnSeat>, ApiError> {
    Ok(axum::Json(app.seats.heartbeat(Participant { session, player: principal.player }).await?))
}

/// Frees the caller's seat.
#[utoipa::path(delete, path = "/v1/sessions/{session}/seats/mine", params(("session" = SessionId, Path)), responses(
    (status = 204),
))]
async fn leave_session(
    State(app): State<AppState>,
    Caller(principal): Caller,
    Path(session): Path<SessionId>,
) -> Result<StatusCode, ApiError> {
    app.seats.leave(Participant { session, player: principal.player }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Returns every player who ever had a seat in a session or waits for one, for managers.
#[utoipa::path(get, path = "/v1/sessions/{session}/seats", params(("session" = SessionId, Path)), responses(
    (status = 200, body = Seats),
    (status = 403, body = Problem),
))]
async fn list_seats(
    State(app): State<AppState>,
    _: Manager,
    Path(session): Path<SessionId>,
) -> Result<axum::Json<Seats>, ApiError> {
    Ok(axum::Json(Seats { seats: app.seats.list(session).await? }))
}

/// Approves, renames, removes or readmits a player, for managers.
///
/// A player who is approved or readmitted takes a seat with the next heartbeat, while one is free.
#[utoipa::path(patch, path = "/v1/sessions/{session}/seats/{player}",
    params(("session" = SessionId, Path), ("player" = PlayerId, Path)), request_body = SeatChange, responses(
    (status = 204),
    (status = 403, body = Problem),
))]
async fn change_seat(
    State(app): State<AppState>,
    _: Manager,
    Path((session, player)): Path<(SessionId, PlayerId)>,
    Json(change): Json<SeatChange>,
) -> Result<StatusCode, ApiError> {
    app.moderation.change_seat(Participant { session, player }, change).await?;
    Ok(StatusCode::NO_CONTENT)
}
