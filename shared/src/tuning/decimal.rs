//! A fixed-point number for parameters.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A number with six decimal places, stored as whole millionths so that every machine computes the same result.
///
/// It is an ordinary number in TOML and JSON. Reading rounds to the nearest millionth, halves away from zero.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "f64", into = "f64")]
pub struct Decimal(i64);

impl Decimal {
    /// 1.0
    pub const ONE: Decimal = Decimal(1_000_000);

    /// Creates a number from millionths.
    pub const fn from_micros(micros: i64) -> Decimal {
        Decimal(micros)
    }

    /// This number in millionths.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// This whole number as a decimal.
    pub(crate) const fn whole(n: u32) -> Decimal {
        Decimal(n as i64 * Decimal::ONE.0)
    }

    /// The product, rounded towards zero. Saturates, because levels have no upper limit.
    pub(crate) fn times(self, other: Decimal) -> Decimal {
        let product = i128::from(self.0) * i128::from(other.0) / i128::from(Decimal::ONE.0);
        Decimal(product.clamp(i64::MIN.into(), i64::MAX.into()) as i64)
    }

    /// The sum, saturating.
    pub(crate) fn plus(self, other: Decimal) -> Decimal {
        Decimal(self.0.saturating_add(other.0))
    }

    /// The smallest whole number that is not below this number, which must be positive.
    pub(crate) fn ceil(self) -> usize {
        ((self.0 + Decimal::ONE.0 - 1) / Decimal::ONE.0) as usize
    }

    /// Whether this is a whole number.
    pub(super) fn is_whole(self) -> bool {
        self.0 % Decimal::ONE.0 == 0
    }
}

impl From<f64> for Decimal {
    fn from(number: f64) -> Decimal {
        // `as` saturates and turns NaN into 0; validation then checks the range.
        Decimal((number * 1e6).round() as i64)
    }
}

impl From<Decimal> for f64 {
    fn from(decimal: Decimal) -> f64 {
        decimal.0 as f64 / 1e6
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f64::from(*self).fmt(f)
    }
}
