//! Accounts and the tokens that stand for them; how one signs in, and who that makes one.

use axum::{extract::State, http::StatusCode};
use shared::api::{CallerView, ChangePassword, IdentityView, NewAccount, Problem, Refresh, SignIn, Tokens};

use super::{
    Shared,
    caller::{Attempt, Caller},
    problem::{ApiError, Json},
};
use crate::domain::identity::IdentityError;

/// How one signs in: here, or at an issuer that keeps the accounts.
#[utoipa::path(get, path = "/v1/identity", responses(
    (status = 200, body = IdentityView),
    (status = 503, body = Problem, description = "The issuer has not been reached yet"),
))]
pub async fn identity(State(app): State<Shared>) -> Result<axum::Json<IdentityView>, ApiError> {
    Ok(axum::Json(app.identity.view().await?))
}

/// Who the caller is.
#[utoipa::path(get, path = "/v1/accounts/mine", responses(
    (status = 200, body = CallerView),
    (status = 401, body = Problem),
))]
pub async fn mine(Caller(principal): Caller) -> axum::Json<CallerView> {
    axum::Json(CallerView { player: principal.player, role: principal.role })
}

/// Makes an account, and signs in. The answer names what to sign in by.
#[utoipa::path(post, path = "/v1/accounts", request_body = NewAccount, responses(
    (status = 201, body = Tokens),
    (status = "4XX", body = Problem),
))]
pub async fn register(
    State(app): State<Shared>,
    _: Attempt,
    Json(request): Json<NewAccount>,
) -> Result<(StatusCode, axum::Json<Tokens>), ApiError> {
    Ok((StatusCode::CREATED, axum::Json(app.identity.accounts()?.register(request).await?)))
}

/// Changes the caller's password, and signs out everywhere else.
#[utoipa::path(put, path = "/v1/accounts/mine/password", request_body = ChangePassword, responses(
    (status = 200, body = Tokens),
    (status = 401, body = Problem, description = "The token or the old password is wrong"),
    (status = 404, body = Problem, description = "Accounts are kept elsewhere"),
))]
pub async fn change_password(
    State(app): State<Shared>,
    _: Attempt,
    Caller(principal): Caller,
    Json(request): Json<ChangePassword>,
) -> Result<axum::Json<Tokens>, ApiError> {
    Ok(axum::Json(app.identity.accounts()?.change_password(principal, request).await?))
}

/// Signs in.
#[utoipa::path(post, path = "/v1/tokens", request_body = SignIn, responses(
    (status = 200, body = Tokens),
    (status = 401, body = Problem, description = "The name or the password is wrong; which, is not told"),
    (status = 429, body = Problem, description = "Too many attempts"),
    (status = 404, body = Problem, description = "Accounts are kept elsewhere"),
))]
pub async fn sign_in(
    State(app): State<Shared>,
    _: Attempt,
    Json(request): Json<SignIn>,
) -> Result<axum::Json<Tokens>, ApiError> {
    app.sign_in_limits.at(&request.name).map_err(IdentityError::from)?;
    Ok(axum::Json(app.identity.accounts()?.sign_in(request).await?))
}

/// Gives new tokens for a refresh token, which is used up.
#[utoipa::path(post, path = "/v1/tokens/refresh", request_body = Refresh, responses(
    (status = 200, body = Tokens),
    (status = 401, body = Problem, description = "Unknown, used, worn out or revoked: sign in again"),
    (status = 404, body = Problem, description = "Accounts are kept elsewhere"),
))]
pub async fn refresh(
    State(app): State<Shared>,
    _: Attempt,
    Json(request): Json<Refresh>,
) -> Result<axum::Json<Tokens>, ApiError> {
    Ok(axum::Json(app.identity.accounts()?.refresh(&request.refresh_token).await?))
}

/// Signs the caller out, everywhere.
#[utoipa::path(delete, path = "/v1/tokens", responses(
    (status = 204),
    (status = 401, body = Problem),
    (status = 404, body = Problem, description = "Accounts are kept elsewhere"),
))]
pub async fn sign_out(State(app): State<Shared>, Caller(principal): Caller) -> Result<StatusCode, ApiError> {
    app.identity.accounts()?.revoke(principal).await?;
    Ok(StatusCode::NO_CONTENT)
}
