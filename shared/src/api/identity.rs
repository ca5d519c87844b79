//! Identity: how to sign in.

use serde::{Deserialize, Serialize};

/// Response of `GET /v1/identity`: how to sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum IdentityView {
    /// With an account name and a password, at `POST /v1/tokens`.
    Password,
    /// With OpenID Connect, at the issuer that manages the accounts.
    Oidc(OidcView),
}

/// An OpenID Connect issuer and its endpoints, for the authorization code flow with PKCE.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OidcView {
    /// URL of the issuer.
    pub issuer: String,
    /// Client ID of this game at the issuer.
    pub client: String,
    /// URL of the page to sign in.
    pub authorization_endpoint: String,
    /// URL to exchange an authorization code for tokens, and to refresh them.
    pub token_endpoint: String,
    /// URL of the page to sign out. Omitted if the issuer has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_session_endpoint: Option<String>,
}
