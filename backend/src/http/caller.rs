//! Who asks: taken from the verified token in the `Authorization` header, never from the body.

use std::net::IpAddr;

use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::{HeaderMap, header, request::Parts},
};
use shared::account::Role;

use super::{Shared, problem::ApiError};
use crate::keys::{BadToken, Principal};

/// Where a request comes from; each connection has one.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub IpAddr);

/// The token of the `Authorization: Bearer` header.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

/// Somebody with a token that holds: a guest, a player or a manager.
pub struct Caller(pub Principal);

/// A manager; which, does not matter.
pub struct Manager;

impl FromRequestParts<Shared> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Caller, ApiError> {
        let token = bearer(&parts.headers).ok_or(BadToken)?;
        Ok(Caller(app.identity.principal(token).await?))
    }
}

impl OptionalFromRequestParts<Shared> for Caller {
    type Rejection = ApiError;

    /// Nobody, where there is no token; one that does not hold is refused all the same.
    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Option<Caller>, ApiError> {
        match bearer(&parts.headers) {
            None => Ok(None),
            Some(token) => Ok(Some(Caller(app.identity.principal(token).await?))),
        }
    }
}

impl FromRequestParts<Shared> for Manager {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Manager, ApiError> {
        let Caller(principal) = <Caller as FromRequestParts<Shared>>::from_request_parts(parts, app).await?;
        match principal.role {
            Role::Manager => Ok(Manager),
            Role::Guest | Role::Player => Err(ApiError::Forbidden),
        }
    }
}

/// Counts an attempt from where the request comes from.
pub struct Attempt;

impl FromRequestParts<Shared> for Attempt {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Attempt, ApiError> {
        if let Some(Peer(address)) = parts.extensions.get() {
            app.attempts.from(*address).map_err(crate::identity::IdentityError::from)?;
        }
        Ok(Attempt)
    }
}
