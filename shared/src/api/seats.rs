//! Seats: the players of a session.

use serde::{Deserialize, Serialize};

use super::SessionView;
use crate::{account::Role, ids::PlayerId, nickname::Nickname, session::Approval};

/// Request of `POST /v1/sessions/{session}/seats`: joins a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Join {
    /// Nickname, visible to other players. It must be unique in the session.
    pub nickname: Nickname,
}

/// Response of `POST /v1/sessions/{session}/seats`: the seat that the player took, or waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Seated {
    /// The player of the seat.
    pub player: PlayerId,
    /// Whether the player has the seat, or waits until a manager approves.
    pub approval: Approval,
    /// Player token of a guest, for the `Authorization: Bearer` header. Omitted for accounts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub player_token: Option<String>,
    /// The session.
    pub session: SessionView,
}

/// Response of `PUT /v1/sessions/{session}/seats/mine`: the caller's seat after the heartbeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnSeat {
    /// Whether the caller has the seat, or waits until a manager approves.
    pub approval: Approval,
}

/// A player of a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SeatView {
    /// The player.
    pub player: PlayerId,
    /// Nickname, visible to other players.
    pub nickname: Nickname,
    /// Role of the player.
    pub role: Role,
    /// Whether the player has a seat, or waits until a manager approves.
    pub approval: Approval,
    /// Whether the player's browser sent a heartbeat within the last 30 seconds. If not, the seat is free.
    pub present: bool,
    /// Number of games with ticks.
    #[serde(rename = "trials")]
    pub attempts: u32,
    /// Why a manager removed the player. Omitted if the player is not removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed: Option<String>,
}

impl SeatView {
    /// Whether the player holds a seat.
    pub fn is_held(&self) -> bool {
        self.present && self.approval == Approval::Approved
    }
}

/// Response of `GET /v1/sessions/{session}/seats`: the players of a session.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Seats {
    /// The players in the order in which they joined.
    pub seats: Vec<SeatView>,
}

/// Request of `PATCH /v1/sessions/{session}/seats/{player}`: moderates a player.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum SeatChange {
    /// Changes the nickname of the player.
    Rename(Nickname),
    /// Removes the player from the session. Has the reason, which the player can see.
    Remove(String),
    /// Approves a removed player, who can then take a seat again.
    Readmit,
    /// Approves a waiting player, who can then take a seat. To refuse the player, use `remove`.
    Approve,
}
