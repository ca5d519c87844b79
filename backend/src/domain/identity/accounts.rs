//! Local accounts: name and password, and the access and refresh tokens of signed-in users.

use std::sync::Arc;

use sha2::{Digest, Sha256};
use shared::{
    account::{AccountName, Password, Role},
    api::{ChangePassword, NewAccount, SignIn, Tokens},
    ids::PlayerId,
    nickname::Nickname,
    time::Timestamp,
};

use super::{IdentityError, internal, passwords::Passwords};
use crate::{
    clock::Clock,
    domain::tokens::{InvalidToken, Principal, TokenKeys},
    engine::registry::{Account, Grant, GrantKey, Registry, RegistryError},
};

/// The lifetime of a refresh token, in milliseconds: 30 days.
const REFRESH_TOKEN_MILLIS: u64 = 30 * 24 * 60 * 60 * 1000;
/// The account name of the first manager.
const FIRST_MANAGER_NAME: &str = "manager";
/// Attempts to find an account name that is not taken.
const MAX_NAME_ATTEMPTS: usize = 8;

/// Creates local accounts and issues their tokens.
pub struct Accounts {
    registry: Arc<dyn Registry>,
    keys: Arc<TokenKeys>,
    passwords: Passwords,
    clock: Clock,
}

impl Accounts {
    /// Creates the service over the accounts in `registry`.
    ///
    /// # Errors
    /// If passwords cannot be hashed.
    pub fn new(registry: Arc<dyn Registry>, keys: Arc<TokenKeys>, clock: Clock) -> Result<Accounts, IdentityError> {
        Ok(Accounts { registry, keys, passwords: Passwords::new()?, clock })
    }

    /// Checks a verified token against its account, and returns its holder unchanged.
    ///
    /// # Errors
    /// If the account has revoked the token, has another role, or does not exist, or if the registry fails.
    pub async fn check_revoked(&self, principal: Principal) -> Result<Principal, IdentityError> {
        let (account, _) = self.registry.account_by_player(principal.player).await?.ok_or(InvalidToken)?;
        let is_valid = principal.issued_at >= account.tokens_since && principal.role == account.role;
        if is_valid { Ok(principal) } else { Err(InvalidToken.into()) }
    }

    /// Creates an account and signs in. The server chooses the account name, so that error messages do not reveal which
    /// names exist.
    ///
    /// # Errors
    /// If the registry fails.
    pub async fn register(&self, request: NewAccount) -> Result<Tokens, IdentityError> {
        let password_hash = self.passwords.hash(request.password).await?;
        for _ in 0..MAX_NAME_ATTEMPTS {
            let account = Account {
                name: name_for(&request.nickname)?,
                player: PlayerId(random_number()?),
                nickname: request.nickname.clone(),
                role: Role::Player,
                password_hash: password_hash.clone(),
                tokens_since: Timestamp(0),
            };
            match self.registry.put_account(account.clone(), None).await {
                Ok(()) => return self.tokens(&account).await,
                Err(RegistryError::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(internal("find a free account name")(RegistryError::Conflict))
    }

    /// Signs in. The response takes as long whether or not the account exists.
    ///
    /// # Errors
    /// If the name or the password is wrong, or the registry fails.
    pub async fn sign_in(&self, request: SignIn) -> Result<Tokens, IdentityError> {
        let account = self.registry.account(&request.name).await?.map(|(account, _)| account);
        let hash = account.as_ref().map(|account| account.password_hash.clone());
        let is_right = self.passwords.verify(request.password, hash).await?;
        match account.filter(|_| is_right) {
            Some(account) => self.tokens(&account).await,
            None => Err(IdentityError::WrongCredentials),
        }
    }

    /// Exchanges a refresh token for new tokens. Each refresh token can be used once.
    ///
    /// # Errors
    /// If the refresh token is unknown, used, expired or revoked, or the registry fails.
    pub async fn refresh(&self, refresh_token: &str) -> Result<Tokens, IdentityError> {
        let grant = self.registry.take_grant(grant_key(refresh_token)).await?.ok_or(InvalidToken)?;
        let (account, _) = self.registry.account(&grant.name).await?.ok_or(InvalidToken)?;
        let has_expired = self.clock.has_expired(grant.expires_at, REFRESH_TOKEN_MILLIS);
        if has_expired || grant.granted_at < account.tokens_since {
            return Err(InvalidToken.into());
        }
        self.tokens(&account).await
    }

    /// Revokes all tokens of an account.
    ///
    /// # Errors
    /// If the registry fails.
    pub async fn sign_out(&self, principal: Principal) -> Result<(), IdentityError> {
        if let Some((account, version)) = self.registry.account_by_player(principal.player).await? {
            let account = Account { tokens_since: self.revocation(&account), ..account };
            self.registry.put_account(account, Some(version)).await?;
        }
        Ok(())
    }

    /// Changes the password, revokes all other tokens, and returns new ones.
    ///
    /// # Errors
    /// If the current password is wrong, the account does not exist, or the registry fails.
    pub async fn change_password(
        &self,
        principal: Principal,
        request: ChangePassword,
    ) -> Result<Tokens, IdentityError> {
        let (account, version) = self.registry.account_by_player(principal.player).await?.ok_or(InvalidToken)?;
        if !self.passwords.verify(request.old, Some(account.password_hash.clone())).await? {
            return Err(IdentityError::WrongCredentials);
        }
        let password_hash = self.passwords.hash(request.new).await?;
        let account = Account { password_hash, tokens_since: self.revocation(&account), ..account };
        self.registry.put_account(account.clone(), Some(version)).await?;
        self.tokens_at(&account, account.tokens_since).await
    }

    /// Creates the first manager if it is missing. Returns its name, and its password if that was generated; `None` if the
    /// manager exists.
    ///
    /// # Errors
    /// If the registry fails.
    pub async fn ensure_manager(
        &self,
        password: Option<Password>,
    ) -> Result<Option<(AccountName, Option<String>)>, IdentityError> {
        let name: AccountName = FIRST_MANAGER_NAME.parse().map_err(internal("name the first manager"))?;
        if self.registry.account(&name).await?.is_some() {
            return Ok(None);
        }
        let (password, generated) = match password {
            Some(password) => (password, None),
            None => {
                let text = format!("{:016x}", random_number()?);
                (text.parse().map_err(internal("generate the manager's password"))?, Some(text))
            }
        };
        let account = Account {
            name: name.clone(),
            player: PlayerId(random_number()?),
            nickname: "Manager".parse().map_err(internal("name the first manager"))?,
            role: Role::Manager,
            password_hash: self.passwords.hash(password).await?,
            tokens_since: Timestamp(0),
        };
        self.registry.put_account(account, None).await?;
        Ok(Some((name, generated)))
    }

    async fn tokens(&self, account: &Account) -> Result<Tokens, IdentityError> {
        // The clock may have been ahead when the earlier tokens were revoked.
        self.tokens_at(account, self.clock.now().max(account.tokens_since)).await
    }

    async fn tokens_at(&self, account: &Account, now: Timestamp) -> Result<Tokens, IdentityError> {
        let refresh_token = new_refresh_token()?;
        let expires_at = now.after_millis(REFRESH_TOKEN_MILLIS);
        let grant = Grant { name: account.name.clone(), granted_at: now, expires_at };
        self.registry.put_grant(grant_key(&refresh_token), grant).await?;
        let principal = Principal { player: account.player, role: account.role, issued_at: now };
        let (access_token, expires_at) = self.keys.sign_player(principal)?;
        Ok(Tokens {
            name: account.name.clone(),
            player: account.player,
            nickname: account.nickname.clone(),
            role: account.role,
            access_token,
            expires_at,
            refresh_token,
        })
    }

    /// Returns the time since which tokens are valid if all earlier ones are revoked: the next millisecond, so that tokens
    /// signed in the current one are revoked as well.
    fn revocation(&self, account: &Account) -> Timestamp {
        self.clock.now().max(account.tokens_since).after_millis(1)
    }
}

/// Returns 256 random bits in hexadecimal.
fn new_refresh_token() -> Result<String, IdentityError> {
    (0..4).map(|_| Ok(format!("{:016x}", random_number()?))).collect()
}

fn grant_key(refresh_token: &str) -> GrantKey {
    Sha256::digest(refresh_token.as_bytes()).into()
}

/// Returns an account name: up to 16 letters and digits of the nickname, and four random digits.
fn name_for(nickname: &Nickname) -> Result<AccountName, IdentityError> {
    let plain: String = nickname.as_str().to_lowercase().chars().filter(char::is_ascii_alphanumeric).take(16).collect();
    let stem = if plain.is_empty() { "player" } else { &plain };
    format!("{stem}-{:04}", random_number()? % 10_000).parse().map_err(internal("choose an account name"))
}

fn random_number() -> Result<u64, IdentityError> {
    getrandom::u64().map_err(internal("get a random number from the operating system"))
}
