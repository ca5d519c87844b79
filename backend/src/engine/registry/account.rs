//! Accounts, and the grants of their refresh tokens.

use serde::{Deserialize, Serialize};
use shared::{
    account::{AccountName, Role},
    ids::PlayerId,
    nickname::Nickname,
    time::Timestamp,
};

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The name to sign in with.
    pub name: AccountName,
    /// The player of the account.
    pub player: PlayerId,
    /// The name that others see.
    pub nickname: Nickname,
    /// The role, which says what the account may do.
    pub role: Role,
    /// The password's hash with its salt and costs, in the PHC format.
    pub password_hash: String,
    /// Tokens that were signed before this time are revoked.
    pub tokens_since: Timestamp,
}

/// The right to exchange a refresh token for new tokens, once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// The account's name.
    pub name: AccountName,
    /// When the refresh token was issued.
    pub granted_at: Timestamp,
    /// When the refresh token expires.
    pub expires_at: Timestamp,
}

/// The SHA-256 of a refresh token. The registry holds only hashes, so that nobody can use a token read from it.
pub type GrantKey = [u8; 32];
