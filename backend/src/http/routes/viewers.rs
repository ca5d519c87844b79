//! Viewer tokens of big screens.

use axum::{extract::State, http::StatusCode};
use shared::{
    api::{Problem, ViewerToken},
    session::SessionId,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::{AppState, caller::Manager, extract::Path, problem::ApiError};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(issue_viewer_token))
}

/// Issues a viewer token for a session, for managers.
///
/// With it, a big screen shows the session's games without a delay. Session `0000000000000000` is open play.
#[utoipa::path(post, path = "/v1/sessions/{session}/viewer-tokens", params(("session" = SessionId, Path)), responses(
    (status = 201, body = ViewerToken),
    (status = 403, body = Problem),
    (status = 404, body = Problem),
))]
async fn issue_viewer_token(
    State(app): State<AppState>,
    _: Manager,
    Path(session): Path<SessionId>,
) -> Result<(StatusCode, axum::Json<ViewerToken>), ApiError> {
    Ok((StatusCode::CREATED, axum::Json(app.viewers.issue(session).await?)))
}
