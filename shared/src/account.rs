//! Accounts: who may sign in, and what they may do.

use std::{borrow::Cow, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::text::checked_text;

/// The shortest password, in characters.
pub const MIN_PASSWORD_CHARS: usize = 8;
/// The longest password, in bytes: hashing a longer one would cost more than it gives.
pub const MAX_PASSWORD_BYTES: usize = 256;
/// The longest name to sign in by.
pub const MAX_NAME_CHARS: usize = 32;

/// What somebody may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Plays without an account, where the session allows it.
    Guest,
    /// Plays.
    Player,
    /// Runs sessions, and plays.
    Manager,
}

/// The name that an account signs in by: 1 to [`MAX_NAME_CHARS`] of a-z, 0-9 and `-`. Nobody else sees it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Cow<'_, str>", into = "String")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "^[a-z0-9-]{1,32}$", example = "ada-4821"))]
pub struct AccountName(String);

/// No name to sign in by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a name to sign in by has 1 to {MAX_NAME_CHARS} of the characters a-z, 0-9 and -")]
pub struct InvalidAccountName;

checked_text!(AccountName, InvalidAccountName);

impl FromStr for AccountName {
    type Err = InvalidAccountName;
    fn from_str(text: &str) -> Result<AccountName, InvalidAccountName> {
        let name = text.trim().to_ascii_lowercase();
        let plain = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if plain && (1..=MAX_NAME_CHARS).contains(&name.len()) {
            Ok(AccountName(name))
        } else {
            Err(InvalidAccountName)
        }
    }
}

/// A password as it is typed, [`MIN_PASSWORD_CHARS`] characters to [`MAX_PASSWORD_BYTES`] bytes. It shows in no log.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Cow<'_, str>", into = "String")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, format = Password, min_length = 8))]
pub struct Password(String);

/// No password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a password has at least {MIN_PASSWORD_CHARS} characters and at most {MAX_PASSWORD_BYTES} bytes")]
pub struct InvalidPassword;

impl Password {
    /// The bytes to be hashed.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl FromStr for Password {
    type Err = InvalidPassword;
    fn from_str(text: &str) -> Result<Password, InvalidPassword> {
        let fits = text.len() <= MAX_PASSWORD_BYTES && text.chars().count() >= MIN_PASSWORD_CHARS;
        if fits { Ok(Password(text.to_owned())) } else { Err(InvalidPassword) }
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
    fn names_to_sign_in_by_are_plain() {
        assert_eq!("Ada-4821 ".parse::<AccountName>().unwrap().as_str(), "ada-4821");
        for bad in ["", "a b", "ä", "a\u{0}", &"a".repeat(33)] {
            assert!(bad.parse::<AccountName>().is_err(), "{bad}");
        }
    }

    #[test]
    fn passwords_are_long_enough_and_show_nowhere() {
        assert!("1234567".parse::<Password>().is_err());
        assert!("x".repeat(257).parse::<Password>().is_err());
        let password: Password = "correct horse".parse().unwrap();
        assert_eq!(format!("{password:?}"), "Password(..)");
    }
}
