//! Accounts: names, passwords and roles.

use std::{borrow::Cow, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::text::checked_text;

/// Minimum length of a password, characters.
pub const MIN_PASSWORD_CHARS: usize = 8;
/// Maximum length of a password, bytes. It limits the cost of hashing.
pub const MAX_PASSWORD_BYTES: usize = 256;
/// Maximum length of an account name, characters.
pub const MAX_NAME_CHARS: usize = 32;

/// The role of a caller. It decides which requests the server allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Has no account. Can play in sessions that allow guests.
    Guest,
    /// Has an account. Can play in all sessions.
    Player,
    /// Has an account. Can play and manage sessions.
    Manager,
}

/// The name to sign in with: 1 to 32 of the characters a-z, 0-9 and `-`. Other players do not see it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Cow<'_, str>", into = "String")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "^[a-z0-9-]{1,32}$", example = "ada-4821"))]
pub struct AccountName(String);

/// The error for an invalid account name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an account name must have 1 to {MAX_NAME_CHARS} characters, each of a-z, 0-9 and -")]
pub struct InvalidAccountName;

checked_text!(AccountName, InvalidAccountName);

impl FromStr for AccountName {
    type Err = InvalidAccountName;
    fn from_str(text: &str) -> Result<AccountName, InvalidAccountName> {
        let name = text.trim().to_ascii_lowercase();
        let is_plain = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if is_plain && (1..=MAX_NAME_CHARS).contains(&name.len()) {
            Ok(AccountName(name))
        } else {
            Err(InvalidAccountName)
        }
    }
}

/// A password: at least 8 characters and at most 256 bytes. Logs do not show it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Cow<'_, str>", into = "String")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, format = Password, min_length = 8))]
pub struct Password(String);

/// The error for an invalid password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a password must have at least {MIN_PASSWORD_CHARS} characters and at most {MAX_PASSWORD_BYTES} bytes")]
pub struct InvalidPassword;

impl Password {
    /// The bytes of the password, for hashing.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl FromStr for Password {
    type Err = InvalidPassword;
    fn from_str(text: &str) -> Result<Password, InvalidPassword> {
        let is_valid = text.len() <= MAX_PASSWORD_BYTES && text.chars().count() >= MIN_PASSWORD_CHARS;
        if is_valid { Ok(Password(text.to_owned())) } else { Err(InvalidPassword) }
    }
}

impl TryFrom<Cow<'_, str>> for Password {
    type Error = InvalidPassword;
    fn try_from(text: Cow<'_, str>) -> Result<Password, InvalidPassword> {
        text.parse()
    }
}

impl From<Password> for String {
    fn from(password: Password) -> String {
        password.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn account_name_is_normalised_and_validated() {
        assert_eq!("Ada-4821 ".parse::<AccountName>().unwrap().as_str(), "ada-4821");
        for bad in ["", "a b", "ä", "a\u{0}", &"a".repeat(33)] {
            assert!(bad.parse::<AccountName>().is_err(), "{bad}");
        }
    }

    #[test]
    fn password_length_is_checked_and_debug_output_hides_it() {
        assert!("1234567".parse::<Password>().is_err());
        assert!("x".repeat(257).parse::<Password>().is_err());
        let password: Password = "correct horse".parse().unwrap();
        assert_eq!(format!("{password:?}"), "Password(..)");
    }
}
