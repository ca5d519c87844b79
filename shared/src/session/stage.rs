//! The one machine of a session's stages, and the moves that lead from one to the next.

use serde::{Deserialize, Serialize};

use super::{Kind, MAX_MINUTES, Plan};
use crate::time::Timestamp;

/// Games that are running when a session closes count for this much longer, milliseconds.
pub const GRACE_MILLIS: u64 = 10_000;
/// From the manager's start to the instant at which all countdowns begin, milliseconds: time for every browser to hear
/// of it.
pub const START_DELAY_MILLIS: u64 = 5_000;

/// Where a session is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "stage")]
pub enum Stage {
    /// Not open yet.
    Planned,
    /// Players take seats and wait for the start.
    Lobby,
    /// Games are played.
    Running {
        /// When games begin, at the soonest: a little in the future where all start together.
        starts_at: Timestamp,
        /// When the time is up, if it ever is.
        ends_at: Option<Timestamp>,
    },
    /// No game begins any more; those that run still count.
    Closing {
        /// Until then.
        settles_at: Timestamp,
    },
    /// Settled: the standings are final.
    Closed {
        /// Since then. What is received later is kept, and counts no more.
        settled_at: Timestamp,
    },
}

/// What a manager, or the schedule, does with a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "move", deny_unknown_fields)]
pub enum Move {
    /// Lets players in.
    Open,
    /// Starts the games of all who wait.
    Start,
    /// Gives more time.
    Extend {
        /// How much, 1 to [`MAX_MINUTES`].
        minutes: u32,
    },
    /// Lets no more games begin.
    Close,
    /// Ends the grace period.
    Settle,
    /// Lets players in again, to a session that was settled.
    Reopen,
}

/// A move that a manager can make, without its parameters. Settling is left to the schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ManagerMove {
    /// [`Move::Open`].
    Open,
    /// [`Move::Start`].
    Start,
    /// [`Move::Extend`].
    Extend,
    /// [`Move::Close`].
    Close,
    /// [`Move::Reopen`].
    Reopen,
}

impl ManagerMove {
    const ALL: [ManagerMove; 5] =
        [ManagerMove::Open, ManagerMove::Start, ManagerMove::Extend, ManagerMove::Close, ManagerMove::Reopen];

    /// The move with the smallest valid parameters.
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

/// The session does not take the move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoveError {
    /// Not at this stage.
    #[error("a session that is {stage} cannot {wanted}", stage = stage.word(), wanted = wanted.word())]
    Stage {
        /// The stage that it is in.
        stage: Stage,
        /// What was wanted.
        wanted: Move,
    },
    /// There is no end to put off.
    #[error("this session ends by hand only, so it cannot be given more time")]
    Endless,
    /// The minutes are outside their range.
    #[error("the minutes must be between 1 and {MAX_MINUTES}")]
    Minutes,
    /// Games still run: they have until then.
    #[error("games still run; the session settles when their grace period is over")]
    Grace,
}

impl Stage {
    /// What people call it.
    pub fn word(&self) -> &'static str {
        match self {
            Stage::Planned => "planned",
            Stage::Lobby => "waiting for its start",
            Stage::Running { .. } => "running",
            Stage::Closing { .. } => "closing",
            Stage::Closed { .. } => "closed",
        }
    }

    /// Whether players may take seats.
    pub fn is_open(&self) -> bool {
        matches!(self, Stage::Lobby | Stage::Running { .. })
    }

    /// When a game begins whose ticket is asked for now: at once, or at the common start, so that tickets can be there
    /// before it. None where none may begin.
    pub fn begins(&self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Stage::Running { starts_at, ends_at } if ends_at.is_none_or(|ends| now < ends) => Some(now.max(*starts_at)),
            Stage::Planned | Stage::Lobby | Stage::Running { .. } | Stage::Closing { .. } | Stage::Closed { .. } => {
                None
            }
        }
    }

    /// Whether what is received at that time counts.
    pub fn counts(&self, received_at: Timestamp) -> bool {
        match self {
            Stage::Planned | Stage::Lobby => false,
            Stage::Running { .. } => true,
            Stage::Closing { settles_at } => received_at <= *settles_at,
            Stage::Closed { settled_at } => received_at <= *settled_at,
        }
    }

    /// The stage that a move leads to.
    ///
    /// # Errors
    /// Where the session does not take the move.
    pub fn after(self, wanted: Move, plan: &Plan, now: Timestamp) -> Result<Stage, MoveError> {
        match (self, wanted) {
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
            (Stage::Running { .. }, Move::Close) => Ok(Stage::Closing { settles_at: now.after_millis(GRACE_MILLIS) }),
            // Nobody has played.
            (Stage::Planned | Stage::Lobby, Move::Close) => Ok(Stage::Closed { settled_at: now }),
            (Stage::Closing { settles_at }, Move::Settle) if settles_at <= now => {
                Ok(Stage::Closed { settled_at: settles_at })
            }
            (Stage::Closing { .. }, Move::Settle) => Err(MoveError::Grace),
            (stage, wanted) => Err(MoveError::Stage { stage, wanted }),
        }
    }

    /// The moves that a manager can make now, in the order of [`ManagerMove`].
    pub fn allowed_moves(self, plan: &Plan, now: Timestamp) -> Vec<ManagerMove> {
        let is_allowed = |wanted: &ManagerMove| self.after(wanted.smallest(), plan, now).is_ok();
        ManagerMove::ALL.into_iter().filter(is_allowed).collect()
    }

    /// The move that time itself makes, if one is due.
    pub fn due(self, plan: &Plan, now: Timestamp) -> Option<Move> {
        let passed = |at: Option<Timestamp>| at.is_some_and(|at| at <= now);
        match self {
            Stage::Planned if passed(plan.opens_at) => Some(Move::Open),
            Stage::Lobby if passed(plan.closes_at) => Some(Move::Close),
            Stage::Running { ends_at, .. } if passed(ends_at) => Some(Move::Close),
            Stage::Closing { settles_at } if settles_at <= now => Some(Move::Settle),
            Stage::Planned | Stage::Lobby | Stage::Running { .. } | Stage::Closing { .. } | Stage::Closed { .. } => {
                None
            }
        }
    }

    fn opened(plan: &Plan, now: Timestamp) -> Stage {
        if plan.synchronised { Stage::Lobby } else { Stage::started(plan, now) }
    }

    fn started(plan: &Plan, starts_at: Timestamp) -> Stage {
        let by_time = match plan.kind {
            Kind::TimeConstrained { minutes } => Some(starts_at.after_minutes(minutes)),
            Kind::MultipleAttempts | Kind::SingleAttempt => None,
        };
        // A session that was opened again has outlived its schedule.
        let by_schedule = plan.closes_at.filter(|closes_at| *closes_at > starts_at);
        Stage::Running { starts_at, ends_at: by_time.into_iter().chain(by_schedule).min() }
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

    /// Every stage with every move, and where it leads; none where it is refused.
    #[test]
    fn every_pair_of_stage_and_move() {
        let extend = Move::Extend { minutes: 2 };
        let start = NOW.after_millis(START_DELAY_MILLIS);
        let started = Stage::Running { starts_at: start, ends_at: Some(start.after_minutes(3)) };
        let extended =
            Stage::Running { starts_at: Timestamp(900_000), ends_at: Some(Timestamp(1_080_000 + 2 * MINUTE)) };
        let again = Stage::Running { starts_at: NOW, ends_at: Some(NOW.after_minutes(2)) };
        let closing = Stage::Closing { settles_at: NOW.after_millis(GRACE_MILLIS) };
        let closed = Stage::Closed { settled_at: NOW };
        let moves = [Move::Open, Move::Start, extend, Move::Close, Move::Settle, Move::Reopen];
        let table: [(Stage, [Option<Stage>; 6]); 5] = [
            (Stage::Planned, [Some(Stage::Lobby), None, None, Some(closed), None, None]),
            (Stage::Lobby, [None, Some(started), None, Some(closed), None, None]),
            (RUNNING, [None, None, Some(extended), Some(closing), None, None]),
            (CLOSING, [None, None, Some(again), None, Some(closed), None]),
            (CLOSED, [None, None, None, None, None, Some(Stage::Lobby)]),
        ];
        for (stage, leads_to) in table {
            for (wanted, leads_to) in moves.into_iter().zip(leads_to) {
                let got = stage.after(wanted, &timed(), NOW);
                assert_eq!(got.ok(), leads_to, "{wanted:?} at {stage:?}");
                if let Err(error) = got {
                    assert!(error.to_string().contains(stage.word()), "{error}");
                }
            }
        }
    }

    #[test]
    fn allowed_moves_are_the_ones_that_the_stage_takes() {
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
    fn without_a_common_start_it_runs_as_it_opens() {
        let open = |kind| Stage::Planned.after(Move::Open, &plan(kind, false), NOW).unwrap();
        assert_eq!(open(Kind::SingleAttempt), Stage::Running { starts_at: NOW, ends_at: None });
        assert_eq!(
            open(Kind::TimeConstrained { minutes: 1 }),
            Stage::Running { starts_at: NOW, ends_at: Some(NOW.after_millis(MINUTE)) }
        );
    }

    #[test]
    fn the_schedule_and_the_time_end_it_whichever_is_sooner() {
        let plan =
            Plan { closes_at: Some(NOW.after_millis(30_000)), ..plan(Kind::TimeConstrained { minutes: 1 }, false) };
        let stage = Stage::Planned.after(Move::Open, &plan, NOW).unwrap();
        assert_eq!(stage, Stage::Running { starts_at: NOW, ends_at: plan.closes_at });
        assert_eq!(stage.due(&plan, NOW.after_millis(29_999)), None);
        assert_eq!(stage.due(&plan, NOW.after_millis(30_000)), Some(Move::Close));
    }

    #[test]
    fn time_opens_closes_and_settles() {
        let scheduled = Plan { opens_at: Some(NOW), closes_at: Some(NOW.after_millis(5)), ..timed() };
        assert_eq!(Stage::Planned.due(&timed(), NOW), None);
        assert_eq!(Stage::Planned.due(&scheduled, Timestamp(NOW.0 - 1)), None);
        assert_eq!(Stage::Planned.due(&scheduled, NOW), Some(Move::Open));
        assert_eq!(Stage::Lobby.due(&scheduled, NOW.after_millis(5)), Some(Move::Close));
        assert_eq!(CLOSING.due(&timed(), Timestamp(NOW.0 - 1)), None);
        assert_eq!(CLOSING.due(&timed(), NOW), Some(Move::Settle));
        assert_eq!(CLOSED.due(&scheduled, Timestamp(u64::MAX)), None);
    }

    #[test]
    fn what_comes_within_the_grace_counts_and_what_comes_later_does_not() {
        let closing = RUNNING.after(Move::Close, &timed(), NOW).unwrap();
        assert!(closing.counts(NOW.after_millis(GRACE_MILLIS)));
        assert!(!closing.counts(NOW.after_millis(GRACE_MILLIS + 1)));
        assert_eq!(closing.begins(NOW), None);
        assert_eq!(closing.after(Move::Settle, &timed(), NOW), Err(MoveError::Grace));
        let settled = closing.after(Move::Settle, &timed(), NOW.after_millis(GRACE_MILLIS + 500)).unwrap();
        assert!(settled.counts(NOW.after_millis(GRACE_MILLIS)));
        assert!(!settled.counts(NOW.after_millis(GRACE_MILLIS + 1)));
    }

    #[test]
    fn games_begin_at_the_start_or_later_and_none_after_the_end() {
        let at = |millis| RUNNING.begins(Timestamp(millis)).map(|begins| begins.0);
        let begins = [899_999, 900_000, 1_079_999, 1_080_000].map(at);
        assert_eq!(begins, [Some(900_000), Some(900_000), Some(1_079_999), None]);
    }

    #[test]
    fn an_endless_session_and_odd_minutes_are_not_extended() {
        let endless = Stage::Running { starts_at: NOW, ends_at: None };
        assert_eq!(endless.after(Move::Extend { minutes: 1 }, &Plan::open_play(), NOW), Err(MoveError::Endless));
        for minutes in [0, MAX_MINUTES + 1] {
            assert_eq!(RUNNING.after(Move::Extend { minutes }, &timed(), NOW), Err(MoveError::Minutes));
        }
    }
}
