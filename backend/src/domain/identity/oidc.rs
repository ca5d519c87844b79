//! Identity by OpenID Connect: access tokens that an issuer elsewhere has signed, such as Amazon Cognito.

use jsonwebtoken::{Algorithm, Validation, decode, decode_header};
use serde::Deserialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use shared::{account::Role, ids::PlayerId, time::Timestamp};

use super::{
    Address, IdentityError, internal,
    issuer::{Endpoints, Issuer},
};
use crate::domain::tokens::{InvalidToken, Principal};

/// Which issuer, and how its tokens are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OidcSettings {
    /// The issuer, as its tokens name it.
    pub issuer: Address,
    /// Where it describes itself, if that is not below its own address.
    pub discovery: Option<Address>,
    /// What the issuer knows us as.
    pub client: String,
    /// The claim that lists somebody's groups.
    pub roles: String,
    /// The group whose members are managers.
    pub managers: String,
}

/// What a token must say to be read at all. What else is checked, [`Validation`] reads by itself.
#[derive(Deserialize)]
struct Claims {
    sub: String,
    #[serde(default)]
    iat: u64,
    /// Whom the token is for; Cognito's access tokens name the client instead.
    aud: Option<Audience>,
    client_id: Option<String>,
    /// What Cognito says that a token is for.
    token_use: Option<String>,
    #[serde(flatten)]
    more: Map<String, Value>,
}

/// Read only so that what is neither is refused: who is meant, [`Validation`] checks.
#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(#[expect(dead_code, reason = "only its form matters")] String),
    Many(#[expect(dead_code, reason = "only its form matters")] Vec<String>),
}

/// Takes an issuer's word for who somebody is.
pub struct Oidc {
    settings: OidcSettings,
    issuer: Issuer,
}

impl Oidc {
    /// Takes the word of the issuer in `settings`.
    ///
    /// # Errors
    /// Where this machine cannot ask anybody.
    pub fn new(settings: OidcSettings) -> Result<Oidc, IdentityError> {
        let document = match &settings.discovery {
            Some(discovery) => discovery.url(),
            None => {
                let below = settings.issuer.as_str().trim_end_matches('/');
                format!("{below}/.well-known/openid-configuration").parse().map_err(internal)?
            }
        };
        Ok(Oidc { issuer: Issuer::new(settings.issuer.clone(), document)?, settings })
    }

    /// The issuer.
    pub fn issuer(&self) -> &Address {
        self.issuer.name()
    }

    /// What the issuer knows us as.
    pub fn client(&self) -> &str {
        &self.settings.client
    }

    /// Where one signs in.
    ///
    /// # Errors
    /// Where the issuer was never reached.
    pub async fn endpoints(&self) -> Result<Endpoints, IdentityError> {
        self.issuer.endpoints().await
    }

    /// Where tokens come from, as far as is known.
    pub fn token_origin(&self) -> Option<String> {
        self.issuer.known_endpoints().map(|endpoints| endpoints.token_endpoint.origin())
    }

    /// Asks what the issuer publishes.
    pub async fn ask(&self) {
        self.issuer.ask().await;
    }

    /// Keeps up with what the issuer publishes, for ever.
    pub async fn keep_up(&self) {
        self.issuer.keep_up().await;
    }

    /// Who holds that access token.
    ///
    /// # Errors
    /// Where the token cannot be believed, or the issuer was never reached to ask for its keys.
    pub async fn principal(&self, token: &str) -> Result<Principal, IdentityError> {
        let header = decode_header(token).map_err(|_| InvalidToken)?;
        // It demands something that must be understood, and nothing here understands any of that.
        if header.crit.is_some() {
            return Err(InvalidToken.into());
        }
        let key = self.issuer.key(header.kid.as_deref()).await?;
        let decoded = decode::<Claims>(token, &key.key, &self.validation(key.algorithm));
        let claims = decoded.map_err(|_| InvalidToken)?.claims;
        if !self.is_ours(&claims) {
            return Err(InvalidToken.into());
        }
        Ok(Principal {
            player: player(self.issuer.name(), &claims.sub),
            role: self.role(&claims),
            issued_at: Timestamp(claims.iat.saturating_mul(1000)),
        })
    }

    fn validation(&self, algorithm: Algorithm) -> Validation {
        let mut validation = Validation::new(algorithm);
        validation.validate_nbf = true;
        validation.set_required_spec_claims(&["exp", "iss", "sub"]);
        validation.set_issuer(&[&self.settings.issuer]);
        // Checked where there is one; where there is none, the client must be named, see below.
        validation.set_audience(&[&self.settings.client]);
        validation
    }

    /// Whether a token is one for using us, and not for telling a page who somebody is.
    fn is_ours(&self, claims: &Claims) -> bool {
        let names_us = claims.aud.is_some() || claims.client_id.as_deref() == Some(self.client());
        let is_access = claims.token_use.as_deref().is_none_or(|told| told == "access");
        names_us && is_access
    }

    fn role(&self, claims: &Claims) -> Role {
        let managers = self.settings.managers.as_str();
        let manages = match claims.more.get(&self.settings.roles) {
            Some(Value::Array(groups)) => groups.iter().any(|group| group == managers),
            Some(group) => group == managers,
            None => false,
        };
        if manages { Role::Manager } else { Role::Player }
    }
}

/// The same somebody of the same issuer is always the same player.
fn player(issuer: &Address, subject: &str) -> PlayerId {
    let digest = Sha256::digest(format!("{issuer}\0{subject}"));
    PlayerId(digest.iter().take(8).fold(0, |id, byte| (id << 8) | u64::from(*byte)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn oidc() -> Oidc {
        Oidc::new(OidcSettings {
            issuer: "https://id.example/pool".parse().unwrap(),
            discovery: None,
            client: "aliens".to_owned(),
            roles: "cognito:groups".to_owned(),
            managers: "Managers".to_owned(),
        })
        .unwrap()
    }

    fn claims(more: Value) -> Claims {
        let mut claims = json!({"sub": "ada"});
        claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        serde_json::from_value(claims).unwrap()
    }

    #[test]
    fn a_manager_is_whoever_is_in_the_managers_group() {
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
    fn a_token_names_us_and_is_for_using_us() {
        let ours = |more| oidc().is_ours(&claims(more));
        assert!(ours(json!({"client_id": "aliens", "token_use": "access"})));
        assert!(ours(json!({"aud": ["aliens"]})));
        assert!(!ours(json!({"client_id": "others", "token_use": "access"})));
        assert!(!ours(json!({"aud": "aliens", "token_use": "id"})));
        assert!(!ours(json!({"token_use": "access"})));
        assert!(serde_json::from_value::<Claims>(json!({"sub": "ada", "aud": 5})).is_err());
    }

    #[test]
    fn players_differ_by_issuer_and_by_subject() {
        let [one, other]: [Address; 2] = ["https://id.example/a", "https://id.example/ab"].map(|a| a.parse().unwrap());
        assert_eq!(player(&one, "bc"), player(&one, "bc"));
        assert_ne!(player(&one, "bc"), player(&one, "b"));
        assert_ne!(player(&one, "bc"), player(&other, "c"));
    }
}
