//! Session plans: the settings that a manager chooses for a session.

use serde::{Deserialize, Serialize};

use super::SessionName;
use crate::{time::Timestamp, tuning::Tuning};

/// Maximum duration of a time-constrained session: 30 days, in minutes.
pub const MAX_MINUTES: u32 = 30 * 24 * 60;

/// The kind of a session: the number of attempts of each player, and the time limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Unlimited attempts. The best game of each player counts.
    #[serde(rename = "multiple_trials")]
    MultipleAttempts,
    /// One attempt for each player.
    #[serde(rename = "single_trial")]
    SingleAttempt,
    /// Unlimited attempts within a time limit. The best game of each player counts.
    TimeConstrained {
        /// Time limit from the start of the session, minutes, 1 to 43200 (30 days).
        minutes: u32,
    },
}

/// A session plan: the settings of a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Name of the session, 1 to 60 characters.
    pub name: SessionName,
    /// Number of attempts and time limit.
    pub kind: Kind,
    /// Number of seats, at least 1. Unlimited if omitted.
    #[serde(default)]
    pub seats: Option<u32>,
    /// Whether all players start together when the manager starts the session.
    #[serde(default)]
    pub synchronised: bool,
    /// Whether all games of the session have the same seed.
    #[serde(default)]
    pub shared_seed: bool,
    /// Whether guests can join. True if omitted.
    #[serde(default = "default_guests")]
    pub guests: bool,
    /// Tuning of the session. The server's own tuning if omitted.
    #[serde(default)]
    pub tuning: Option<Tuning>,
    /// Time at which the session opens automatically. If omitted, a manager opens it.
    #[serde(default)]
    pub opens_at: Option<Timestamp>,
    /// Time at which the session closes automatically, later than `opens_at`. If omitted, a manager or the time limit
    /// closes it.
    #[serde(default)]
    pub closes_at: Option<Timestamp>,
}

fn default_guests() -> bool {
    true
}

impl Plan {
    /// The plan of open play.
    pub fn open_play() -> Plan {
        Plan {
            name: SessionName::open_play(),
            kind: Kind::MultipleAttempts,
            seats: None,
            synchronised: false,
            shared_seed: false,
            guests: true,
            tuning: None,
            opens_at: None,
            closes_at: None,
        }
    }

    /// Validates the settings.
    ///
    /// # Errors
    /// The first setting that is outside its range.
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

/// The reason why a session plan is invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// The time limit is outside its range.
    #[error("minutes must be between 1 and {MAX_MINUTES}")]
    Minutes,
    /// The plan has 0 seats.
    #[error("seats is 0, but must be at least 1; omit it for an unlimited number")]
    NoSeats,
    /// The session would close before it opens.
    #[error("closes_at must be later than opens_at")]
    Reversed,
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_000_000);

    #[test]
    fn invalid_plan_is_rejected() {
        let timed = |minutes| Plan { kind: Kind::TimeConstrained { minutes }, ..Plan::open_play() };
        assert_eq!(timed(3).check(), Ok(()));
        assert_eq!(timed(0).check(), Err(PlanError::Minutes));
        assert_eq!(Plan { seats: Some(0), ..timed(3) }.check(), Err(PlanError::NoSeats));
        assert_eq!(Plan { opens_at: Some(NOW), closes_at: Some(NOW), ..timed(3) }.check(), Err(PlanError::Reversed));
        assert!("".parse::<SessionName>().is_err());
        assert!("x\ny".parse::<SessionName>().is_err());
    }

    #[test]
    fn omitted_settings_have_defaults() {
        let plan: Plan =
            serde_json::from_str(r#"{"name": "Cup", "kind": {"time_constrained": {"minutes": 5}}}"#).unwrap();
        assert_eq!((plan.kind, plan.guests, plan.seats), (Kind::TimeConstrained { minutes: 5 }, true, None));
        let json = serde_json::to_string(&plan).unwrap();
        assert_eq!(serde_json::from_str::<Plan>(&json).unwrap(), plan);
    }
}
