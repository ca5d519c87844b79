//! Sessions.

use serde::{Deserialize, Serialize};
use shared::{
    seed_commitment::{SeedCommitment, SharedSeed},
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
    /// The seed of all games of the current run. `None` if each game has its own.
    #[serde(default)]
    pub shared_seed: Option<SharedSeed>,
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

    /// The commitment to the seed that all games share. `None` if each game has its own.
    pub fn seed_commitment(&self) -> Option<SeedCommitment> {
        self.shared_seed.as_ref().map(SharedSeed::commitment)
    }

    /// The seed that all games share, if games of the current run may have started by `now`. It is secret before.
    pub fn revealed_seed(&self, now: Timestamp) -> Option<SharedSeed> {
        let is_started = match self.stage {
            Stage::Planned | Stage::Lobby => false,
            Stage::Running { starts_at, .. } => starts_at <= now,
            // It may have been closed before it started.
            Stage::Closing { .. } | Stage::Closed { .. } => {
                self.earlier_runs.last().is_some_and(|(from, _)| *from == self.run_start())
            }
        };
        self.shared_seed.filter(|_| is_started)
    }
}
