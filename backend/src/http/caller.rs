//! Who sends a request: extractors of the verified token in the `Authorization` header, and of the client's address.

use std::net::IpAddr;

use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::{HeaderMap, header, request::Parts},
};
use shared::{account::Role, ids::GameId};

use super::{AppState, extract::Path, problem::ApiError};
use crate::domain::{
    replay_access::ReplayToken,
    tokens::{GameClaims, Principal},
};

/// The address of the other end of the connection: the client's, or a proxy's. The server adds it to each request.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub IpAddr);

/// Returns the token of the `Authorization: Bearer` header.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

fn required_bearer(headers: &HeaderMap) -> Result<&str, ApiError> {
    bearer(headers).ok_or(ApiError::MissingToken)
}

/// A guest, player or manager with a valid token.
pub struct Caller(pub Principal);

impl FromRequestParts<AppState> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Caller, ApiError> {
        Ok(Caller(app.identity.principal(required_bearer(&parts.headers)?).await?))
    }
}

impl OptionalFromRequestParts<AppState> for Caller {
    type Rejection = ApiError;

    /// Returns `None` without a token. An invalid token is rejected.
    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Option<Caller>, ApiError> {
        match bearer(&parts.headers) {
            None => Ok(None),
            Some(token) => Ok(Some(Caller(app.identity.principal(token).await?))),
        }
    }
}

/// Any manager with a valid token.
pub struct Manager(pub Principal);

impl FromRequestParts<AppState> for Manager {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Manager, ApiError> {
        let Caller(principal) = <Caller as FromRequestParts<AppState>>::from_request_parts(parts, app).await?;
        match principal.role {
            Role::Manager => Ok(Manager(principal)),
            Role::Guest | Role::Player => Err(ApiError::Forbidden),
        }
    }
}

/// The token of a request for a replay: a player token, a viewer token or none. An invalid token is rejected.
pub struct ReplayCaller(pub Option<ReplayToken>);

impl FromRequestParts<AppState> for ReplayCaller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<ReplayCaller, ApiError> {
        let Some(token) = bearer(&parts.headers) else {
            return Ok(ReplayCaller(None));
        };
        Ok(ReplayCaller(Some(match app.viewers.authenticate(token) {
            Ok(session) => ReplayToken::Viewer(session),
            Err(_) => ReplayToken::Player(app.identity.principal(token).await?),
        })))
    }
}

/// A valid game token for the game in the path.
pub struct GameToken(pub GameClaims);

impl FromRequestParts<AppState> for GameToken {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<GameToken, ApiError> {
        let Path(game) = Path::<GameId>::from_request_parts(parts, app).await?;
        Ok(GameToken(app.ingest.authenticate(game, required_bearer(&parts.headers)?)?))
    }
}

/// An attempt to sign in, counted against the limit of the client's address.
pub struct SignInAttempt;

impl FromRequestParts<AppState> for SignInAttempt {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<SignInAttempt, ApiError> {
        let peer = parts.extensions.get().map(|Peer(address)| *address);
        if let Some(address) = forwarded_address(&parts.headers, app.proxies).or(peer) {
            app.sign_in_limits.check_address(address)?;
        }
        Ok(SignInAttempt)
    }
}

/// Returns the client's address as the outermost of the trusted proxies saw it. Each proxy appends an address to
/// `X-Forwarded-For`; addresses before those may be forged.
fn forwarded_address(headers: &HeaderMap, proxies: u8) -> Option<IpAddr> {
    let last = usize::from(proxies).checked_sub(1)?;
    let values = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let addresses: Vec<&str> = values.flat_map(|value| value.split(',')).collect();
    addresses.iter().rev().nth(last)?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_from_trusted_proxies_are_used() {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "6.6.6.6, 1.2.3.4, 10.0.0.1".parse().unwrap());
        assert_eq!(forwarded_address(&headers, 0), None);
        assert_eq!(forwarded_address(&headers, 1), "10.0.0.1".parse().ok());
        assert_eq!(forwarded_address(&headers, 2), "1.2.3.4".parse().ok());
        assert_eq!(forwarded_address(&headers, 9), None);
    }
}
