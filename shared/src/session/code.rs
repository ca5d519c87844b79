//! Join codes of sessions.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::text::checked_text;

/// The code to join a session: six letters and digits, without 0, 1, I and O, which look alike.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "std::borrow::Cow<'_, str>", into = "String")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, example = "K7QF2M"))]
pub struct JoinCode(String);

/// The error for an invalid join code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a join code must have six letters and digits, without 0, 1, I and O")]
pub struct InvalidCode;

impl JoinCode {
    const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

    /// Creates a code from the lowest 30 bits, which should be random.
    pub fn from_bits(bits: u32) -> JoinCode {
        let letter = |i: u32| char::from(JoinCode::LETTERS[(bits >> (5 * i) & 31) as usize]);
        JoinCode((0..6).map(letter).collect())
    }
}

checked_text!(JoinCode, InvalidCode);

impl FromStr for JoinCode {
    type Err = InvalidCode;
    fn from_str(text: &str) -> Result<JoinCode, InvalidCode> {
        let code = text.trim().to_ascii_uppercase();
        let is_valid = code.len() == 6 && code.bytes().all(|b| JoinCode::LETTERS.contains(&b));
        if is_valid { Ok(JoinCode(code)) } else { Err(InvalidCode) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn join_code_ignores_case_and_spaces() {
        let code = JoinCode::from_bits(0x3fff_ffff);
        assert_eq!(code.as_str(), "ZZZZZZ");
        assert_eq!(" zzzzzz".parse::<JoinCode>().unwrap(), code);
        assert_ne!(JoinCode::from_bits(1), JoinCode::from_bits(2));
        for bad in ["ZZZZZ", "ZZZZZ0", "ZZZZZ?", "ZZZZZZZ"] {
            assert!(bad.parse::<JoinCode>().is_err());
        }
    }
}
