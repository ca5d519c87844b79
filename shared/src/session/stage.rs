//! The stages of a session, and the moves between them.

use serde::{Deserialize, Serialize};

use super::{Kind, MAX_MINUTES, Plan};
use crate::time::Timestamp;

/// Grace period after a session closes, milliseconds. Events of running games count until its end.
pub const GRACE_MILLIS: u64 = 10_000;
/// Delay from the manager's move to the common start, milliseconds. Every browser receives the move in this time.
pub const START_DELAY_MILLIS: u64 = 5_000;

/// The stage of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "stage")]
pub enum Stage {
    /// The session is not open yet.
    Planned,
    /// Players can join and wait for the common start.
    Lobby,
    /// Players can join and play.
    Running {
        /// When games start at the earliest. In the future before a common start.
        starts_at: Timestamp,
        /// When the session closes; null if only a manager closes it.
        ends_at: Option<Timestamp>,
    },
    /// No new game can start. Running games count until the end of the grace period.
    Closing {
        /// End of the grace period.
        settles_at: Timestamp,
    },
    /// The session is over and its standings are final.
    Closed {
        /// When the standings became final. Events received later are stored, but do not count.
        settled_at: Timestamp,
    },
}

/// A move: a change of the stage by a manager or by the schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "move", deny_unknown_fields)]
pub enum Move {
    /// Opens a planned session: players can join.
    Open,
    /// Starts the session for all players in the lobby.
    Start,
    /// Extends the time of a running session, or reopens a closing session for that time.
    Extend {
        /// Additional time, minutes, 1 to 43200 (30 days).
        minutes: u32,
    },
    /// Closes the session. If it is running, the grace period starts.
    Close,
    /// Makes the standings final. Only possible once the grace period is over.
    Settle,
    /// Opens a closed session again.
    Reopen,
}

/// A move that a manager can make, without its parameters. Only the schedule settles a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ManagerMove {
    /// Opens a planned session.
    Open,
    /// Starts a session in the lobby.
    Start,
    /// Extends the time of a running or closing session.
    Extend,
    /// Closes a planned, waiting or running session.
    Close,
    /// Opens a closed session again.
    Reopen,
}

impl ManagerMove {
    const ALL: [ManagerMove; 5] =
        [ManagerMove::Open, ManagerMove::Start, ManagerMove::Extend, ManagerMove::Close, ManagerMove::Reopen];

    /// This move with the smallest valid parameters.
    fn smallest(self) -> Move {
        match self {
            ManagerMove::Open => Move::Open,
            ManagerMove::Start => Move::Start,
            ManagerMove::Extend => Move::Extend { minutes: 1 },
            ManagerMove::Close => Move::Close,
            ManagerMove::Reopen => Move::Reopen,
        }
    }
}

/// The reason why a move is not allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoveError {
    /// The stage does not allow the move.
    #[error("a session that is {stage} cannot {requested}", stage = stage.word(), requested = requested.word())]
    Stage {
        /// The current stage.
        stage: Stage,
        /// The requested move.
        requested: Move,
    },
    /// The session has no end time to extend.
    #[error("this session has no end time, so it cannot be given more time; close it when it is over")]
    Endless,
    /// The additional time is outside its range.
    #[error("minutes must be between 1 and {MAX_MINUTES}")]
    Minutes,
    /// The grace period is not over.
    #[error("the grace period is not over; the session settles at its end")]
    Grace,
}

impl Stage {
    /// The name of the stage for people.
    pub fn word(&self) -> &'static str {
        match self {
            Stage::Planned => "planned",
            Stage::Lobby => "waiting for its start",
            Stage::Running { .. } => "running",
            Stage::Closing { .. } => "closing",
            Stage::Closed { .. } => "closed",
        }
    }

    /// Whether players can take seats.
    pub fn is_open(&self) -> bool {
        matches!(self, Stage::Lobby | Stage::Running { .. })
    }

    /// The start time of a game whose ticket is requested at `now`; `None` if no game can start.
    ///
    /// Before a common start it is the time of that start, so clients can get their tickets early.
    pub fn begins(&self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Stage::Running { starts_at, ends_at } if ends_at.is_none_or(|ends| now < ends) => Some(now.max(*starts_at)),
            Stage::Planned | Stage::Lobby | Stage::Running { .. } | Stage::Closing { .. } | Stage::Closed { .. } => {
                None
            }
        }
    }

    /// When the session ends or has ended, without the grace period; `None` if its end is open or it never ran.
    pub fn ends_at(&self) -> Option<Timestamp> {
        match self {
            Stage::Planned | Stage::Lobby | Stage::Closed { .. } => None,
            Stage::Running { ends_at, .. } => *ends_at,
            Stage::Closing { settles_at } => Some(Timestamp(settles_at.millis_since(Timestamp(GRACE_MILLIS)))),
        }
    }

    /// The stage after a move at `now`. A move of the schedule takes place when it is due, however late it is made.
    ///
    /// # Errors
    /// [`MoveError`] if the move is not allowed.
    pub fn after(self, requested: Move, plan: &Plan, now: Timestamp) -> Result<Stage, MoveError> {
        match (self, requested) {
            (Stage::Planned, Move::Open) | (Stage::Closed { .. }, Move::Reopen) => Ok(Stage::opened(plan, now)),
            (Stage::Lobby, Move::Start) => Ok(Stage::started(plan, now.after_millis(START_DELAY_MILLIS))),
            (Stage::Running { starts_at, ends_at }, Move::Extend { minutes }) => {
                let minutes = in_range(minutes)?;
                let ends_at = ends_at.ok_or(MoveError::Endless)?.max(now).after_minutes(minutes);
                Ok(Stage::Running { starts_at, ends_at: Some(ends_at) })
            }
            (Stage::Closing { .. }, Move::Extend { minutes }) => {
                let ends_at = now.after_minutes(in_range(minutes)?);
                Ok(Stage::Running { starts_at: now, ends_at: Some(ends_at) })
            }
            (Stage::Running { ends_at, .. }, Move::Close) => {
                let ended_at = ends_at.map_or(now, |ends_at| ends_at.min(now));
                Ok(Stage::Closing { settles_at: ended_at.after_millis(GRACE_MILLIS) })
            }
            // No games can be running, so there is no grace period.
            (Stage::Planned | Stage::Lobby, Move::Close) => Ok(Stage::Closed { settled_at: now }),
            (Stage::Closing { settles_at }, Move::Settle) if settles_at <= now => {
                Ok(Stage::Closed { settled_at: settles_at })
            }
            (Stage::Closing { .. }, Move::Settle) => Err(MoveError::Grace),
            (stage, requested) => Err(MoveError::Stage { stage, requested }),
        }
    }

    /// The moves that a manager can make now, in the order of [`ManagerMove`].
    pub fn allowed_moves(self, plan: &Plan, now: Timestamp) -> Vec<ManagerMove> {
        let is_allowed = |requested: &ManagerMove| self.after(requested.smallest(), plan, now).is_ok();
        ManagerMove::ALL.into_iter().filter(is_allowed).collect()
    }

    /// The move of the schedule that is due at `now`, if any, and when it takes place.
    pub fn due(self, plan: &Plan, now: Timestamp) -> Option<(Move, Timestamp)> {
        let (scheduled, at) = match self {
            Stage::Planned => (Move::Open, plan.opens_at?),
            Stage::Lobby => (Move::Close, plan.closes_at?),
            Stage::Running { ends_at, .. } => (Move::Close, ends_at?),
            Stage::Closing { settles_at } => (Move::Settle, settles_at),
            Stage::Closed { .. } => return None,
        };
        (at <= now).then_some((scheduled, at))
    }

    fn opened(plan: &Plan, now: Timestamp) -> Stage {
        if plan.synchronised { Stage::Lobby } else { Stage::started(plan, now) }
    }

    fn started(plan: &Plan, starts_at: Timestamp) -> Stage {
        let by_time_limit = match plan.kind {
            Kind::TimeConstrained { minutes } => Some(starts_at.after_minutes(minutes)),
            Kind::MultipleAttempts | Kind::SingleAttempt => None,
        };
        // A session that was reopened after its closing time, or starts at it, ignores that time.
        let by_schedule = plan.closes_at.filter(|closes_at| *closes_at > starts_at);
        Stage::Running { starts_at, ends_at: by_time_limit.into_iter().chain(by_schedule).min() }
    }
}

impl Move {
    fn word(&self) -> &'static str {
        match self {
            Move::Open => "be opened",
            Move::Start => "be started",
            Move::Extend { .. } => "be given more time",
            Move::Close => "be closed",
            Move::Settle => "be settled",
            Move::Reopen => "be opened again",
        }
    }
}

fn in_range(minutes: u32) -> Result<u32, MoveError> {
    if (1..=MAX_MINUTES).contains(&minutes) { Ok(minutes) } else { Err(MoveError::Minutes) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_000_000);
    const MINUTE: u64 = 60_000;

    fn plan(kind: Kind, synchronised: bool) -> Plan {
        Plan { kind, synchronised, ..Plan::open_play() }
    }

    fn timed() -> Plan {
        plan(Kind::TimeConstrained { minutes: 3 }, true)
    }

    const RUNNING: Stage = Stage::Running { starts_at: Timestamp(900_000), ends_at: Some(Timestamp(1_080_000)) };
    const CLOSING: Stage = Stage::Closing { settles_at: NOW };
    const CLOSED: Stage = Stage::Closed { settled_at: Timestamp(990_000) };

    /// Every stage with every move and the next stage; `None` if the move is not allowed.
    #[test]
    fn each_stage_allows_the_moves_of_the_table() {
        let extend = Move::Extend { minutes: 2 };
        let start = NOW.after_millis(START_DELAY_MILLIS);
        let started = Stage::Running { starts_at: start, ends_at: Some(start.after_minutes(3)) };
        let extended =
            Stage::Running { starts_at: Timestamp(900_000), ends_at: Some(Timestamp(1_080_000 + 2 * MINUTE)) };
        let extended_closing = Stage::Running { starts_at: NOW, ends_at: Some(NOW.after_minutes(2)) };
        let closing = Stage::Closing { settles_at: NOW.after_millis(GRACE_MILLIS) };
        let closed = Stage::Closed { settled_at: NOW };
        let moves = [Move::Open, Move::Start, extend, Move::Close, Move::Settle, Move::Reopen];
        let table: [(Stage, [Option<Stage>; 6]); 5] = [
            (Stage::Planned, [Some(Stage::Lobby), None, None, Some(closed), None, None]),
            (Stage::Lobby, [None, Some(started), None, Some(closed), None, None]),
            (RUNNING, [None, None, Some(extended), Some(closing), None, None]),
            (CLOSING, [None, None, Some(extended_closing), None, Some(closed), None]),
            (CLOSED, [None, None, None, None, None, Some(Stage::Lobby)]),
        ];
        for (stage, next_stages) in table {
            for (requested, next_stage) in moves.into_iter().zip(next_stages) {
                let result = stage.after(requested, &timed(), NOW);
                assert_eq!(result.ok(), next_stage, "{requested:?} at {stage:?}");
                if let Err(error) = result {
                    assert!(error.to_string().contains(stage.word()), "{error}");
                }
            }
        }
    }

    #[test]
    fn allowed_moves_are_the_manager_moves_that_succeed() {
        use ManagerMove::{Close, Extend, Open, Reopen, Start};
        let endless = Stage::Running { starts_at: NOW, ends_at: None };
        let table: [(Stage, &[ManagerMove]); 6] = [
            (Stage::Planned, &[Open, Close]),
            (Stage::Lobby, &[Start, Close]),
            (RUNNING, &[Extend, Close]),
            (endless, &[Close]),
            (CLOSING, &[Extend]),
            (CLOSED, &[Reopen]),
        ];
        for (stage, allowed) in table {
            assert_eq!(stage.allowed_moves(&timed(), NOW), allowed, "{stage:?}");
        }
    }

    #[test]
    fn session_without_a_common_start_runs_when_it_opens() {
        let open = |kind| Stage::Planned.after(Move::Open, &plan(kind, false), NOW).unwrap();
        assert_eq!(open(Kind::SingleAttempt), Stage::Running { starts_at: NOW, ends_at: None });
        assert_eq!(
            open(Kind::TimeConstrained { minutes: 1 }),
            Stage::Running { starts_at: NOW, ends_at: Some(NOW.after_millis(MINUTE)) }
        );
    }

    #[test]
    fn session_closes_at_its_closing_time_or_time_limit_whichever_is_earlier() {
        let plan =
            Plan { closes_at: Some(NOW.after_millis(30_000)), ..plan(Kind::TimeConstrained { minutes: 1 }, false) };
        let stage = Stage::Planned.after(Move::Open, &plan, NOW).unwrap();
        assert_eq!(stage, Stage::Running { starts_at: NOW, ends_at: plan.closes_at });
        assert_eq!(stage.due(&plan, NOW.after_millis(29_999)), None);
        let end = NOW.after_millis(30_000);
        assert_eq!(stage.due(&plan, end.after_minutes(60)), Some((Move::Close, end)), "the planned end, however late");
        assert_eq!(stage.ends_at(), Some(end));
    }

    #[test]
    fn schedule_opens_closes_and_settles() {
        let scheduled = Plan { opens_at: Some(NOW), closes_at: Some(NOW.after_millis(5)), ..timed() };
        assert_eq!(Stage::Planned.due(&timed(), NOW), None);
        assert_eq!(Stage::Planned.due(&scheduled, Timestamp(NOW.0 - 1)), None);
        assert_eq!(Stage::Planned.due(&scheduled, NOW), Some((Move::Open, NOW)));
        assert_eq!(Stage::Lobby.due(&scheduled, NOW.after_millis(7)), Some((Move::Close, NOW.after_millis(5))));
        assert_eq!(CLOSING.due(&timed(), Timestamp(NOW.0 - 1)), None);
        assert_eq!(CLOSING.due(&timed(), NOW), Some((Move::Settle, NOW)));
        assert_eq!(CLOSED.due(&scheduled, Timestamp(u64::MAX)), None);
    }

    #[test]
    fn closed_session_settles_after_the_grace_period() {
        let closing = RUNNING.after(Move::Close, &timed(), NOW).unwrap();
        assert_eq!(closing.ends_at(), Some(NOW));
        assert_eq!(closing.begins(NOW), None);
        assert_eq!(closing.after(Move::Settle, &timed(), NOW), Err(MoveError::Grace));
        let settled = closing.after(Move::Settle, &timed(), NOW.after_millis(GRACE_MILLIS + 500)).unwrap();
        assert_eq!(settled, Stage::Closed { settled_at: NOW.after_millis(GRACE_MILLIS) });
    }

    #[test]
    fn session_that_is_closed_after_its_planned_end_ended_then() {
        let closing = RUNNING.after(Move::Close, &timed(), NOW.after_minutes(60)).unwrap();
        assert_eq!(closing.ends_at(), RUNNING.ends_at());
    }

    #[test]
    fn games_start_between_the_start_and_the_end_of_the_session() {
        let at = |millis| RUNNING.begins(Timestamp(millis)).map(|start| start.0);
        let starts = [899_999, 900_000, 1_079_999, 1_080_000].map(at);
        assert_eq!(starts, [Some(900_000), Some(900_000), Some(1_079_999), None]);
    }

    #[test]
    fn extending_without_an_end_time_or_by_invalid_minutes_is_rejected() {
        let endless = Stage::Running { starts_at: NOW, ends_at: None };
        assert_eq!(endless.after(Move::Extend { minutes: 1 }, &Plan::open_play(), NOW), Err(MoveError::Endless));
        for minutes in [0, MAX_MINUTES + 1] {
            assert_eq!(RUNNING.after(Move::Extend { minutes }, &timed(), NOW), Err(MoveError::Minutes));
        }
    }
}
