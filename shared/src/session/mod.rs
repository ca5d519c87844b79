//! Sessions: what a manager opens for players to compete in.

mod code;
mod name;
mod plan;
mod stage;

use serde::{Deserialize, Serialize};

use crate::{hex::hex_u64, ids::PlayerId};

pub use code::{InvalidCode, JoinCode};
pub use name::{InvalidName, MAX_NAME_CHARS, SessionName};
pub use plan::{Kind, MAX_MINUTES, Plan, PlanError};
pub use stage::{GRACE_MILLIS, ManagerMove, Move, MoveError, START_DELAY_MILLIS, Stage};

hex_u64! {
    /// One session.
    SessionId
}

impl SessionId {
    /// The session that is always there: whoever opens the page plays in it, without an account.
    pub const OPEN_PLAY: SessionId = SessionId(0);
}

/// One player in one session: who a standing is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Participant {
    /// The session.
    pub session: SessionId,
    /// The player.
    pub player: PlayerId,
}

/// A seat whose browser has been silent for this long is free, milliseconds.
pub const SEAT_TIMEOUT_MILLIS: u64 = 30_000;
/// A browser says this often that it is there, milliseconds.
pub const SEAT_HEARTBEAT_MILLIS: u64 = 5_000;
