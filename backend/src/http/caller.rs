//! Who asks: taken from the verified token in the `Authorization` header, never from the body.

use std::net::IpAddr;

use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::{HeaderMap, header, request::Parts},
};
use shared::account::Role;

use super::{Shared, problem::ApiError};
use crate::domain::tokens::{InvalidToken, Principal};

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
        let token = bearer(&parts.headers).ok_or(InvalidToken)?;
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
        let peer = parts.extensions.get().map(|Peer(address)| *address);
        if let Some(address) = forwarded(&parts.headers, app.proxies).or(peer) {
            app.sign_in_limits.from(address).map_err(crate::domain::identity::IdentityError::from)?;
        }
        Ok(Attempt)
    }
}

/// Whom the outermost of so many proxies of ours had before it: each adds an address at the end, and what stands before
/// those anybody may have written.
fn forwarded(headers: &HeaderMap, proxies: u8) -> Option<IpAddr> {
    let last = usize::from(proxies).checked_sub(1)?;
    let told = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let addresses: Vec<&str> = told.flat_map(|value| value.split(',')).collect();
    addresses.iter().rev().nth(last)?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_our_own_proxies_say_is_believed() {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "6.6.6.6, 1.2.3.4, 10.0.0.1".parse().unwrap());
        assert_eq!(forwarded(&headers, 0), None);
        assert_eq!(forwarded(&headers, 1), "10.0.0.1".parse().ok());
        assert_eq!(forwarded(&headers, 2), "1.2.3.4".parse().ok());
        assert_eq!(forwarded(&headers, 9), None);
    }
}
