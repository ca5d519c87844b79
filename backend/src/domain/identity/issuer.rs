//! What an issuer publishes: where one signs in, and the keys that its tokens are signed with.

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

use super::{Address, IdentityError, internal};
use crate::domain::tokens::InvalidToken;

/// An answer that takes longer counts as none.
const PATIENCE: Duration = Duration::from_secs(5);
/// From one question to the next, at least: whoever makes up names of keys makes nobody ask more often.
const PAUSE: Duration = Duration::from_secs(10);
/// What was published is asked for anew this often, so that a key which is withdrawn holds no longer.
const KEPT: Duration = Duration::from_secs(5 * 60);

/// Why the issuer cannot be used now.
#[derive(Debug, thiserror::Error)]
enum IssuerError {
    /// It does not answer, or nothing that can be read.
    #[error(transparent)]
    Request(#[from] reqwest::Error),
    /// What is there is another issuer's.
    #[error("its discovery document is of another issuer: {0}")]
    Other(String),
}

/// Where one signs in, gets tokens, and signs out.
#[derive(Debug, Clone, Deserialize)]
pub struct Endpoints {
    pub authorization_endpoint: Address,
    pub token_endpoint: Address,
    pub end_session_endpoint: Option<Address>,
}

/// The issuer's description of itself.
#[derive(Deserialize)]
struct Document {
    issuer: String,
    jwks_uri: Address,
    #[serde(flatten)]
    endpoints: Endpoints,
}

#[derive(Deserialize)]
struct KeySet {
    /// Each is read by itself: an issuer may publish kinds that we do not know.
    keys: Vec<Value>,
}

/// A key of the issuer's, with the one algorithm that it is used with, whatever a token says.
#[derive(Clone)]
pub struct IssuerKey {
    id: Option<String>,
    pub algorithm: Algorithm,
    pub key: DecodingKey,
}

impl IssuerKey {
    /// The key, if tokens can be signed with it that we take.
    fn read(jwk: Value) -> Option<IssuerKey> {
        let jwk: Jwk = serde_json::from_value(jwk).ok()?;
        let (algorithm, named) = match &jwk.algorithm {
            AlgorithmParameters::RSA(_) => (Algorithm::RS256, KeyAlgorithm::RS256),
            AlgorithmParameters::EllipticCurve(ec) if ec.curve == EllipticCurve::P256 => {
                (Algorithm::ES256, KeyAlgorithm::ES256)
            }
            _ => return None,
        };
        let fits = jwk.common.key_algorithm.is_none_or(|said| said == named);
        let signs = jwk.common.public_key_use.as_ref().is_none_or(|said| *said == PublicKeyUse::Signature);
        let key = DecodingKey::from_jwk(&jwk).ok()?;
        (fits && signs).then_some(IssuerKey { id: jwk.common.key_id, algorithm, key })
    }
}

struct Published {
    endpoints: Endpoints,
    keys: Vec<IssuerKey>,
}

/// An issuer, as far as it was heard of.
pub struct Issuer {
    name: Address,
    document: Url,
    client: Client,
    published: watch::Sender<Option<Arc<Published>>>,
    /// When it was asked last. Whoever asks holds it, so that all others wait for the one answer.
    asked: Mutex<Option<Instant>>,
}

impl Issuer {
    /// An issuer of that name, which describes itself in the document at `document`.
    ///
    /// # Errors
    /// Where this machine cannot ask anybody.
    pub fn new(name: Address, document: Url) -> Result<Issuer, IdentityError> {
        let client = Client::builder().timeout(PATIENCE).redirect(redirect::Policy::none());
        let client = client.build().map_err(internal)?;
        Ok(Issuer { name, document, client, published: watch::Sender::new(None), asked: Mutex::new(None) })
    }

    /// What tokens name as their issuer.
    pub fn name(&self) -> &Address {
        &self.name
    }

    /// The key of that name.
    ///
    /// # Errors
    /// Where the issuer has none, or was never reached.
    pub async fn key(&self, id: Option<&str>) -> Result<IssuerKey, IdentityError> {
        let find = |published: &Published| published.keys.iter().find(|key| key.id.as_deref() == id).cloned();
        if let Some(key) = self.known().as_deref().and_then(find) {
            return Ok(key);
        }
        self.ask().await;
        let published = self.known().ok_or(IdentityError::IssuerUnavailable)?;
        find(&published).ok_or(InvalidToken.into())
    }

    /// Where one signs in.
    ///
    /// # Errors
    /// Where the issuer was never reached.
    pub async fn endpoints(&self) -> Result<Endpoints, IdentityError> {
        if self.known().is_none() {
            self.ask().await;
        }
        self.known_endpoints().ok_or(IdentityError::IssuerUnavailable)
    }

    /// The same, as far as is known.
    pub fn known_endpoints(&self) -> Option<Endpoints> {
        self.known().map(|published| published.endpoints.clone())
    }

    fn known(&self) -> Option<Arc<Published>> {
        self.published.borrow().clone()
    }

    /// Asks what is published now, unless that was done a moment ago. Where there is no answer, what was known stays.
    pub async fn ask(&self) {
        let mut asked = self.asked.lock().await;
        if asked.is_some_and(|asked| asked.elapsed() < PAUSE) {
            return;
        }
        match self.fetch().await {
            Ok(published) => drop(self.published.send_replace(Some(Arc::new(published)))),
            Err(error) => {
                // With its causes: they say what to do.
                let error: &dyn std::error::Error = &error;
                tracing::warn!(error, issuer = %self.name, "the issuer of accounts cannot be asked");
            }
        }
        *asked = Some(Instant::now());
    }

    /// Asks again and again, sooner where there was no answer yet.
    pub async fn keep_up(&self) {
        loop {
            sleep(if self.known().is_some() { KEPT } else { PAUSE }).await;
            self.ask().await;
        }
    }

    async fn fetch(&self) -> Result<Published, IssuerError> {
        let document: Document = self.read(self.document.clone()).await?;
        if document.issuer != self.name.as_str() {
            return Err(IssuerError::Other(document.issuer));
        }
        let set: KeySet = self.read(document.jwks_uri.url()).await?;
        let keys = set.keys.into_iter().filter_map(IssuerKey::read).collect();
        Ok(Published { endpoints: document.endpoints, keys })
    }

    async fn read<T: DeserializeOwned>(&self, address: Url) -> Result<T, reqwest::Error> {
        self.client.get(address).send().await?.error_for_status()?.json().await
    }
}
