//! Accounts.

use axum::{extract::State, http::StatusCode};
use shared::api::{CallerView, ChangePassword, NewAccount, Problem, Tokens};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::{
    AppState,
    caller::{Caller, SignInAttempt},
    extract::Json,
    problem::ApiError,
};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(create_account))
        .routes(routes!(get_own_account))
        .routes(routes!(change_password))
}

/// Returns the caller's player ID and role.
#[utoipa::path(get, path = "/v1/accounts/mine", responses(
    (status = 200, body = CallerView),
    (status = 401, body = Problem),
))]
async fn get_own_account(Caller(principal): Caller) -> axum::Json<CallerView> {
    axum::Json(CallerView { player: principal.player, role: principal.role })
}

/// Creates an account and signs in.
///
/// The server chooses the account name. The response contains it.
#[utoipa::path(post, path = "/v1/accounts", request_body = NewAccount, responses(
    (status = 201, body = Tokens),
    (status = "4XX", body = Problem),
))]
async fn create_account(
    State(app): State<AppState>,
    _: SignInAttempt,
    Json(request): Json<NewAccount>,
) -> Result<(StatusCode, axum::Json<Tokens>), ApiError> {
    Ok((StatusCode::CREATED, axum::Json(app.identity.accounts()?.register(request).await?)))
}

/// Changes the caller's password and revokes all other tokens of the account.
#[utoipa::path(put, path = "/v1/accounts/mine/password", request_body = ChangePassword, responses(
    (status = 200, body = Tokens),
    (status = 401, body = Problem, description = "The token or the current password is wrong"),
    (status = 404, body = Problem, description = "This server uses an external issuer for accounts; see `GET /v1/identity`"),
))]
async fn change_password(
    State(app): State<AppState>,
    _: SignInAttempt,
    Caller(principal): Caller,
    Json(request): Json<ChangePassword>,
) -> Result<axum::Json<Tokens>, ApiError> {
    Ok(axum::Json(app.identity.accounts()?.change_password(principal, request).await?))
}
