//! Sessions: what a manager opens for players to compete in, and the one machine of its stages and moves.

use std::{borrow::Cow, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{hex::hex_u64, ids::PlayerId, time::Timestamp, tuning::Tuning};

hex_u64! {
    /// One session.
    SessionId
}

impl SessionId {
    /// The session that is always there: whoever opens the page plays in it, without an account.
    pub const OPEN_PLAY: SessionId = SessionId(0);
}

/// One player in one session: who a standing is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Entrant {
    /// The session.
    pub session: SessionId,
    /// The player.
    pub player: PlayerId,
}

/// Games that are running when a session closes count for this much longer, milliseconds.
pub const GRACE_MILLIS: u64 = 10_000;
/// From the manager's start to the instant at which all countdowns begin, milliseconds: time for every browser to hear
/// of it.
pub const START_DELAY_MILLIS: u64 = 5_000;
/// A seat whose browser has been silent for this long is free, milliseconds.
pub const SEAT_TIMEOUT_MILLIS: u64 = 30_000;
/// A browser says this often that it is there, milliseconds.
pub const SEAT_BEAT_MILLIS: u64 = 5_000;
/// The longest that a time-constrained session runs: 30 days, in minutes.
pub const MAX_MINUTES: u32 = 30 * 24 * 60;
/// The longest name of a session, in characters.
pub const MAX_NAME_CHARS: usize = 60;

/// How often players may play, and for how long the session runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// As often as they like; the best game counts.
    MultipleTrials,
    /// One game each.
    SingleTrial,
    /// As often as they like until the time is up.
    TimeConstrained {
        /// From the start, 1 to [`MAX_MINUTES`].
        minutes: u32,
    },
}

/// What is typed to join a session: six letters and digits that are hard to mistake for each other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Cow<'_, str>", into = "String")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, example = "K7QF2M"))]
pub struct JoinCode(String);

/// No code of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a session's code has six letters and digits")]
pub struct BadCode;

impl JoinCode {
    const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

    /// The code that 30 random bits make.
    pub fn from_bits(bits: u32) -> JoinCode {
        let letter = |i: u32| char::from(JoinCode::LETTERS[(bits >> (5 * i) & 31) as usize]);
        JoinCode((0..6).map(letter).collect())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for JoinCode {
    type Err = BadCode;
    fn from_str(text: &str) -> Result<JoinCode, BadCode> {
        let code = text.trim().to_ascii_uppercase();
        let fits = code.len() == 6 && code.bytes().all(|b| JoinCode::LETTERS.contains(&b));
        if fits { Ok(JoinCode(code)) } else { Err(BadCode) }
    }
}

impl TryFrom<Cow<'_, str>> for JoinCode {
    type Error = BadCode;
    fn try_from(text: Cow<'_, str>) -> Result<JoinCode, BadCode> {
        text.parse()
    }
}

impl From<JoinCode> for String {
    fn from(code: JoinCode) -> String {
        code.0
    }
}

impl fmt::Display for JoinCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a session is to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// What it is called, 1 to [`MAX_NAME_CHARS`] characters.
    pub name: SessionName,
    /// How often players may play.
    pub kind: Kind,
    /// Players at once; any number where there is none.
    #[serde(default)]
    pub seats: Option<u32>,
    /// Whether all start at the same instant, by the manager.
    #[serde(default)]
    pub synchronised: bool,
    /// Whether players without an account may join.
    #[serde(default = "yes")]
    pub guests: bool,
    /// What it is played by; the server's own where there is none.
    #[serde(default)]
    pub tuning: Option<Tuning>,
    /// When it opens by itself.
    #[serde(default)]
    pub opens_at: Option<Timestamp>,
    /// When it closes by itself.
    #[serde(default)]
    pub closes_at: Option<Timestamp>,
}

fn yes() -> bool {
    true
}

/// A session's name: visible text, 1 to [`MAX_NAME_CHARS`] characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Cow<'_, str>", into = "String")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 1, max_length = 60, example = "Friday cup"))]
pub struct SessionName(String);

/// The name is empty, too long, or holds control characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a session's name has 1 to {MAX_NAME_CHARS} characters, none of them a control character")]
pub struct BadName;

impl SessionName {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SessionName {
    type Err = BadName;
    fn from_str(text: &str) -> Result<SessionName, BadName> {
        let name = text.trim();
        let fits = (1..=MAX_NAME_CHARS).contains(&name.chars().take(MAX_NAME_CHARS + 1).count());
        if fits && !name.chars().any(char::is_control) { Ok(SessionName(name.to_owned())) } else { Err(BadName) }
    }
}

impl TryFrom<Cow<'_, str>> for SessionName {
    type Error = BadName;
    fn try_from(text: Cow<'_, str>) -> Result<SessionName, BadName> {
        text.parse()
    }
}

impl From<SessionName> for String {
    fn from(name: SessionName) -> String {
        name.0
    }
}

impl fmt::Display for SessionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

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
            Kind::MultipleTrials | Kind::SingleTrial => None,
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

impl Plan {
    /// The session that is always there.
    pub fn open_play() -> Plan {
        Plan {
            name: SessionName("Open play".to_owned()),
            kind: Kind::MultipleTrials,
            seats: None,
            synchronised: false,
            guests: true,
            tuning: None,
            opens_at: None,
            closes_at: None,
        }
    }

    /// What is wrong with it, if anything.
    ///
    /// # Errors
    /// Says which figure is outside its range.
    pub fn check(&self) -> Result<(), PlanError> {
        if let Kind::TimeConstrained { minutes } = self.kind {
            in_range(minutes).map_err(|_| PlanError::Minutes)?;
        }
        if self.seats == Some(0) {
            return Err(PlanError::NoSeats);
        }
        match (self.opens_at, self.closes_at) {
            (Some(opens), Some(closes)) if closes <= opens => Err(PlanError::Reversed),
            _ => Ok(()),
        }
    }
}

/// A plan that makes no session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// The minutes are outside their range.
    #[error("the minutes must be between 1 and {MAX_MINUTES}")]
    Minutes,
    /// Nobody could play.
    #[error("a session needs at least one seat, or none given for any number")]
    NoSeats,
    /// It would close before it opens.
    #[error("closes_at must be later than opens_at")]
    Reversed,
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
    fn without_a_common_start_it_runs_as_it_opens() {
        let open = |kind| Stage::Planned.after(Move::Open, &plan(kind, false), NOW).unwrap();
        assert_eq!(open(Kind::SingleTrial), Stage::Running { starts_at: NOW, ends_at: None });
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

    #[test]
    fn plans_that_make_no_session_are_refused() {
        assert_eq!(timed().check(), Ok(()));
        assert_eq!(plan(Kind::TimeConstrained { minutes: 0 }, false).check(), Err(PlanError::Minutes));
        assert_eq!(Plan { seats: Some(0), ..timed() }.check(), Err(PlanError::NoSeats));
        assert_eq!(Plan { opens_at: Some(NOW), closes_at: Some(NOW), ..timed() }.check(), Err(PlanError::Reversed));
        assert!("".parse::<SessionName>().is_err());
        assert!("x\ny".parse::<SessionName>().is_err());
    }

    #[test]
    fn codes_are_typed_as_one_likes() {
        let code = JoinCode::from_bits(0x3fff_ffff);
        assert_eq!(code.as_str(), "ZZZZZZ");
        assert_eq!(" zzzzzz".parse::<JoinCode>().unwrap(), code);
        assert_ne!(JoinCode::from_bits(1), JoinCode::from_bits(2));
        for bad in ["ZZZZZ", "ZZZZZ0", "ZZZZZ?", "ZZZZZZZ"] {
            assert!(bad.parse::<JoinCode>().is_err());
        }
    }

    #[test]
    fn a_plan_reads_from_few_words() {
        let plan: Plan =
            serde_json::from_str(r#"{"name": "Cup", "kind": {"time_constrained": {"minutes": 5}}}"#).unwrap();
        assert_eq!((plan.kind, plan.guests, plan.seats), (Kind::TimeConstrained { minutes: 5 }, true, None));
        let json = serde_json::to_string(&plan).unwrap();
        assert_eq!(serde_json::from_str::<Plan>(&json).unwrap(), plan);
    }
}
