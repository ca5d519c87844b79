//! Accounts of our own: by name and password, and the tokens that stand for them for a while.

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
    clock,
    domain::tokens::{InvalidToken, Keys, Principal},
    engine::registry::{Account, Grant, GrantKey, Registry, RegistryError},
};

/// Signed in without a sign of life for this long, one has to sign in again, milliseconds: 30 days.
const GRANT_MILLIS: u64 = 30 * 24 * 60 * 60 * 1000;
/// The first manager's name.
const FIRST_MANAGER: &str = "manager";
/// Tries for a name that nobody has.
const NAME_TRIES: usize = 8;

/// Keeps accounts.
pub struct Accounts {
    registry: Arc<dyn Registry>,
    keys: Arc<Keys>,
    passwords: Passwords,
}

impl Accounts {
    /// Accounts that are in `registry`.
    ///
    /// # Errors
    /// Where the machine gives no random numbers.
    pub fn new(registry: Arc<dyn Registry>, keys: Arc<Keys>) -> Result<Accounts, IdentityError> {
        Ok(Accounts { registry, keys, passwords: Passwords::new()? })
    }

    /// The same, unless the account has revoked that since.
    ///
    /// # Errors
    /// Where it has, or there is no such account, or it may do something else.
    pub async fn confirmed(&self, principal: Principal) -> Result<Principal, IdentityError> {
        let (account, _) = self.registry.account_by_player(principal.player).await?.ok_or(InvalidToken)?;
        let holds = principal.issued_at >= account.tokens_since && principal.role == account.role;
        if holds { Ok(principal) } else { Err(InvalidToken.into()) }
    }

    /// Makes an account. The server chooses the name to sign in by: so nobody can learn from a refusal which names exist.
    ///
    /// # Errors
    /// Where the registry fails.
    pub async fn register(&self, request: NewAccount) -> Result<Tokens, IdentityError> {
        let password_hash = self.passwords.hash(request.password).await?;
        for _ in 0..NAME_TRIES {
            let account = Account {
                name: name_for(&request.nickname)?,
                player: PlayerId(random()?),
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
        Err(internal("no free name was found"))
    }

    /// Signs in.
    ///
    /// # Errors
    /// Where the name or the password is wrong. That takes as long whether or not there is such an account.
    pub async fn sign_in(&self, request: SignIn) -> Result<Tokens, IdentityError> {
        let account = self.registry.account(&request.name).await?.map(|(account, _)| account);
        let hash = account.as_ref().map(|account| account.password_hash.clone());
        let right = self.passwords.verify(request.password, hash).await?;
        match account.filter(|_| right) {
            Some(account) => self.tokens(&account).await,
            None => Err(IdentityError::WrongCredentials),
        }
    }

    /// Goes on being signed in: the refresh token is used up and replaced.
    ///
    /// # Errors
    /// Where the refresh token is unknown, used, worn out or revoked.
    pub async fn refresh(&self, refresh_token: &str) -> Result<Tokens, IdentityError> {
        let grant = self.registry.take_grant(key_of(refresh_token)).await?.ok_or(InvalidToken)?;
        let (account, _) = self.registry.account(&grant.name).await?.ok_or(InvalidToken)?;
        if grant.expires_at <= clock::now() || grant.granted_at < account.tokens_since {
            return Err(InvalidToken.into());
        }
        self.tokens(&account).await
    }

    /// Signs out everywhere.
    ///
    /// # Errors
    /// Where the registry fails.
    pub async fn revoke(&self, principal: Principal) -> Result<(), IdentityError> {
        if let Some((account, version)) = self.registry.account_by_player(principal.player).await? {
            let account = Account { tokens_since: after_now(), ..account };
            self.registry.put_account(account, Some(version)).await?;
        }
        Ok(())
    }

    /// Changes the password, and signs out everywhere else.
    ///
    /// # Errors
    /// Where the old password is wrong, or there is no account to have one.
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
        let account = Account { password_hash, tokens_since: after_now(), ..account };
        self.registry.put_account(account.clone(), Some(version)).await?;
        self.tokens_at(&account, account.tokens_since).await
    }

    /// Makes the first manager, unless there is one; gives the name, and the password where it was made up.
    ///
    /// # Errors
    /// Where the registry fails.
    pub async fn ensure_manager(
        &self,
        given: Option<Password>,
    ) -> Result<Option<(AccountName, Option<String>)>, IdentityError> {
        let name: AccountName = FIRST_MANAGER.parse().map_err(internal)?;
        if self.registry.account(&name).await?.is_some() {
            return Ok(None);
        }
        let (password, told) = match given {
            Some(password) => (password, None),
            None => {
                let text = format!("{:016x}", random()?);
                (text.parse().map_err(internal)?, Some(text))
            }
        };
        let account = Account {
            name: name.clone(),
            player: PlayerId(random()?),
            nickname: "Manager".parse().map_err(internal)?,
            role: Role::Manager,
            password_hash: self.passwords.hash(password).await?,
            tokens_since: Timestamp(0),
        };
        self.registry.put_account(account, None).await?;
        Ok(Some((name, told)))
    }

    async fn tokens(&self, account: &Account) -> Result<Tokens, IdentityError> {
        self.tokens_at(account, clock::now()).await
    }

    async fn tokens_at(&self, account: &Account, now: Timestamp) -> Result<Tokens, IdentityError> {
        let refresh_token = [(); 4].map(|()| random()).into_iter().collect::<Result<Vec<u64>, _>>()?;
        let refresh_token: String = refresh_token.iter().map(|part| format!("{part:016x}")).collect();
        let grant = Grant { name: account.name.clone(), granted_at: now, expires_at: now.after_millis(GRANT_MILLIS) };
        self.registry.put_grant(key_of(&refresh_token), grant).await?;
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
}

/// The next instant, so that what was signed in this one is revoked, too.
fn after_now() -> Timestamp {
    clock::now().after_millis(1)
}

fn key_of(refresh_token: &str) -> GrantKey {
    Sha256::digest(refresh_token.as_bytes()).into()
}

/// A name to sign in by: what is plain of the nickname, and four digits.
fn name_for(nickname: &Nickname) -> Result<AccountName, IdentityError> {
    let plain: String = nickname.as_str().to_lowercase().chars().filter(char::is_ascii_alphanumeric).take(16).collect();
    let stem = if plain.is_empty() { "player" } else { &plain };
    format!("{stem}-{:04}", random()? % 10_000).parse().map_err(internal)
}

fn random() -> Result<u64, IdentityError> {
    getrandom::u64().map_err(internal)
}
