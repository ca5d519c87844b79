//! 64-bit IDs and hashes, written as 16 hexadecimal digits because a JSON number loses bits in a browser.

/// The error for a text that is not 16 lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 16 lower-case hexadecimal digits")]
pub struct NotHex;

/// Defines a newtype of `u64` that is a text of 16 hexadecimal digits in JSON.
macro_rules! hex_u64 {
    ($(#[$attribute:meta])* $name:ident) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "std::borrow::Cow<'_, str>", into = "String")]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "^[0-9a-f]{16}$", example = "00c0ffee00c0ffee"))]
        pub struct $name(pub u64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{:016x}", self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::hex::NotHex;
            fn from_str(text: &str) -> Result<$name, $crate::hex::NotHex> {
                let digits = text.len() == 16 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
                match u64::from_str_radix(text, 16) {
                    Ok(value) if digits => Ok($name(value)),
                    _ => Err($crate::hex::NotHex),
                }
            }
        }

        impl TryFrom<std::borrow::Cow<'_, str>> for $name {
            type Error = $crate::hex::NotHex;
            fn try_from(text: std::borrow::Cow<'_, str>) -> Result<$name, $crate::hex::NotHex> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> String {
                value.to_string()
            }
        }
    };
}

pub(crate) use hex_u64;
