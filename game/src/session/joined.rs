//! The joined session: its last known state, and the times that follow from it.

use crate::bevy::prelude::*;
use shared::{
    api::SessionView,
    session::{Approval, Stage},
};

use super::clock::ServerClock;

/// Whether this player has a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeatState {
    /// The player has not asked for one, or has lost it.
    None,
    /// The player waits for the approval of a manager.
    Waiting,
    /// The player has one.
    Held,
}

impl SeatState {
    /// The value of the page's `data-seat` attribute.
    pub fn name(self) -> &'static str {
        match self {
            SeatState::None => "none",
            SeatState::Waiting => "waiting",
            SeatState::Held => "held",
        }
    }
}

impl From<Approval> for SeatState {
    fn from(approval: Approval) -> SeatState {
        match approval {
            Approval::Approved => SeatState::Held,
            Approval::Waiting => SeatState::Waiting,
        }
    }
}

/// The session of this page. Exists once the server has responded to the join code.
#[derive(Resource)]
pub struct JoinedSession {
    pub session: SessionView,
    /// This player's seat.
    pub seat: SeatState,
    /// The nicknames of the players with a seat, without accents.
    pub nicknames: Vec<String>,
    /// Whether this page receives the session's updates.
    pub is_connected: bool,
}

impl JoinedSession {
    /// Whether the time for playing is over.
    pub fn is_over(&self, clock: &ServerClock) -> bool {
        match self.session.stage {
            Stage::Running { ends_at: Some(ends_at), .. } => clock.seconds_until(ends_at) <= 0.0,
            Stage::Running { ends_at: None, .. } | Stage::Planned | Stage::Lobby => false,
            Stage::Closing { .. } | Stage::Closed { .. } => true,
        }
    }

    /// Seconds until the common start, if it is scheduled; 0 after it.
    pub fn seconds_until_start(&self, clock: &ServerClock) -> Option<f32> {
        match self.session.stage {
            Stage::Running { starts_at, .. } => Some(clock.seconds_until(starts_at).max(0.0)),
            Stage::Planned | Stage::Lobby | Stage::Closing { .. } | Stage::Closed { .. } => None,
        }
    }

    /// Seconds since the common start, for a player who missed it.
    pub fn seconds_late(&self, clock: &ServerClock) -> Option<f32> {
        /// A slow response delays a player who was there by no more than this.
        const TOLERANCE: f32 = 3.0;
        match self.session.stage {
            Stage::Running { starts_at, .. } if self.session.synchronised => {
                Some(-clock.seconds_until(starts_at)).filter(|late| *late > TOLERANCE)
            }
            _ => None,
        }
    }

    /// Seconds left for playing; `None` if the session has no time limit.
    pub fn seconds_left(&self, clock: &ServerClock) -> Option<f32> {
        match self.session.stage {
            Stage::Running { ends_at, .. } => ends_at.map(|ends_at| clock.seconds_until(ends_at).max(0.0)),
            Stage::Planned | Stage::Lobby | Stage::Closing { .. } | Stage::Closed { .. } => None,
        }
    }
}
