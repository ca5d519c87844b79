//! Sessions: session views.

use serde::{Deserialize, Serialize};

use crate::{
    session::{JoinCode, Kind, ManagerMove, SessionId, SessionName, Stage},
    time::Timestamp,
};

/// A session, as every caller can see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionView {
    /// The session.
    pub session: SessionId,
    /// Code to join the session.
    pub code: JoinCode,
    /// Name of the session.
    pub name: SessionName,
    /// Number of attempts and time limit.
    pub kind: Kind,
    /// Number of seats; null if unlimited.
    pub seats: Option<u32>,
    /// Number of taken seats.
    pub seated: u32,
    /// Whether all players start together.
    pub synchronised: bool,
    /// Whether guests can join.
    pub guests: bool,
    /// Whether games rank only if their buttons come in real time.
    pub real_time: bool,
    /// Name of the tuning.
    pub tuning_name: String,
    /// Time at which the session opens automatically; null if a manager opens it.
    pub opens_at: Option<Timestamp>,
    /// Time at which the session closes automatically; null if a manager or the time limit closes it.
    pub closes_at: Option<Timestamp>,
    /// The stage.
    #[serde(flatten)]
    pub stage: Stage,
    /// The moves that a manager can make now.
    pub moves: Vec<ManagerMove>,
}

/// Response of `GET /v1/sessions`: all sessions that are not closed. Managers also get the closed ones.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Sessions {
    /// The sessions, newest first.
    pub sessions: Vec<SessionView>,
}
