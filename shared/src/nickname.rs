//! What a player is called on the scoreboard.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::text::checked_text;

/// The longest nickname, in characters.
pub const MAX_CHARS: usize = 20;

/// A name of 1 to [`MAX_CHARS`] visible characters of any script, emoji and markup included, in Unicode's NFC.
///
/// It is text: whoever shows it escapes it. What could disturb the text around it is refused. Without Unicode's tables
/// (feature `unicode`), as in the browser, that and the form are left to the server to judge.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "std::borrow::Cow<'_, str>", into = "String")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 1, max_length = 20, example = "Ada"))]
pub struct Nickname(String);

/// Why a nickname is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NicknameError {
    /// Nothing but spaces.
    #[error("a nickname needs at least one character")]
    Empty,
    /// Too long.
    #[error("a nickname has at most {MAX_CHARS} characters")]
    TooLong,
    /// A control, an invisible or direction-changing character, or one that means nothing.
    #[error("a nickname cannot hold the invisible or reserved character U+{code:04X}", code = u32::from(*.0))]
    Forbidden(char),
    /// A heap of accents that would cover the lines around it.
    #[error("a nickname cannot hold more than two accents on one character")]
    TooManyMarks,
}

impl Nickname {
    /// What is the same for names that look the same but for upper and lower case.
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }
}

checked_text!(Nickname, NicknameError);

impl FromStr for Nickname {
    type Err = NicknameError;

    fn from_str(text: &str) -> Result<Nickname, NicknameError> {
        // Cut first, so that a hostile length costs nothing.
        let name: String = composed(text.trim()).take(MAX_CHARS + 1).collect();
        match name.chars().count() {
            0 => Err(NicknameError::Empty),
            n if n > MAX_CHARS => Err(NicknameError::TooLong),
            _ => judged(name).map(Nickname),
        }
    }
}

#[cfg(not(feature = "unicode"))]
fn composed(text: &str) -> impl Iterator<Item = char> {
    text.chars()
}

#[cfg(not(feature = "unicode"))]
fn judged(name: String) -> Result<String, NicknameError> {
    match name.chars().find(|c| c.is_control()) {
        Some(forbidden) => Err(NicknameError::Forbidden(forbidden)),
        None => Ok(name),
    }
}

#[cfg(feature = "unicode")]
use by_tables::{composed, judged};

/// What takes Unicode's tables.
#[cfg(feature = "unicode")]
mod by_tables {
    use unicode_normalization::UnicodeNormalization;
    use unicode_properties::{
        GeneralCategory::{
            self, Control, EnclosingMark, Format, LineSeparator, NonspacingMark, ParagraphSeparator, PrivateUse,
            SpaceSeparator, Surrogate, Unassigned,
        },
        UnicodeGeneralCategory,
    };

    use super::NicknameError;

    pub fn composed(text: &str) -> impl Iterator<Item = char> {
        text.nfc()
    }

    pub fn judged(name: String) -> Result<String, NicknameError> {
        if let Some(forbidden) = name.chars().find(|c| !is_visible(*c)) {
            return Err(NicknameError::Forbidden(forbidden));
        }
        let marks: Vec<bool> = name.chars().map(is_mark).collect();
        if marks.windows(3).any(|three| three.iter().all(|mark| *mark)) {
            return Err(NicknameError::TooManyMarks);
        }
        Ok(name)
    }

    fn is_visible(c: char) -> bool {
        match c.general_category() {
            Control | Format | LineSeparator | ParagraphSeparator | PrivateUse | Surrogate | Unassigned => false,
            SpaceSeparator => c == ' ',
            _ => true,
        }
    }

    fn is_mark(c: char) -> bool {
        let category: GeneralCategory = c.general_category();
        matches!(category, EnclosingMark | NonspacingMark)
    }
}

#[cfg(all(test, feature = "unicode"))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ordinary_names_of_any_script_pass() {
        for name in ["Ada", "Łukasz", "愛", "नमस्ते", "👾👾", "<b>bold</b>", "O'Neill & co"] {
            assert_eq!(name.parse::<Nickname>().unwrap().as_str(), name);
        }
    }

    #[test]
    fn what_disturbs_the_text_around_it_is_refused_with_the_reason() {
        let refused = |name: &str| name.parse::<Nickname>().unwrap_err();
        assert_eq!(refused("  "), NicknameError::Empty);
        assert_eq!(refused("abcdefghijklmnopqrstu"), NicknameError::TooLong);
        assert_eq!(refused("a\u{202e}b"), NicknameError::Forbidden('\u{202e}'));
        assert_eq!(refused("a\nb"), NicknameError::Forbidden('\n'));
        assert_eq!(refused("zero\u{200b}width"), NicknameError::Forbidden('\u{200b}'));
        assert_eq!(refused("z\u{335}\u{336}\u{337}"), NicknameError::TooManyMarks);
        assert_eq!(
            refused("\u{202e}").to_string(),
            "a nickname cannot hold the invisible or reserved character U+202E"
        );
    }

    proptest! {
        #[test]
        fn a_nickname_reads_as_itself(text in "\\PC{0,25}") {
            if let Ok(name) = text.parse::<Nickname>() {
                prop_assert_eq!(name.as_str().parse::<Nickname>().unwrap(), name);
            }
        }
    }
}
