//! Event flow: the progress of all processors.

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// Response of `GET /v1/flow`: progress counters over all shards and processors, since the tables were created.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FlowView {
    /// The current time of the server.
    pub now: Timestamp,
    /// Number of events processed. An event counts each time it is received.
    pub events: u64,
    /// Number of games rejected.
    pub rejected: u64,
    /// Time from receiving the last processed batch to processing it, milliseconds.
    pub lag_millis: u64,
    /// Number of dead letters, at most 100.
    pub dead_letters: u64,
}
