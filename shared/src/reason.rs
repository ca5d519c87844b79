//! The reason that a manager gives for a decision.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::text::checked_text;

/// Maximum length of a reason, characters.
pub const MAX_REASON_CHARS: usize = 200;

/// The reason of a manager's decision: 1 to 200 characters without control characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "std::borrow::Cow<'_, str>", into = "String")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 1, max_length = 200, example = "played by a program"))]
pub struct Reason(String);

/// The error for a reason that is empty, too long, or has control characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the reason must have 1 to {MAX_REASON_CHARS} characters without control characters")]
pub struct InvalidReason;

checked_text!(Reason, InvalidReason);

impl FromStr for Reason {
    type Err = InvalidReason;
    fn from_str(text: &str) -> Result<Reason, InvalidReason> {
        let reason = text.trim();
        let is_valid = (1..=MAX_REASON_CHARS).contains(&reason.chars().take(MAX_REASON_CHARS + 1).count());
        if is_valid && !reason.chars().any(char::is_control) {
            Ok(Reason(reason.to_owned()))
        } else {
            Err(InvalidReason)
        }
    }
}
