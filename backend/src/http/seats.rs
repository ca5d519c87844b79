//! Seats: who is in a session.

use axum::{extract::State, http::StatusCode};
use shared::{
    account::Role,
    api::{Join, Problem, SeatChange, Seated, Seats},
    ids::PlayerId,
    session::{Participant, SessionId},
};

use super::{
    Shared,
    caller::{Caller, Manager},
    problem::{ApiError, Json, Path},
};
use crate::{
    clock,
    domain::{sessions, tokens::Principal},
};

/// Takes a seat; without a token as a new guest, whose token the answer brings.
#[utoipa::path(post, path = "/v1/sessions/{session}/seats", params(("session" = SessionId, Path)),
    request_body = Join, responses(
    (status = 200, body = Seated),
    (status = 403, body = Problem, description = "Not for guests, or a manager has removed the player"),
    (status = 409, body = Problem, description = "All seats are taken, the nickname is, or the session is not open"),
))]
pub async fn join(
    State(app): State<Shared>,
    caller: Option<Caller>,
    Path(session): Path<SessionId>,
    Json(request): Json<Join>,
) -> Result<axum::Json<Seated>, ApiError> {
    let principal = match caller {
        Some(Caller(principal)) => principal,
        None => Principal { player: sessions::new_player()?, role: Role::Guest, issued_at: clock::now() },
    };
    let Principal { player, role, .. } = principal;
    let (seat, session) = app.sessions.join(Participant { session, player }, role, request.nickname).await?;
    let player_token = match role {
        Role::Guest => Some(app.keys.sign_player(principal)?.0),
        Role::Player | Role::Manager => None,
    };
    Ok(axum::Json(Seated { player: seat.player, player_token, session }))
}

/// Says that the caller's browser is there, which holds the seat.
#[utoipa::path(put, path = "/v1/sessions/{session}/seats/mine", params(("session" = SessionId, Path)), responses(
    (status = 204),
    (status = 409, body = Problem, description = "The seat was lost, and others have all"),
))]
pub async fn heartbeat(
    State(app): State<Shared>,
    Caller(principal): Caller,
    Path(session): Path<SessionId>,
) -> Result<StatusCode, ApiError> {
    app.sessions.heartbeat(Participant { session, player: principal.player }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Frees the caller's seat.
#[utoipa::path(delete, path = "/v1/sessions/{session}/seats/mine", params(("session" = SessionId, Path)), responses(
    (status = 204),
))]
pub async fn leave(
    State(app): State<Shared>,
    Caller(principal): Caller,
    Path(session): Path<SessionId>,
) -> Result<StatusCode, ApiError> {
    app.sessions.leave(Participant { session, player: principal.player }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// All who are, or were, in the session, for managers.
#[utoipa::path(get, path = "/v1/sessions/{session}/seats", params(("session" = SessionId, Path)), responses(
    (status = 200, body = Seats),
    (status = 403, body = Problem),
))]
pub async fn list(
    State(app): State<Shared>,
    _: Manager,
    Path(session): Path<SessionId>,
) -> Result<axum::Json<Seats>, ApiError> {
    Ok(axum::Json(Seats { seats: app.sessions.seats(session).await? }))
}

/// Renames, removes or readmits a player, for managers.
#[utoipa::path(patch, path = "/v1/sessions/{session}/seats/{player}",
    params(("session" = SessionId, Path), ("player" = PlayerId, Path)), request_body = SeatChange, responses(
    (status = 204),
    (status = 403, body = Problem),
))]
pub async fn change(
    State(app): State<Shared>,
    _: Manager,
    Path((session, player)): Path<(SessionId, PlayerId)>,
    Json(change): Json<SeatChange>,
) -> Result<StatusCode, ApiError> {
    app.sessions.change_seat(Participant { session, player }, change).await?;
    Ok(StatusCode::NO_CONTENT)
}
