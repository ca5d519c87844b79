//! Sessions: competitions that managers plan and open, with their plans, stages, join codes and admission of players.

mod admission;
mod code;
mod name;
mod plan;
mod stage;

use serde::{Deserialize, Serialize};

use crate::{hex::hex_u64, ids::PlayerId};

pub use admission::{Admission, Approval, MAX_WAITING};
pub use code::{InvalidCode, JoinCode};
pub use name::{InvalidName, MAX_NAME_CHARS, SessionName};
pub use plan::{Kind, MAX_MINUTES, Plan, PlanError};
pub use stage::{GRACE_MILLIS, ManagerMove, Move, MoveError, START_DELAY_MILLIS, Stage};

hex_u64! {
    /// The ID of a session.
    SessionId
}

impl SessionId {
    /// Open play: the session that always exists and needs no account.
    pub const OPEN_PLAY: SessionId = SessionId(0);
}

/// A player in a session. Each participant has at most one standing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Participant {
    /// The session.
    pub session: SessionId,
    /// The player.
    pub player: PlayerId,
}

/// A seat without a heartbeat for this long is free, milliseconds.
pub const SEAT_TIMEOUT_MILLIS: u64 = 30_000;
/// Interval between two heartbeats of a seat, milliseconds.
pub const SEAT_HEARTBEAT_MILLIS: u64 = 5_000;
