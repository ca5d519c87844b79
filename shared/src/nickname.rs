//! Nicknames: the names of players on the scoreboard.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::text::checked_text;

/// Maximum length of a nickname, characters.
pub const MAX_CHARS: usize = 20;

/// A nickname: 1 to 20 visible characters of any script, in Unicode's NFC.
///
/// It can contain emoji and markup, so a page must escape it. Invisible characters, direction changes and stacked
/// accents are rejected.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "std::borrow::Cow<'_, str>", into = "String")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 1, max_length = 20, example = "Ada"))]
pub struct Nickname(String);

/// The reason why a nickname is invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NicknameError {
    /// The nickname is empty, or has only spaces.
    #[error("a nickname must have at least one character")]
    Empty,
    /// The nickname has more than [`MAX_CHARS`] characters.
    #[error("a nickname must have at most {MAX_CHARS} characters")]
    TooLong,
    /// The nickname has a control, invisible, direction-changing or unassigned character.
    #[error("a nickname must not contain the invisible or reserved character U+{code:04X}", code = u32::from(*.0))]
    Forbidden(char),
    /// More than two accents on one character, which would cover the lines around the nickname.
    #[error("a nickname must not have more than two accents on one character")]
    TooManyMarks,
}

impl Nickname {
    /// The nickname in lower case. Two nicknames that differ only in case have the same folded form.
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }
}

checked_text!(Nickname, NicknameError);

impl FromStr for Nickname {
    type Err = NicknameError;

    fn from_str(text: &str) -> Result<Nickname, NicknameError> {
        // Shorten it first, so that a very long text does not cost time.
        let name: String = normalised(text.trim()).take(MAX_CHARS + 1).collect();
        match name.chars().count() {
            0 => Err(NicknameError::Empty),
            n if n > MAX_CHARS => Err(NicknameError::TooLong),
            _ => check_characters(name).map(Nickname),
        }
    }
}

#[cfg(not(feature = "unicode"))]
fn normalised(text: &str) -> impl Iterator<Item = char> {
    text.chars()
}

#[cfg(not(feature = "unicode"))]
fn check_characters(name: String) -> Result<String, NicknameError> {
    match name.chars().find(|c| c.is_control()) {
        Some(forbidden) => Err(NicknameError::Forbidden(forbidden)),
        None => Ok(name),
    }
}

#[cfg(feature = "unicode")]
use unicode_tables::{check_characters, normalised};

/// The checks that need Unicode's tables.
#[cfg(feature = "unicode")]
mod unicode_tables {
    use unicode_normalization::UnicodeNormalization;
    use unicode_properties::{
        GeneralCategory::{
            self, Control, EnclosingMark, Format, LineSeparator, NonspacingMark, ParagraphSeparator, PrivateUse,
            SpaceSeparator, Surrogate, Unassigned,
        },
        UnicodeGeneralCategory,
    };

    use super::NicknameError;

    pub fn normalised(text: &str) -> impl Iterator<Item = char> {
        text.nfc()
    }

    pub fn check_characters(name: String) -> Result<String, NicknameError> {
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
    fn nicknames_of_any_script_are_accepted() {
        for name in ["Ada", "Łukasz", "愛", "नमस्ते", "👾👾", "<b>bold</b>", "O'Neill & co"] {
            assert_eq!(name.parse::<Nickname>().unwrap().as_str(), name);
        }
    }

    #[test]
    fn nickname_that_disturbs_the_text_around_it_is_rejected() {
        let error = |name: &str| name.parse::<Nickname>().unwrap_err();
        assert_eq!(error("  "), NicknameError::Empty);
        assert_eq!(error("abcdefghijklmnopqrstu"), NicknameError::TooLong);
        assert_eq!(error("a\u{202e}b"), NicknameError::Forbidden('\u{202e}'));
        assert_eq!(error("a\nb"), NicknameError::Forbidden('\n'));
        assert_eq!(error("zero\u{200b}width"), NicknameError::Forbidden('\u{200b}'));
        assert_eq!(error("z\u{335}\u{336}\u{337}"), NicknameError::TooManyMarks);
        assert_eq!(
            error("\u{202e}").to_string(),
            "a nickname must not contain the invisible or reserved character U+202E"
        );
    }

    proptest! {
        #[test]
        fn nickname_parses_to_itself(text in "\\PC{0,25}") {
            if let Ok(name) = text.parse::<Nickname>() {
                prop_assert_eq!(name.as_str().parse::<Nickname>().unwrap(), name);
            }
        }
    }
}
