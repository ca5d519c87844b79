//! Sessions: session views, and changes of a session's admission.

use serde::{Deserialize, Serialize};

use crate::{
    seed_commitment::{SeedCommitment, SharedSeed},
    session::{Admission, JoinCode, Kind, ManagerMove, SessionId, SessionName, Stage},
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
    /// Number of players that wait for approval.
    pub waiting: u32,
    /// Whether all players start together.
    pub synchronised: bool,
    /// Whether all games have the same seed.
    pub shared_seed: bool,
    /// Commitment to the seed that all games have. Omitted if each game has its own. A session that is opened again after
    /// it was closed gets another seed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed_commitment: Option<SeedCommitment>,
    /// The seed that all games have, with the nonce that proves the commitment. Omitted until the games may start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revealed_seed: Option<SharedSeed>,
    /// Whether guests can join.
    pub guests: bool,
    /// Which new players can join.
    pub admission: Admission,
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

/// Request of `PUT /v1/sessions/{session}/admission`: changes which new players can join.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangeAdmission {
    /// Which new players can join from now on.
    pub admission: Admission,
}

/// Response of `GET /v1/sessions`: all sessions that are not closed. Managers also get the closed ones.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Sessions {
    /// The sessions, newest first.
    pub sessions: Vec<SessionView>,
}
