//! Accounts: creation, sign-in, tokens and passwords.

use serde::{Deserialize, Serialize};

use crate::{
    account::{AccountName, Password, Role},
    ids::PlayerId,
    nickname::Nickname,
    time::Timestamp,
};

/// Response of `GET /v1/accounts/mine`: the caller, identified by the access token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallerView {
    /// The player whose games the caller plays.
    pub player: PlayerId,
    /// Role of the caller.
    pub role: Role,
}

/// Request of `POST /v1/accounts`: a new account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    /// Nickname, visible to other players.
    pub nickname: Nickname,
    /// Password of the account.
    pub password: Password,
}

/// Request of `POST /v1/tokens`: signs in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// Name of the account.
    pub name: AccountName,
    /// Password of the account.
    pub password: Password,
}

/// Request of `POST /v1/tokens/refresh`, which issues new tokens, and of `POST /v1/tokens/revoke`, which signs out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Refresh {
    /// The refresh token of the last response. Each can be used once.
    pub refresh_token: String,
}

/// Request of `PUT /v1/accounts/mine/password`: changes the password and signs out all other browsers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// The current password.
    pub old: Password,
    /// The new password.
    pub new: Password,
}

/// The tokens of a signed-in account, with its name, player, nickname and role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tokens {
    /// Name of the account, to sign in with.
    pub name: AccountName,
    /// The player of the account.
    pub player: PlayerId,
    /// Nickname, visible to other players.
    pub nickname: Nickname,
    /// Role of the account.
    pub role: Role,
    /// Access token for the `Authorization: Bearer` header.
    pub access_token: String,
    /// When the access token expires.
    pub expires_at: Timestamp,
    /// Refresh token for `POST /v1/tokens/refresh`. It can be used once.
    pub refresh_token: String,
}
