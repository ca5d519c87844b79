//! Sessions.

use serde::{Deserialize, Serialize};
use shared::{
    session::{JoinCode, Plan, SessionId, Stage},
    time::Timestamp,
};

/// A session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The ID.
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
    /// When it was last reopened. Events received between the end of the run before and this instant do not count.
    #[serde(default)]
    pub reopened_at: Option<Timestamp>,
}

impl Session {
    /// The first instant of the current run, or of the last one.
    pub fn run_start(&self) -> Timestamp {
        let after_last_run = self.settled.last().map(|(_, until)| until.after_millis(1));
        self.reopened_at.max(after_last_run).unwrap_or(self.made_at)
    }

    /// Whether an event counts that was received at that time.
    pub fn counts(&self, received_at: Timestamp) -> bool {
        let contains = |(from, until): &(Timestamp, Timestamp)| (*from..=*until).contains(&received_at);
        let was_in_earlier_run = self.settled.iter().any(contains);
        match self.stage {
            Stage::Closed { .. } | Stage::Planned | Stage::Lobby => was_in_earlier_run,
            Stage::Running { .. } | Stage::Closing { .. } => {
                let is_in_this_run = received_at >= self.run_start() && self.stage.counts(received_at);
                was_in_earlier_run || is_in_this_run
            }
        }
    }
}
