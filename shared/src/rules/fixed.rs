//! Fixed-point lengths and speeds.

use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use serde::{Deserialize, Serialize};

use crate::{time::TICKS_PER_SECOND, tuning::Decimal};

/// A length on the playfield, or a speed per tick, in units of 1/65536 pixel. x grows to the right, y downwards.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Px(i32);

impl Px {
    /// Zero: no distance, or the left or upper edge.
    pub const ZERO: Px = Px(0);
    const ONE: i64 = 1 << 16;

    /// A number of whole pixels, -32768 to 32767.
    pub const fn whole(pixels: i32) -> Px {
        Px(pixels << 16)
    }

    /// A length in pixels, rounded to the nearest 1/65536, halves away from zero.
    pub fn length(pixels: Decimal) -> Px {
        Px::ratio(pixels.micros(), Decimal::ONE.micros())
    }

    /// A speed in pixels per second, converted to a length per tick. Rounds to the nearest 1/65536, halves away from
    /// zero.
    pub fn speed(pixels_per_second: Decimal) -> Px {
        Px::ratio(pixels_per_second.micros(), Decimal::ONE.micros() * i64::from(TICKS_PER_SECOND))
    }

    /// `numerator / denominator` pixels, rounded to the nearest 1/65536, halves away from zero.
    pub(crate) fn ratio(numerator: i64, denominator: i64) -> Px {
        let scaled = i128::from(numerator) * i128::from(Px::ONE);
        let half = i128::from(denominator / 2) * scaled.signum();
        Px(((scaled + half) / i128::from(denominator)) as i32)
    }

    /// This length in pixels. For drawing only: rules must not use floating point.
    pub fn to_f32(self) -> f32 {
        self.0 as f32 / Px::ONE as f32
    }

    /// This length in units of 1/65536 pixel.
    pub(crate) const fn raw(self) -> i32 {
        self.0
    }

    /// A length in units of 1/65536 pixel.
    pub(crate) const fn from_raw(raw: i32) -> Px {
        Px(raw)
    }

    /// This length, multiplied by `n`.
    pub(crate) fn times(self, n: i32) -> Px {
        Px(self.0 * n)
    }
}

impl Add for Px {
    type Output = Px;
    fn add(self, other: Px) -> Px {
        Px(self.0 + other.0)
    }
}

impl Sub for Px {
    type Output = Px;
    fn sub(self, other: Px) -> Px {
        Px(self.0 - other.0)
    }
}

impl Neg for Px {
    type Output = Px;
    fn neg(self) -> Px {
        Px(-self.0)
    }
}

impl AddAssign for Px {
    fn add_assign(&mut self, other: Px) {
        *self = *self + other;
    }
}

impl SubAssign for Px {
    fn sub_assign(&mut self, other: Px) {
        *self = *self - other;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speed_per_tick_adds_up_to_the_speed_per_second() {
        let per_tick = Px::speed(Decimal::from_micros(25_000_000));
        let error = per_tick.times(60) - Px::whole(25);
        assert!(error.raw().abs() <= 30, "{error:?}");
    }

    #[test]
    fn halves_round_away_from_zero() {
        assert_eq!(Px::ratio(1, 131_072), Px::from_raw(1));
        assert_eq!(Px::ratio(-1, 131_072), Px::from_raw(-1));
    }
}
