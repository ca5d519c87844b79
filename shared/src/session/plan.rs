//! What a session is to be.

use serde::{Deserialize, Serialize};

use super::SessionName;
use crate::{time::Timestamp, tuning::Tuning};

/// The longest that a time-constrained session runs: 30 days, in minutes.
pub const MAX_MINUTES: u32 = 30 * 24 * 60;

/// How often players may play, and for how long the session runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// As often as they like; the best game counts.
    #[serde(rename = "multiple_trials")]
    MultipleAttempts,
    /// One game each.
    #[serde(rename = "single_trial")]
    SingleAttempt,
    /// As often as they like until the time is up.
    TimeConstrained {
        /// From the start, 1 to [`MAX_MINUTES`].
        minutes: u32,
    },
}

/// What a session is to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// What it is called, 1 to [`super::MAX_NAME_CHARS`] characters.
    pub name: SessionName,
    /// How often players may play.
    pub kind: Kind,
    /// Players at once; any number where there is none.
    #[serde(default)]
    pub seats: Option<u32>,
    /// Whether all start at the same instant, by the manager.
    #[serde(default)]
    pub synchronised: bool,
    /// Whether players without an account may join.
    #[serde(default = "yes")]
    pub guests: bool,
    /// What it is played by; the server's own where there is none.
    #[serde(default)]
    pub tuning: Option<Tuning>,
    /// When it opens by itself.
    #[serde(default)]
    pub opens_at: Option<Timestamp>,
    /// When it closes by itself.
    #[serde(default)]
    pub closes_at: Option<Timestamp>,
}

fn yes() -> bool {
    true
}

impl Plan {
    /// The session that is always there.
    pub fn open_play() -> Plan {
        Plan {
            name: SessionName::open_play(),
            kind: Kind::MultipleAttempts,
            seats: None,
            synchronised: false,
            guests: true,
            tuning: None,
            opens_at: None,
            closes_at: None,
        }
    }

    /// What is wrong with it, if anything.
    ///
    /// # Errors
    /// Says which figure is outside its range.
    pub fn check(&self) -> Result<(), PlanError> {
        if let Kind::TimeConstrained { minutes } = self.kind
            && !(1..=MAX_MINUTES).contains(&minutes)
        {
            return Err(PlanError::Minutes);
        }
        if self.seats == Some(0) {
            return Err(PlanError::NoSeats);
        }
        match (self.opens_at, self.closes_at) {
            (Some(opens), Some(closes)) if closes <= opens => Err(PlanError::Reversed),
            _ => Ok(()),
        }
    }
}

/// A plan that makes no session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// The minutes are outside their range.
    #[error("the minutes must be between 1 and {MAX_MINUTES}")]
    Minutes,
    /// Nobody could play.
    #[error("a session needs at least one seat, or none given for any number")]
    NoSeats,
    /// It would close before it opens.
    #[error("closes_at must be later than opens_at")]
    Reversed,
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_000_000);

    #[test]
    fn plans_that_make_no_session_are_refused() {
        let timed = |minutes| Plan { kind: Kind::TimeConstrained { minutes }, ..Plan::open_play() };
        assert_eq!(timed(3).check(), Ok(()));
        assert_eq!(timed(0).check(), Err(PlanError::Minutes));
        assert_eq!(Plan { seats: Some(0), ..timed(3) }.check(), Err(PlanError::NoSeats));
        assert_eq!(Plan { opens_at: Some(NOW), closes_at: Some(NOW), ..timed(3) }.check(), Err(PlanError::Reversed));
        assert!("".parse::<SessionName>().is_err());
        assert!("x\ny".parse::<SessionName>().is_err());
    }

    #[test]
    fn a_plan_reads_from_few_words() {
        let plan: Plan =
            serde_json::from_str(r#"{"name": "Cup", "kind": {"time_constrained": {"minutes": 5}}}"#).unwrap();
        assert_eq!((plan.kind, plan.guests, plan.seats), (Kind::TimeConstrained { minutes: 5 }, true, None));
        let json = serde_json::to_string(&plan).unwrap();
        assert_eq!(serde_json::from_str::<Plan>(&json).unwrap(), plan);
    }
}
