//! Sessions.

use serde::{Deserialize, Serialize};
use shared::{
    session::{JoinCode, Plan, SessionId, Stage},
    time::Timestamp,
};

/// A session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The id.
    pub id: SessionId,
    /// The code to join it with.
    pub code: JoinCode,
    /// When it was created.
    pub made_at: Timestamp,
    /// Its plan.
    pub plan: Plan,
    /// Its current stage.
    pub stage: Stage,
    /// The times of earlier runs, each from its start to its end inclusive. A reopened session has run before; events
    /// that were received then still count.
    pub settled: Vec<(Timestamp, Timestamp)>,
}

impl Session {
    /// Whether an event counts that was received at that time.
    pub fn counts(&self, received_at: Timestamp) -> bool {
        let contains = |(from, until): &(Timestamp, Timestamp)| (*from..=*until).contains(&received_at);
        let was_in_earlier_run = self.settled.iter().any(contains);
        match self.stage {
            Stage::Closed { .. } | Stage::Planned | Stage::Lobby => was_in_earlier_run,
            Stage::Running { .. } | Stage::Closing { .. } => {
                let is_after_earlier_runs = self.settled.last().is_none_or(|(_, until)| received_at > *until);
                was_in_earlier_run || is_after_earlier_runs && self.stage.counts(received_at)
            }
        }
    }
}
