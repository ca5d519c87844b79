//! Identity: who somebody is. By accounts of our own, or by an issuer of OpenID Connect such as Amazon Cognito; and guests,
//! who are whoever they were before.

mod accounts;
mod address;
mod issuer;
mod oidc;
mod passwords;
mod sign_in_limits;

use std::sync::Arc;

use shared::{
    account::{AccountName, Password, Role},
    api::{IdentityView, OidcView},
};

use crate::{
    domain::tokens::{self, InvalidToken, Keys, Principal},
    engine::registry::{Registry, RegistryError},
};
pub use accounts::Accounts;
pub use address::{Address, InvalidAddress};
use issuer::Endpoints;
pub use oidc::{Oidc, OidcSettings};
pub use sign_in_limits::{SignInLimits, TooMany};

/// Why somebody is not let in.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The name or the password is wrong; which, is not told.
    #[error("the name or the password is wrong")]
    WrongCredentials,
    /// The token cannot be believed.
    #[error(transparent)]
    Token(#[from] InvalidToken),
    /// Accounts are not kept here.
    #[error("accounts are kept at {0}: sign in there, by the page /account.html")]
    External(Address),
    /// The issuer has not been reached yet, so nothing of its can be checked.
    #[error("the issuer of accounts cannot be reached; try again shortly")]
    IssuerUnavailable,
    /// Too many attempts.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// The registry did not do it.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The machine gives no random numbers, or a hash cannot be made.
    #[error("identity failed: {0}")]
    Internal(String),
}

/// Knows who somebody is.
pub struct Identity {
    keys: Arc<Keys>,
    source: Source,
}

/// Who keeps the accounts.
enum Source {
    Here(Accounts),
    External(Box<Oidc>),
}

impl Identity {
    /// An identity whose accounts are in `registry`, or at an issuer, where one is given.
    ///
    /// # Errors
    /// Where the machine gives no random numbers, or lets nobody be asked.
    pub fn new(
        registry: Arc<dyn Registry>,
        keys: Arc<Keys>,
        issuer: Option<OidcSettings>,
    ) -> Result<Identity, IdentityError> {
        let source = match issuer {
            Some(settings) => Source::External(Box::new(Oidc::new(settings)?)),
            None => Source::Here(Accounts::new(registry, Arc::clone(&keys))?),
        };
        Ok(Identity { keys, source })
    }

    /// Who holds that token, unless it was revoked.
    ///
    /// # Errors
    /// Where the token cannot be believed, or cannot be checked now.
    pub async fn principal(&self, token: &str) -> Result<Principal, IdentityError> {
        if let Source::External(oidc) = &self.source
            && !tokens::is_self_issued(token)
        {
            return oidc.principal(token).await;
        }
        let principal = self.keys.verify_player(token)?;
        match (principal.role, &self.source) {
            (Role::Guest, _) => Ok(principal),
            (Role::Player | Role::Manager, Source::Here(accounts)) => accounts.confirmed(principal).await,
            // Where others keep the accounts, our key speaks for guests alone.
            (Role::Player | Role::Manager, Source::External(_)) => Err(InvalidToken.into()),
        }
    }

    /// The accounts of our own.
    ///
    /// # Errors
    /// Where accounts are kept elsewhere.
    pub fn accounts(&self) -> Result<&Accounts, IdentityError> {
        match &self.source {
            Source::Here(accounts) => Ok(accounts),
            Source::External(oidc) => Err(IdentityError::External(oidc.issuer().clone())),
        }
    }

    /// Makes the first manager, unless there is one; gives the name, and the password where it was made up. Where accounts
    /// are kept elsewhere, asks there instead: an issuer that is down now may be up when somebody signs in.
    ///
    /// # Errors
    /// Where the registry fails.
    pub async fn begin(&self, given: Option<Password>) -> Result<Option<(AccountName, Option<String>)>, IdentityError> {
        match &self.source {
            Source::Here(accounts) => accounts.ensure_manager(given).await,
            Source::External(oidc) => {
                oidc.ask().await;
                Ok(None)
            }
        }
    }

    /// Keeps up with what an issuer elsewhere publishes, for ever.
    pub async fn keep_up(&self) {
        match &self.source {
            Source::Here(_) => std::future::pending().await,
            Source::External(oidc) => oidc.keep_up().await,
        }
    }

    /// How one signs in.
    ///
    /// # Errors
    /// Where that is elsewhere, and has not been reached yet.
    pub async fn view(&self) -> Result<IdentityView, IdentityError> {
        let Source::External(oidc) = &self.source else {
            return Ok(IdentityView::Password);
        };
        let Endpoints { authorization_endpoint, token_endpoint, end_session_endpoint } = oidc.endpoints().await?;
        Ok(IdentityView::Oidc(OidcView {
            issuer: oidc.issuer().to_string(),
            client: oidc.client().to_owned(),
            authorization_endpoint: authorization_endpoint.to_string(),
            token_endpoint: token_endpoint.to_string(),
            end_session_endpoint: end_session_endpoint.map(|address| address.to_string()),
        }))
    }

    /// Where pages send to for tokens, besides here, as far as is known.
    pub fn token_origin(&self) -> Option<String> {
        match &self.source {
            Source::Here(_) => None,
            Source::External(oidc) => oidc.token_origin(),
        }
    }
}

fn internal(error: impl std::fmt::Display) -> IdentityError {
    IdentityError::Internal(error.to_string())
}
