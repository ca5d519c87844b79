//! Viewers: screens that show the games of a session to an audience.

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// Response of `POST /v1/sessions/{session}/viewer-tokens`: a token for a big screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ViewerToken {
    /// Viewer token for the `Authorization: Bearer` header of `GET /v1/games/{game}/replay`. With it, the replays of the
    /// session's games are not delayed. Other requests do not accept it.
    pub viewer_token: String,
    /// When the token expires.
    pub expires_at: Timestamp,
}
