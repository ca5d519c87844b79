//! What a session is called.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::text::checked_text;

/// The longest name of a session, in characters.
pub const MAX_NAME_CHARS: usize = 60;

/// A session's name: visible text, 1 to [`MAX_NAME_CHARS`] characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "std::borrow::Cow<'_, str>", into = "String")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 1, max_length = 60, example = "Friday cup"))]
pub struct SessionName(String);

/// The name is empty, too long, or holds control characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a session's name has 1 to {MAX_NAME_CHARS} characters, none of them a control character")]
pub struct InvalidName;

impl SessionName {
    /// The one of the session that is always there.
    pub(super) fn open_play() -> SessionName {
        SessionName("Open play".to_owned())
    }
}

checked_text!(SessionName, InvalidName);

impl FromStr for SessionName {
    type Err = InvalidName;
    fn from_str(text: &str) -> Result<SessionName, InvalidName> {
        let name = text.trim();
        let fits = (1..=MAX_NAME_CHARS).contains(&name.chars().take(MAX_NAME_CHARS + 1).count());
        if fits && !name.chars().any(char::is_control) { Ok(SessionName(name.to_owned())) } else { Err(InvalidName) }
    }
}
