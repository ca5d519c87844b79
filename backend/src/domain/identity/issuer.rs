//! The discovery document and keys that an external issuer publishes.

use std::{sync::Arc, time::Duration};

use jsonwebtoken::{
    Algorithm, DecodingKey,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, PublicKeyUse},
};
use reqwest::{Client, Url, redirect};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use tokio::{
    sync::{Mutex, watch},
    time::{Instant, sleep},
};

use super::{IdentityError, address::Address, internal};
use crate::{domain::tokens::InvalidToken, error_chain::error_chain};

/// The time limit for one request to the issuer.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(5);
/// The shortest time between two fetches. Tokens with made-up key IDs do not cause more.
const MIN_FETCH_INTERVAL: Duration = Duration::from_secs(10);
/// How long fetched keys are used. Then they are fetched again, so that a withdrawn key becomes invalid.
const KEY_RETENTION: Duration = Duration::from_secs(5 * 60);

/// Why the issuer's document or keys cannot be fetched.
#[derive(Debug, thiserror::Error)]
enum FetchError {
    /// The request failed, or the response cannot be read.
    #[error(transparent)]
    Request(#[from] reqwest::Error),
    /// The discovery document names another issuer.
    #[error("the discovery document is of another issuer, {0}; check the settings of the issuer")]
    WrongIssuer(String),
}

/// The addresses for signing in, fetching tokens, and signing out.
#[derive(Debug, Clone, Deserialize)]
pub struct Endpoints {
    pub authorization_endpoint: Address,
    pub token_endpoint: Address,
    pub end_session_endpoint: Option<Address>,
}

/// The discovery document.
#[derive(Deserialize)]
struct Document {
    issuer: String,
    jwks_uri: Address,
    #[serde(flatten)]
    endpoints: Endpoints,
}

#[derive(Deserialize)]
struct KeySet {
    /// Parsed one by one, because an issuer may publish kinds of keys that this server does not support.
    keys: Vec<Value>,
}

/// A public key of the issuer, with its algorithm. A token's header does not choose the algorithm.
#[derive(Clone)]
pub struct IssuerKey {
    id: Option<String>,
    pub algorithm: Algorithm,
    pub key: DecodingKey,
}

impl IssuerKey {
    /// Returns the key if it verifies signatures by RS256 or ES256.
    fn parse(jwk: Value) -> Option<IssuerKey> {
        let jwk: Jwk = serde_json::from_value(jwk).ok()?;
        let (algorithm, key_algorithm) = match &jwk.algorithm {
            AlgorithmParameters::RSA(_) => (Algorithm::RS256, KeyAlgorithm::RS256),
            AlgorithmParameters::EllipticCurve(ec) if ec.curve == EllipticCurve::P256 => {
                (Algorithm::ES256, KeyAlgorithm::ES256)
            }
            _ => return None,
        };
        let algorithm_matches = jwk.common.key_algorithm.is_none_or(|named| named == key_algorithm);
        let is_for_signatures =
            jwk.common.public_key_use.as_ref().is_none_or(|key_use| *key_use == PublicKeyUse::Signature);
        let key = DecodingKey::from_jwk(&jwk).ok()?;
        (algorithm_matches && is_for_signatures).then_some(IssuerKey { id: jwk.common.key_id, algorithm, key })
    }
}

/// What the last successful fetch returned.
struct Published {
    endpoints: Endpoints,
    keys: Vec<IssuerKey>,
}

/// An external issuer and what it published.
pub struct Issuer {
    name: Address,
    discovery: Url,
    client: Client,
    published: watch::Sender<Option<Arc<Published>>>,
    /// When the last fetch ended. It is locked during a fetch, so that concurrent callers wait for one response.
    last_fetch: Mutex<Option<Instant>>,
}

impl Issuer {
    /// Creates an issuer with its discovery document's address. It does not contact the issuer.
    ///
    /// # Errors
    /// If the HTTP client cannot be created.
    pub fn new(name: Address, discovery: Url) -> Result<Issuer, IdentityError> {
        let client = Client::builder().timeout(REQUEST_TIMEOUT).redirect(redirect::Policy::none());
        let client = client.build().map_err(internal("create the HTTP client"))?;
        Ok(Issuer { name, discovery, client, published: watch::Sender::new(None), last_fetch: Mutex::new(None) })
    }

    /// Returns the name that tokens have in `iss`.
    pub fn name(&self) -> &Address {
        &self.name
    }

    /// Returns the key with that ID. If the key is unknown, fetches the issuer's keys first.
    ///
    /// # Errors
    /// If the issuer has no such key, or has not been reached yet.
    pub async fn key(&self, id: Option<&str>) -> Result<IssuerKey, IdentityError> {
        let find = |published: &Published| published.keys.iter().find(|key| key.id.as_deref() == id).cloned();
        if let Some(key) = self.published().as_deref().and_then(find) {
            return Ok(key);
        }
        self.refresh().await;
        let published = self.published().ok_or(IdentityError::IssuerUnavailable)?;
        find(&published).ok_or(InvalidToken.into())
    }

    /// Returns the endpoints. If they are unknown, fetches them first.
    ///
    /// # Errors
    /// If the issuer has not been reached yet.
    pub async fn endpoints(&self) -> Result<Endpoints, IdentityError> {
        if self.published().is_none() {
            self.refresh().await;
        }
        self.known_endpoints().ok_or(IdentityError::IssuerUnavailable)
    }

    /// Returns the endpoints if they are known.
    pub fn known_endpoints(&self) -> Option<Endpoints> {
        self.published().map(|published| published.endpoints.clone())
    }

    fn published(&self) -> Option<Arc<Published>> {
        self.published.borrow().clone()
    }

    /// Fetches the discovery document and keys, unless the last fetch was less than ten seconds ago. If the fetch fails,
    /// logs the error and keeps what is known.
    pub async fn refresh(&self) {
        let mut last_fetch = self.last_fetch.lock().await;
        if last_fetch.is_some_and(|at| at.elapsed() < MIN_FETCH_INTERVAL) {
            return;
        }
        match self.fetch().await {
            Ok(published) => drop(self.published.send_replace(Some(Arc::new(published)))),
            Err(error) => {
                let error = error_chain(&error);
                tracing::warn!(error, issuer = %self.name, "cannot fetch the keys of the issuer of accounts");
            }
        }
        *last_fetch = Some(Instant::now());
    }

    /// Refreshes for ever: every five minutes, and every ten seconds until the first success.
    pub async fn run(&self) {
        loop {
            sleep(if self.published().is_some() { KEY_RETENTION } else { MIN_FETCH_INTERVAL }).await;
            self.refresh().await;
        }
    }

    async fn fetch(&self) -> Result<Published, FetchError> {
        let document: Document = self.get(self.discovery.clone()).await?;
        if document.issuer != self.name.as_str() {
            return Err(FetchError::WrongIssuer(document.issuer));
        }
        let set: KeySet = self.get(document.jwks_uri.url()).await?;
        let keys = set.keys.into_iter().filter_map(IssuerKey::parse).collect();
        Ok(Published { endpoints: document.endpoints, keys })
    }

    async fn get<T: DeserializeOwned>(&self, address: Url) -> Result<T, reqwest::Error> {
        self.client.get(address).send().await?.error_for_status()?.json().await
    }
}
