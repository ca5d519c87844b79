//! Dead letters: records that the processor could not process.

use serde::{Deserialize, Serialize};

/// Response of `GET /v1/dead-letters`: records that the processor could not process.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeadLetters {
    /// At most 100 dead letters, oldest first.
    #[serde(rename = "letters")]
    pub dead_letters: Vec<DeadLetterView>,
}

/// A record that the processor could not process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeadLetterView {
    /// Position of the record on the stream.
    #[serde(rename = "place")]
    pub position: String,
    /// Why the record could not be processed.
    pub reason: String,
}
