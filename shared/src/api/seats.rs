//! Seats: the players of a session.

use serde::{Deserialize, Serialize};

use super::SessionView;
use crate::{account::Role, ids::PlayerId, nickname::Nickname};

/// Request of `POST /v1/sessions/{session}/seats`: joins a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Join {
    /// Nickname, visible to other players. It must be unique in the session.
    pub nickname: Nickname,
}

/// Response of `POST /v1/sessions/{session}/seats`: the seat that the player took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Seated {
    /// The player of the seat.
    pub player: PlayerId,
    /// Player token of a guest, for the `Authorization: Bearer` header. Omitted for accounts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub player_token: Option<String>,
    /// The session.
    pub session: SessionView,
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
    /// Whether the seat had a heartbeat within the last 30 seconds. If not, the seat is free.
    pub present: bool,
    /// Number of games with ticks.
    #[serde(rename = "trials")]
    pub attempts: u32,
    /// Why a manager removed the player. Omitted if the player is not removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed: Option<String>,
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
    /// Lets a removed player join again.
    Readmit,
}
