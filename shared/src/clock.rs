//! How far a browser's clock is off: estimated from a few questions to the server, so that a common start is one instant
//! everywhere.

use crate::time::Timestamp;

/// Questions that an estimate takes.
pub const QUESTIONS: usize = 5;

/// One question for the server's time, in milliseconds by the asker's own clock.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Answer {
    /// When it was asked.
    pub asked: f64,
    /// What the server's clock said.
    pub server: Timestamp,
    /// When the answer was there.
    pub answered: f64,
}

impl Answer {
    fn took(&self) -> f64 {
        self.answered - self.asked
    }

    /// The server answered about halfway.
    fn ahead(&self) -> f64 {
        self.server.0 as f64 - (self.asked + self.answered) / 2.0
    }
}

/// How far the server's clock is ahead of the asker's, milliseconds: by the answer that came soonest, since it can be off
/// by half of what it took at most. None without an answer.
pub fn server_ahead(answers: &[Answer]) -> Option<f64> {
    let soonest = answers.iter().min_by(|a, b| a.took().total_cmp(&b.took()));
    soonest.map(Answer::ahead)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_off_by_half_of_the_soonest_answer_at_most(
            ahead in -1e7_f64..1e7,
            ways in proptest::collection::vec((0.0_f64..500.0, 0.0_f64..500.0), 1..8),
        ) {
            let asked = 1e9;
            let answers: Vec<Answer> = ways
                .iter()
                .map(|(there, back)| Answer {
                    asked,
                    server: Timestamp((asked + there + ahead) as u64),
                    answered: asked + there + back,
                })
                .collect();
            let soonest = ways.iter().map(|(there, back)| there + back).fold(f64::MAX, f64::min);
            let estimate = server_ahead(&answers).unwrap();
            // A millisecond is lost in rounding.
            prop_assert!((estimate - ahead).abs() <= soonest / 2.0 + 1.0);
        }
    }
}
