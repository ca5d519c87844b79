//! Confidence intervals of rates.

use std::fmt;

/// The 97.5 % quantile of the standard normal distribution, for a confidence of 95 %.
const Z: f64 = 1.96;

/// A rate with its 95 % confidence interval by Wilson's method. All from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The measured rate.
    pub rate: f64,
    /// The lower end of the interval.
    pub low: f64,
    /// The upper end of the interval.
    pub high: f64,
}

impl Interval {
    /// The rate of `hits` in `trials`. Without trials, nothing is known: 0 to 1.
    pub fn new(hits: usize, trials: usize) -> Interval {
        if trials == 0 {
            return Interval { rate: 0.0, low: 0.0, high: 1.0 };
        }
        let n = trials as f64;
        let rate = hits as f64 / n;
        let scale = 1.0 + Z * Z / n;
        let centre = (rate + Z * Z / (2.0 * n)) / scale;
        let half = Z * (rate * (1.0 - rate) / n + Z * Z / (4.0 * n * n)).sqrt() / scale;
        Interval { rate, low: (centre - half).max(0.0), high: (centre + half).min(1.0) }
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [rate, low, high] = [self.rate, self.low, self.high].map(|rate| rate * 100.0);
        write!(f, "{rate:.1} % ({low:.1} to {high:.1})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_match_published_values() {
        // Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
        for (hits, trials, low, high) in
            [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
        {
            let interval = Interval::new(hits, trials);
            let error = (interval.low - low).abs().max((interval.high - high).abs());
            assert!(error < 0.0001, "{hits} of {trials}: {interval:?}");
        }
    }

    #[test]
    fn nothing_is_known_without_trials() {
        assert_eq!(Interval::new(0, 0), Interval { rate: 0.0, low: 0.0, high: 1.0 });
        assert_eq!(Interval::new(20, 20).to_string(), "100.0 % (83.9 to 100.0)");
    }
}
