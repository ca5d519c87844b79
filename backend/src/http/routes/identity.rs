//! How users sign in.

use axum::{Json, extract::State};
use shared::api::{IdentityView, Problem};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::{AppState, problem::ApiError};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get_identity))
}

/// Returns how users sign in: with a password on this server, or at an external OpenID Connect issuer.
#[utoipa::path(get, path = "/v1/identity", responses(
    (status = 200, body = IdentityView),
    (status = 503, body = Problem, description = "The external issuer is not available; try again later"),
))]
async fn get_identity(State(app): State<AppState>) -> Result<Json<IdentityView>, ApiError> {
    Ok(Json(app.identity.view().await?))
}
