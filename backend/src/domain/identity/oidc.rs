//! Identity by OpenID Connect: verifies access tokens of an external issuer such as Amazon Cognito.

use jsonwebtoken::{Algorithm, Validation, decode, decode_header};
use serde::Deserialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use shared::{account::Role, ids::PlayerId, time::Timestamp};

use super::{
    IdentityError,
    address::Address,
    internal,
    issuer::{Endpoints, Issuer},
};
use crate::{
    clock::Clock,
    domain::tokens::{InvalidToken, LEEWAY_SECONDS, Principal},
};

/// The external issuer, and how to read its tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OidcSettings {
    /// The issuer, as its tokens name it in `iss`.
    pub issuer: Address,
    /// The address of the discovery document, if it is not `ISSUER/.well-known/openid-configuration`.
    pub discovery: Option<Address>,
    /// The client ID of this application at the issuer.
    pub client: String,
    /// The claim that lists a user's groups.
    pub roles: String,
    /// The group whose members are managers.
    pub managers: String,
}

/// The claims that this module reads. [`Validation`] checks issuer and audience itself.
#[derive(Deserialize)]
struct Claims {
    sub: String,
    /// Seconds since 1970, with a fraction in tokens of some issuers.
    exp: f64,
    nbf: Option<f64>,
    #[serde(default)]
    iat: u64,
    /// The audience. Access tokens of Cognito have `client_id` instead.
    aud: Option<Audience>,
    client_id: Option<String>,
    /// `access` or `id` in tokens of Cognito.
    token_use: Option<String>,
    #[serde(flatten)]
    more: Map<String, Value>,
}

/// Parsed only to reject other forms. [`Validation`] checks the value.
#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(#[expect(dead_code, reason = "only the form is checked")] String),
    Many(#[expect(dead_code, reason = "only the form is checked")] Vec<String>),
}

/// Verifies the access tokens of an external issuer.
pub struct Oidc {
    settings: OidcSettings,
    issuer: Issuer,
    clock: Clock,
}

impl Oidc {
    /// Creates a verifier. It does not contact the issuer.
    ///
    /// # Errors
    /// If the HTTP client cannot be created.
    pub fn new(settings: OidcSettings, clock: Clock) -> Result<Oidc, IdentityError> {
        let document = match &settings.discovery {
            Some(discovery) => discovery.url(),
            None => {
                let base = settings.issuer.as_str().trim_end_matches('/');
                let address = format!("{base}/.well-known/openid-configuration");
                address.parse().map_err(internal("build the address of the discovery document"))?
            }
        };
        Ok(Oidc { issuer: Issuer::new(settings.issuer.clone(), document)?, settings, clock })
    }

    /// Returns the issuer.
    pub fn issuer(&self) -> &Address {
        self.issuer.name()
    }

    /// Returns the client ID of this application at the issuer.
    pub fn client(&self) -> &str {
        &self.settings.client
    }

    /// Returns the issuer's endpoints.
    ///
    /// # Errors
    /// If the issuer has not been reached yet.
    pub async fn endpoints(&self) -> Result<Endpoints, IdentityError> {
        self.issuer.endpoints().await
    }

    /// Returns the origin of the token endpoint, if it is known.
    pub fn token_origin(&self) -> Option<String> {
        self.issuer.known_endpoints().map(|endpoints| endpoints.token_endpoint.origin())
    }

    /// Fetches the issuer's endpoints and keys.
    pub async fn refresh(&self) {
        self.issuer.refresh().await;
    }

    /// Refreshes the issuer's endpoints and keys for ever.
    pub async fn run(&self) {
        self.issuer.run().await;
    }

    /// Verifies an access token and returns its holder.
    ///
    /// # Errors
    /// If the token is invalid or expired, or the issuer's keys have not been fetched yet.
    pub async fn principal(&self, token: &str) -> Result<Principal, IdentityError> {
        let header = decode_header(token).map_err(|_| InvalidToken)?;
        // RFC 7515: a token with critical extensions that the verifier does not support must be rejected.
        if header.crit.is_some() {
            return Err(InvalidToken.into());
        }
        let key = self.issuer.key(header.kid.as_deref()).await?;
        let decoded = decode::<Claims>(token, &key.key, &self.validation(key.algorithm));
        let claims = decoded.map_err(|_| InvalidToken)?.claims;
        if !self.is_for_this_client(&claims) || !is_current(&claims, self.clock.now()) {
            return Err(InvalidToken.into());
        }
        Ok(Principal {
            player: player_id(self.issuer.name(), &claims.sub),
            role: self.role(&claims),
            issued_at: Timestamp(claims.iat.saturating_mul(1000)),
        })
    }

    fn validation(&self, algorithm: Algorithm) -> Validation {
        let mut validation = Validation::new(algorithm);
        // `is_current` compares the times with the server's clock, not with the machine's.
        validation.validate_exp = false;
        validation.set_required_spec_claims(&["exp", "iss", "sub"]);
        validation.set_issuer(&[&self.settings.issuer]);
        // Checked only if the token has an audience. If not, `is_for_this_client` requires the client ID.
        validation.set_audience(&[&self.settings.client]);
        validation
    }

    /// Returns whether a token is an access token for this application, not an ID token or for another application.
    fn is_for_this_client(&self, claims: &Claims) -> bool {
        let names_client = claims.aud.is_some() || claims.client_id.as_deref() == Some(self.client());
        let is_access_token = claims.token_use.as_deref().is_none_or(|token_use| token_use == "access");
        names_client && is_access_token
    }

    fn role(&self, claims: &Claims) -> Role {
        let managers = self.settings.managers.as_str();
        let is_manager = match claims.more.get(&self.settings.roles) {
            Some(Value::Array(groups)) => groups.iter().any(|group| group == managers),
            Some(group) => group == managers,
            None => false,
        };
        if is_manager { Role::Manager } else { Role::Player }
    }
}

/// Returns whether a token is valid at that time.
fn is_current(claims: &Claims, now: Timestamp) -> bool {
    let (now, leeway) = (now.0 as f64 / 1000.0, LEEWAY_SECONDS as f64);
    now < claims.exp + leeway && claims.nbf.is_none_or(|nbf| nbf <= now + leeway)
}

/// Derives the player ID from issuer and subject, so that a user is always the same player.
fn player_id(issuer: &Address, subject: &str) -> PlayerId {
    let digest = Sha256::digest(format!("{issuer}\0{subject}"));
    PlayerId(digest.iter().take(8).fold(0, |id, byte| (id << 8) | u64::from(*byte)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn oidc() -> Oidc {
        let settings = OidcSettings {
            issuer: "https://id.example/pool".parse().unwrap(),
            discovery: None,
            client: "aliens".to_owned(),
            roles: "cognito:groups".to_owned(),
            managers: "Managers".to_owned(),
        };
        Oidc::new(settings, Clock::system()).unwrap()
    }

    fn claims(more: Value) -> Claims {
        let mut claims = json!({"sub": "ada", "exp": 1_000});
        claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        serde_json::from_value(claims).unwrap()
    }

    #[test]
    fn members_of_the_managers_group_are_managers() {
        let role = |groups| oidc().role(&claims(json!({"cognito:groups": groups})));
        assert_eq!(role(json!(["Players", "Managers"])), Role::Manager);
        assert_eq!(role(json!("Managers")), Role::Manager);
        for others in [json!(["Players"]), json!("Players"), json!([["Managers"]]), json!({"Managers": true}), json!(1)]
        {
            assert_eq!(role(others), Role::Player);
        }
        assert_eq!(oidc().role(&claims(json!({"groups": ["Managers"]}))), Role::Player);
    }

    #[test]
    fn only_access_tokens_for_this_client_are_accepted() {
        let accepted = |more| oidc().is_for_this_client(&claims(more));
        assert!(accepted(json!({"client_id": "aliens", "token_use": "access"})));
        assert!(accepted(json!({"aud": ["aliens"]})));
        assert!(!accepted(json!({"client_id": "others", "token_use": "access"})));
        assert!(!accepted(json!({"aud": "aliens", "token_use": "id"})));
        assert!(!accepted(json!({"token_use": "access"})));
        assert!(serde_json::from_value::<Claims>(json!({"sub": "ada", "exp": 1_000, "aud": 5})).is_err());
    }

    #[test]
    fn tokens_are_valid_from_nbf_to_exp_with_a_leeway() {
        let is_valid = |seconds: u64| is_current(&claims(json!({"nbf": 500.5})), Timestamp(seconds * 1000));
        assert!(!is_valid(440) && is_valid(441) && is_valid(1_059) && !is_valid(1_060));
        assert!(is_current(&claims(json!({})), Timestamp(0)), "nbf is optional");
    }

    #[test]
    fn player_id_depends_on_issuer_and_subject() {
        let [one, other]: [Address; 2] = ["https://id.example/a", "https://id.example/ab"].map(|a| a.parse().unwrap());
        assert_eq!(player_id(&one, "bc"), player_id(&one, "bc"));
        assert_ne!(player_id(&one, "bc"), player_id(&one, "b"));
        assert_ne!(player_id(&one, "bc"), player_id(&other, "c"));
    }
}
