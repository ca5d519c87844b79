//! Access and refresh tokens of local accounts.

use axum::{extract::State, http::StatusCode};
use shared::api::{Problem, Refresh, SignIn, Tokens};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::{
    AppState,
    caller::{Caller, SignInAttempt},
    extract::Json,
    problem::ApiError,
};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(sign_in, sign_out)).routes(routes!(refresh_tokens))
}

/// Signs in to an account and returns its tokens.
#[utoipa::path(post, path = "/v1/tokens", request_body = SignIn, responses(
    (status = 200, body = Tokens),
    (status = 401, body = Problem, description = "Wrong name or password"),
    (status = 429, body = Problem, description = "Too many attempts; try again in a minute"),
    (status = 404, body = Problem, description = "This server uses an external issuer for accounts; see `GET /v1/identity`"),
))]
async fn sign_in(
    State(app): State<AppState>,
    _: SignInAttempt,
    Json(request): Json<SignIn>,
) -> Result<axum::Json<Tokens>, ApiError> {
    Ok(axum::Json(app.identity.sign_in(&app.sign_in_limits, request).await?))
}

/// Exchanges a refresh token for new tokens.
///
/// Each refresh token can be used once.
#[utoipa::path(post, path = "/v1/tokens/refresh", request_body = Refresh, responses(
    (status = 200, body = Tokens),
    (status = 401, body = Problem, description = "The refresh token is unknown, used, expired or revoked; sign in again"),
    (status = 404, body = Problem, description = "This server uses an external issuer for accounts; see `GET /v1/identity`"),
))]
async fn refresh_tokens(
    State(app): State<AppState>,
    _: SignInAttempt,
    Json(request): Json<Refresh>,
) -> Result<axum::Json<Tokens>, ApiError> {
    Ok(axum::Json(app.identity.accounts()?.refresh(&request.refresh_token).await?))
}

/// Revokes all tokens of the caller's account.
#[utoipa::path(delete, path = "/v1/tokens", responses(
    (status = 204),
    (status = 401, body = Problem),
    (status = 404, body = Problem, description = "This server uses an external issuer for accounts; see `GET /v1/identity`"),
))]
async fn sign_out(State(app): State<AppState>, Caller(principal): Caller) -> Result<StatusCode, ApiError> {
    app.identity.accounts()?.sign_out(principal).await?;
    Ok(StatusCode::NO_CONTENT)
}
