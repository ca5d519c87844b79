//! IDs, hashes and other bytes, written as hexadecimal digits because a JSON number loses bits in a browser.

/// The error for a text that is not this many lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be {digits} lower-case hexadecimal digits")]
pub struct NotHex {
    /// The number of digits that the text must have.
    pub digits: usize,
}

/// Reads the bytes that a text of hexadecimal digits stands for, two digits each.
///
/// # Errors
/// If the text has other characters, or another length.
pub(crate) fn parse_bytes<const N: usize>(text: &str) -> Result<[u8; N], NotHex> {
    let error = NotHex { digits: 2 * N };
    if text.len() != error.digits {
        return Err(error);
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        let (high, low) = digit_value(pair[0]).zip(digit_value(pair[1])).ok_or(error)?;
        *byte = high << 4 | low;
    }
    Ok(bytes)
}

fn digit_value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

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
                $crate::hex::parse_bytes(text).map(|bytes| $name(u64::from_be_bytes(bytes)))
            }
        }

        $crate::hex::hex_text!($name);
    };
}

/// Defines a newtype of bytes that is a text of hexadecimal digits in JSON, two for each byte.
macro_rules! hex_bytes {
    ($(#[$attribute:meta])* $name:ident, bytes: $bytes:tt, pattern: $pattern:tt) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "std::borrow::Cow<'_, str>", into = "String")]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[cfg_attr(feature = "openapi", schema(value_type = String, pattern = $pattern))]
        pub struct $name(pub [u8; $bytes]);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::hex::NotHex;
            fn from_str(text: &str) -> Result<$name, $crate::hex::NotHex> {
                $crate::hex::parse_bytes(text).map($name)
            }
        }

        $crate::hex::hex_text!($name);
    };
}

/// Adds the conversions with which serde writes and reads a type as its text.
macro_rules! hex_text {
    ($name:ident) => {
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

pub(crate) use {hex_bytes, hex_text, hex_u64};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lower_case_digits_of_the_right_length_are_read() {
        assert_eq!(parse_bytes("00ff9a"), Ok([0x00, 0xff, 0x9a]));
        for malformed in ["00ff9", "00ff9a0", "00FF9A", "+0ff9a", "00ff9 ", "00ffä"] {
            assert_eq!(parse_bytes::<3>(malformed), Err(NotHex { digits: 6 }), "{malformed}");
        }
        assert_eq!(NotHex { digits: 6 }.to_string(), "must be 6 lower-case hexadecimal digits");
    }
}
