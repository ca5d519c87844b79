//! Identity: who a caller is. Accounts are local (name and password), or kept by an external OpenID Connect issuer such as
//! Amazon Cognito. Guests have only a token of this server.

mod accounts;
mod address;
mod issuer;
mod oidc;
mod passwords;
mod sign_in_limits;

use std::{error::Error, sync::Arc};

use shared::{
    account::{AccountName, Password, Role},
    api::{IdentityView, OidcView, SignIn, Tokens},
};

use crate::{
    clock::Clock,
    domain::tokens::{self, InvalidToken, Principal, SigningError, TokenKeys},
    engine::registry::{Registry, RegistryError},
};

pub use accounts::Accounts;
pub use address::{Address, InvalidAddress};
pub use oidc::{Oidc, OidcSettings};
pub use sign_in_limits::{SignInLimits, TooManyAttempts};

/// Why a caller cannot be identified or an account cannot be changed.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The name or the password is wrong. The error does not say which, so that callers cannot search for names.
    #[error("wrong name or password")]
    WrongCredentials,
    /// The token is invalid, expired or revoked.
    #[error(transparent)]
    Token(#[from] InvalidToken),
    /// Accounts are kept by an external issuer.
    #[error("this server uses the external issuer {0} for accounts; see GET /v1/identity")]
    External(Address),
    /// The external issuer has not been reached yet, so its tokens cannot be verified.
    #[error("the issuer of accounts is not available; try again shortly")]
    IssuerUnavailable,
    /// Too many attempts to sign in.
    #[error(transparent)]
    TooManyAttempts(#[from] TooManyAttempts),
    /// The registry failed.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// A token cannot be signed.
    #[error(transparent)]
    Signing(#[from] SigningError),
    /// A step that should always work failed.
    #[error("cannot {action}")]
    Internal {
        /// The step, as a verb with its object.
        action: &'static str,
        /// The cause.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
}

/// Identifies callers, and gives access to local accounts.
pub struct Identity {
    keys: Arc<TokenKeys>,
    source: AccountSource,
}

/// Where accounts are kept.
enum AccountSource {
    Local(Accounts),
    External(Box<Oidc>),
}

impl Identity {
    /// Creates the service. Accounts are in `registry` unless an external issuer is given.
    ///
    /// # Errors
    /// If passwords cannot be hashed, or the HTTP client cannot be created.
    pub fn new(
        registry: Arc<dyn Registry>,
        keys: Arc<TokenKeys>,
        issuer: Option<OidcSettings>,
        clock: Clock,
    ) -> Result<Identity, IdentityError> {
        let source = match issuer {
            Some(settings) => AccountSource::External(Box::new(Oidc::new(settings, clock)?)),
            None => AccountSource::Local(Accounts::new(registry, Arc::clone(&keys), clock)?),
        };
        Ok(Identity { keys, source })
    }

    /// Verifies a token of a guest or account, and returns its holder.
    ///
    /// # Errors
    /// If the token is invalid, expired or revoked, or cannot be checked now.
    pub async fn principal(&self, token: &str) -> Result<Principal, IdentityError> {
        if let AccountSource::External(oidc) = &self.source
            && !tokens::is_self_issued(token)
        {
            return oidc.principal(token).await;
        }
        let principal = self.keys.verify_player(token)?;
        match (principal.role, &self.source) {
            (Role::Guest, _) => Ok(principal),
            (Role::Player | Role::Manager, AccountSource::Local(accounts)) => accounts.check_revoked(principal).await,
            // With an external issuer, this server signs tokens of guests only.
            (Role::Player | Role::Manager, AccountSource::External(_)) => Err(InvalidToken.into()),
        }
    }

    /// Signs in to a local account. Each attempt counts against the limit of that name.
    ///
    /// # Errors
    /// If there were too many attempts, accounts are external, the name or password is wrong, or the registry fails.
    pub async fn sign_in(&self, limits: &SignInLimits, request: SignIn) -> Result<Tokens, IdentityError> {
        limits.check_name(&request.name)?;
        self.accounts()?.sign_in(request).await
    }

    /// Returns the local accounts.
    ///
    /// # Errors
    /// If accounts are kept by an external issuer.
    pub fn accounts(&self) -> Result<&Accounts, IdentityError> {
        match &self.source {
            AccountSource::Local(accounts) => Ok(accounts),
            AccountSource::External(oidc) => Err(IdentityError::External(oidc.issuer().clone())),
        }
    }

    /// Prepares the accounts when the server starts.
    ///
    /// With local accounts, creates the first manager if it is missing, and returns its name, and its password if that was
    /// generated. With an external issuer, fetches the issuer's keys. The server starts even if the issuer does not
    /// respond, because it may respond later.
    ///
    /// # Errors
    /// If the registry fails.
    pub async fn prepare(
        &self,
        manager_password: Option<Password>,
    ) -> Result<Option<(AccountName, Option<String>)>, IdentityError> {
        match &self.source {
            AccountSource::Local(accounts) => accounts.ensure_manager(manager_password).await,
            AccountSource::External(oidc) => {
                oidc.refresh().await;
                Ok(None)
            }
        }
    }

    /// Refreshes the keys of an external issuer for ever. Does nothing for local accounts.
    pub async fn run(&self) {
        match &self.source {
            AccountSource::Local(_) => std::future::pending().await,
            AccountSource::External(oidc) => oidc.run().await,
        }
    }

    /// Returns how users sign in.
    ///
    /// # Errors
    /// If the external issuer has not been reached yet.
    pub async fn view(&self) -> Result<IdentityView, IdentityError> {
        let AccountSource::External(oidc) = &self.source else {
            return Ok(IdentityView::Password);
        };
        let endpoints = oidc.endpoints().await?;
        Ok(IdentityView::Oidc(OidcView {
            issuer: oidc.issuer().to_string(),
            client: oidc.client().to_owned(),
            authorization_endpoint: endpoints.authorization_endpoint.to_string(),
            token_endpoint: endpoints.token_endpoint.to_string(),
            end_session_endpoint: endpoints.end_session_endpoint.map(|address| address.to_string()),
        }))
    }

    /// Returns the origin of the external issuer's token endpoint, if it is known. Pages fetch tokens from it.
    pub fn token_origin(&self) -> Option<String> {
        match &self.source {
            AccountSource::Local(_) => None,
            AccountSource::External(oidc) => oidc.token_origin(),
        }
    }
}

/// Returns a function that maps the cause of a failed step to an [`IdentityError`].
fn internal<E: Into<Box<dyn Error + Send + Sync>>>(action: &'static str) -> impl Fn(E) -> IdentityError {
    move |error| IdentityError::Internal { action, source: error.into() }
}
