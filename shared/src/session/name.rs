//! Names of sessions.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::text::checked_text;

/// Maximum length of a session name, characters.
pub const MAX_NAME_CHARS: usize = 60;

/// The name of a session: 1 to 60 characters without control characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "std::borrow::Cow<'_, str>", into = "String")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 1, max_length = 60, example = "Friday cup"))]
pub struct SessionName(String);

/// The error for a session name that is empty, too long, or has control characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a session name must have 1 to {MAX_NAME_CHARS} characters without control characters")]
pub struct InvalidName;

impl SessionName {
    /// The name of open play.
    pub(super) fn open_play() -> SessionName {
        SessionName("Open play".to_owned())
    }
}

checked_text!(SessionName, InvalidName);

impl FromStr for SessionName {
    type Err = InvalidName;
    fn from_str(text: &str) -> Result<SessionName, InvalidName> {
        let name = text.trim();
        let is_valid = (1..=MAX_NAME_CHARS).contains(&name.chars().take(MAX_NAME_CHARS + 1).count());
        if is_valid && !name.chars().any(char::is_control) {
            Ok(SessionName(name.to_owned()))
        } else {
            Err(InvalidName)
        }
    }
}
