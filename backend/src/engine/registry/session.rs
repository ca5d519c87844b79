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
    /// The times at which it ran before, each from its opening to its end, without the grace period. The current run is
    /// not among them.
    #[serde(rename = "settled")]
    pub earlier_runs: Vec<(Timestamp, Timestamp)>,
    /// When it was last opened again. Nothing counts between the end of the run before and this instant.
    #[serde(default)]
    pub reopened_at: Option<Timestamp>,
}

impl Session {
    /// The first instant of the current run, or of the last one.
    pub fn run_start(&self) -> Timestamp {
        self.reopened_at.unwrap_or(self.made_at)
    }

    /// The end of the run in which a game started at that time; the largest time if that run has no end yet. `None` if
    /// the session did not run then.
    pub fn run_end(&self, started_at: Timestamp) -> Option<Timestamp> {
        let contains = |(from, until): &&(Timestamp, Timestamp)| (*from..=*until).contains(&started_at);
        let earlier = self.earlier_runs.iter().find(contains).map(|(_, until)| *until);
        let current = match self.stage {
            Stage::Running { ends_at, .. } => Some(ends_at.unwrap_or(Timestamp(u64::MAX))),
            Stage::Planned | Stage::Lobby | Stage::Closing { .. } | Stage::Closed { .. } => None,
        };
        earlier.or(current.filter(|_| started_at >= self.run_start()))
    }
}
