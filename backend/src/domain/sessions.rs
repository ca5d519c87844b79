//! Sessions: managers create them and move them from stage to stage; the schedule makes due moves.

use std::{
    cmp::Reverse,
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use shared::{
    account::Role,
    api::SessionView,
    session::{JoinCode, Move, MoveError, Plan, PlanError, SessionId, Stage},
    time::Timestamp,
    tuning::Tuning,
};
use tokio::sync::watch;

use crate::{
    clock::Clock,
    engine::registry::{Registry, RegistryError, Session, Version},
};

/// Attempts at a write that conflicts with other writes.
const MAX_ATTEMPTS: usize = 8;

/// Why a request about a session fails.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// There is no such session.
    #[error("there is no such session; see GET /v1/sessions")]
    Unknown,
    /// The plan is invalid.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The session's stage does not allow the move.
    #[error(transparent)]
    Move(#[from] MoveError),
    /// The registry failed.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The operating system returned no random numbers for the session's ID and code.
    #[error("cannot create a session")]
    Random(#[source] getrandom::Error),
}

/// Creates, reads and moves sessions.
pub struct Sessions {
    registry: Arc<dyn Registry>,
    /// The tuning of sessions whose plan has none.
    default_tuning: watch::Receiver<Tuning>,
    /// Held seats of open sessions, counted at the last call of [`Sessions::make_due_moves`].
    held_seats: Mutex<HashMap<SessionId, u32>>,
    clock: Clock,
}

impl Sessions {
    /// Creates the service over the sessions in `registry`.
    pub fn new(registry: Arc<dyn Registry>, default_tuning: watch::Receiver<Tuning>, clock: Clock) -> Sessions {
        Sessions { registry, default_tuning, held_seats: Mutex::default(), clock }
    }

    /// Creates a session with a random ID and join code.
    ///
    /// # Errors
    /// If the plan is invalid, or the registry fails.
    pub async fn create(&self, plan: Plan) -> Result<SessionView, SessionError> {
        plan.check()?;
        for _ in 0..MAX_ATTEMPTS {
            let session = new_session(plan.clone(), self.clock.now()).map_err(SessionError::Random)?;
            match self.registry.put_session(session.clone(), None).await {
                Ok(()) => return Ok(self.view(&session)),
                // Another session has the ID or the code.
                Err(RegistryError::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(RegistryError::Conflict.into())
    }

    /// Returns a session.
    ///
    /// # Errors
    /// If there is no such session, or the registry fails.
    pub async fn get(&self, session: SessionId) -> Result<SessionView, SessionError> {
        Ok(self.view(&self.read(session).await?.0))
    }

    /// Returns the session with that join code.
    ///
    /// # Errors
    /// If there is no such session, or the registry fails.
    pub async fn find(&self, code: &JoinCode) -> Result<SessionView, SessionError> {
        let (session, _) = self.registry.session_by_code(code).await?.ok_or(SessionError::Unknown)?;
        Ok(self.view(&session))
    }

    /// Returns the address of the page that joins the session with that code. `origin` is the scheme, host and port by
    /// which browsers reach this server.
    ///
    /// # Errors
    /// If there is no such session, or the registry fails.
    pub async fn join_address(&self, origin: &str, code: &JoinCode) -> Result<String, SessionError> {
        let session = self.find(code).await?;
        Ok(format!("{origin}/?join={}", session.code))
    }

    /// Returns sessions, newest first: all of them for a manager, open ones for everyone else.
    ///
    /// # Errors
    /// If the registry fails.
    pub async fn list(&self, reader: Option<Role>) -> Result<Vec<SessionView>, SessionError> {
        let mut sessions: Vec<Session> =
            self.registry.sessions().await?.into_iter().map(|(session, _)| session).collect();
        sessions.retain(|session| reader == Some(Role::Manager) || session.stage.is_open());
        sessions.sort_by_key(|session| Reverse((session.made_at, session.id)));
        Ok(sessions.iter().map(|session| self.view(session)).collect())
    }

    /// Makes a manager's move.
    ///
    /// # Errors
    /// If there is no such session, its stage does not allow the move, or the registry fails.
    pub async fn make_move(&self, session: SessionId, wanted: Move) -> Result<SessionView, SessionError> {
        for _ in 0..MAX_ATTEMPTS {
            let (session, version) = self.read(session).await?;
            let now = self.clock.now();
            let moved = after_move(after_due_moves(session, now)?, wanted, now)?;
            match self.registry.put_session(moved.clone(), Some(version)).await {
                Ok(()) => return Ok(self.view(&moved)),
                Err(RegistryError::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(RegistryError::Conflict.into())
    }

    /// Makes the moves that are due by schedule, and counts the held seats of open sessions. Returns whether a session was
    /// open or closing.
    ///
    /// # Errors
    /// If the registry fails.
    pub async fn make_due_moves(&self) -> Result<bool, SessionError> {
        let now = self.clock.now();
        let mut is_any_active = false;
        for (session, version) in self.registry.sessions().await? {
            is_any_active |= session.stage.is_open() || matches!(session.stage, Stage::Closing { .. });
            if session.stage.is_open() {
                self.count_held_seats(session.id, now).await?;
            }
            if session.stage.due(&session.plan, now).is_some() {
                match self.registry.put_session(after_due_moves(session, now)?, Some(version)).await {
                    // On a conflict, another server or a manager has moved the session. The next call looks again.
                    Ok(()) | Err(RegistryError::Conflict) => {}
                    Err(error) => return Err(error.into()),
                }
            }
        }
        Ok(is_any_active)
    }

    async fn count_held_seats(&self, session: SessionId, now: Timestamp) -> Result<(), SessionError> {
        let seats = self.registry.seats(session).await?;
        let held = seats.iter().filter(|seat| seat.is_held(now)).count() as u32;
        self.held_seats.lock().unwrap_or_else(PoisonError::into_inner).insert(session, held);
        Ok(())
    }

    /// Reads a session and its version.
    ///
    /// # Errors
    /// If there is no such session, or the registry fails.
    pub(super) async fn read(&self, session: SessionId) -> Result<(Session, Version), SessionError> {
        self.registry.session(session).await?.ok_or(SessionError::Unknown)
    }

    /// Returns the tuning of a session's games.
    pub(super) fn tuning(&self, plan: &Plan) -> Tuning {
        plan.tuning.clone().unwrap_or_else(|| self.default_tuning.borrow().clone())
    }

    /// Returns a session as API users see it.
    pub(super) fn view(&self, session: &Session) -> SessionView {
        let held_seats = self.held_seats.lock().unwrap_or_else(PoisonError::into_inner).get(&session.id).copied();
        let Session { id, code, plan, stage, .. } = session.clone();
        let tuning_name = match plan.tuning {
            Some(ref tuning) => tuning.name.clone(),
            None => self.default_tuning.borrow().name.clone(),
        };
        SessionView {
            session: id,
            code,
            seats: plan.seats,
            seated: held_seats.unwrap_or_default(),
            synchronised: plan.synchronised,
            guests: plan.guests,
            real_time: plan.real_time,
            tuning_name,
            opens_at: plan.opens_at,
            closes_at: plan.closes_at,
            stage,
            moves: stage.allowed_moves(&plan, self.clock.now()),
            name: plan.name,
            kind: plan.kind,
        }
    }
}

fn new_session(plan: Plan, now: Timestamp) -> Result<Session, getrandom::Error> {
    Ok(Session {
        // ID 0 is open play.
        id: SessionId(getrandom::u64()?.max(1)),
        code: JoinCode::from_bits(getrandom::u32()?),
        made_at: now,
        plan,
        stage: Stage::Planned,
        earlier_runs: Vec::new(),
        reopened_at: None,
    })
}

/// Returns the session after all moves of the schedule that are due at `now`. Each takes place at its planned time, so
/// that a session ends then even if no server ran.
fn after_due_moves(mut session: Session, now: Timestamp) -> Result<Session, MoveError> {
    while let Some((due, at)) = session.stage.due(&session.plan, now) {
        let at = at.max(session.made_at);
        session = after_move(session, due, at)?;
    }
    Ok(session)
}

/// Returns the session after a move at `now`. A move that ends a run keeps the time of that run, and a move that opens
/// the session again begins another.
fn after_move(session: Session, wanted: Move, now: Timestamp) -> Result<Session, MoveError> {
    let stage = session.stage.after(wanted, &session.plan, now)?;
    let run_start = session.run_start();
    let mut moved = Session { stage, ..session };
    match (session.stage, stage) {
        (Stage::Running { .. }, Stage::Closing { .. }) => {
            moved.earlier_runs.extend(stage.ends_at().map(|ended_at| (run_start, ended_at)));
        }
        (Stage::Closing { .. } | Stage::Closed { .. }, Stage::Lobby | Stage::Running { .. }) => {
            moved.reopened_at = Some(now);
        }
        _ => {}
    }
    Ok(moved)
}

#[cfg(test)]
mod tests {
    use shared::session::GRACE_MILLIS;

    use super::*;

    fn planned_session() -> Session {
        Session {
            id: SessionId(1),
            code: JoinCode::from_bits(0),
            made_at: Timestamp(1_000),
            plan: Plan::open_play(),
            stage: Stage::Planned,
            earlier_runs: Vec::new(),
            reopened_at: None,
        }
    }

    const END_OF_TIME: Timestamp = Timestamp(u64::MAX);

    fn after_moves(moves: &[(Move, u64)]) -> Session {
        let moved = |session, (wanted, now): &(Move, u64)| after_move(session, *wanted, Timestamp(*now)).unwrap();
        moves.iter().fold(planned_session(), moved)
    }

    #[test]
    fn games_count_until_the_end_of_the_run_in_which_they_started() {
        let at = Timestamp;
        let settled_at = 100_000 + GRACE_MILLIS;
        let reopened = after_moves(&[
            (Move::Open, 2_000),
            (Move::Close, 100_000),
            (Move::Settle, settled_at),
            (Move::Reopen, 900_000),
        ]);
        assert_eq!(reopened.run_end(at(50_000)), Some(at(100_000)));
        assert_eq!(reopened.run_end(at(100_001)), None, "between two runs");
        assert_eq!(reopened.run_end(at(899_999)), None, "between two runs");
        assert_eq!(reopened.run_end(at(900_000)), Some(END_OF_TIME), "the current run has no end yet");
        let closed = after_move(reopened, Move::Close, at(950_000)).unwrap();
        assert_eq!(closed.run_end(at(900_000)), Some(at(950_000)));
        assert_eq!(closed.run_end(at(50_000)), Some(at(100_000)));
        assert_eq!(closed.run_end(at(950_001)), None);
    }

    #[test]
    fn extending_a_closing_session_begins_another_run() {
        let extended =
            after_moves(&[(Move::Open, 2_000), (Move::Close, 100_000), (Move::Extend { minutes: 1 }, 105_000)]);
        assert_eq!(extended.run_end(Timestamp(50_000)), Some(Timestamp(100_000)));
        assert_eq!(extended.run_end(Timestamp(102_000)), None);
        assert_eq!(extended.run_end(Timestamp(105_000)), Some(Timestamp(165_000)));
    }

    #[test]
    fn schedule_takes_place_at_its_planned_times_however_late() {
        let plan = Plan { opens_at: Some(Timestamp(5_000)), closes_at: Some(Timestamp(60_000)), ..Plan::open_play() };
        let session = Session { plan, ..planned_session() };
        let day = Timestamp(24 * 60 * 60 * 1000);
        let settled = after_due_moves(session, day).unwrap();
        assert_eq!(settled.stage, Stage::Closed { settled_at: Timestamp(60_000 + GRACE_MILLIS) });
        assert_eq!(settled.run_end(Timestamp(30_000)), Some(Timestamp(60_000)));
    }
}
