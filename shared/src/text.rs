//! Text that was checked as it was read: names, codes, whatever strangers type.

/// Gives a newtype of a string, which has a `FromStr` of its own, the reading and the writing that all of them share.
macro_rules! checked_text {
    ($name:ident, $error:ty) => {
        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<std::borrow::Cow<'_, str>> for $name {
            type Error = $error;
            fn try_from(text: std::borrow::Cow<'_, str>) -> Result<$name, $error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(checked: $name) -> String {
                checked.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

pub(crate) use checked_text;
