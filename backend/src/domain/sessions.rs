//! Sessions: managers create them and move them from stage to stage; the schedule makes due moves.

use std::{
    cmp::Reverse,
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use shared::{
    account::Role,
    api::SessionView,
    replay::Seed,
    seed_commitment::{SeedNonce, SharedSeed},
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
    /// The operating system returned no random numbers for the session's ID, code or seed.
    #[error("cannot choose random numbers for a session")]
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
            let new_seed = random_seed().map_err(SessionError::Random)?;
            let moved = after_move(after_due_moves(session, now, new_seed)?, wanted, now, new_seed)?;
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
                let new_seed = random_seed().map_err(SessionError::Random)?;
                match self.registry.put_session(after_due_moves(session, now, new_seed)?, Some(version)).await {
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
        let now = self.clock.now();
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
            shared_seed: plan.shared_seed,
            seed_commitment: session.seed_commitment(),
            revealed_seed: session.revealed_seed(now),
            guests: plan.guests,
            tuning_name,
            opens_at: plan.opens_at,
            closes_at: plan.closes_at,
            stage,
            moves: stage.allowed_moves(&plan, now),
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
        shared_seed: plan.shared_seed.then(random_seed).transpose()?,
        plan,
        stage: Stage::Planned,
        earlier_runs: Vec::new(),
        reopened_at: None,
    })
}

/// Chooses a seed for all games of a session, and the nonce of its commitment.
fn random_seed() -> Result<SharedSeed, getrandom::Error> {
    let mut nonce = [0; 16];
    getrandom::fill(&mut nonce)?;
    Ok(SharedSeed { seed: Seed(getrandom::u64()?), nonce: SeedNonce(nonce) })
}

/// Returns the session after all moves of the schedule that are due at `now`. Each takes place at its planned time, so
/// that a session ends then even if no server ran.
fn after_due_moves(mut session: Session, now: Timestamp, new_seed: SharedSeed) -> Result<Session, MoveError> {
    while let Some((due, at)) = session.stage.due(&session.plan, now) {
        let at = at.max(session.made_at);
        session = after_move(session, due, at, new_seed)?;
    }
    Ok(session)
}

/// Returns the session after a move at `now`. A move that ends a run keeps the time of that run, and a move that opens
/// the session again begins another. If its games share a seed and it was closed, they get `new_seed`, because the
/// earlier one is public.
fn after_move(session: Session, wanted: Move, now: Timestamp, new_seed: SharedSeed) -> Result<Session, MoveError> {
    let stage = session.stage.after(wanted, &session.plan, now)?;
    let run_start = session.run_start();
    let mut moved = Session { stage, ..session };
    match (session.stage, stage) {
        (Stage::Running { starts_at, .. }, Stage::Closing { .. }) => {
            // A run that is closed before its common start has no games.
            let ended_at = stage.ends_at().filter(|ended_at| starts_at <= *ended_at);
            moved.earlier_runs.extend(ended_at.map(|ended_at| (run_start, ended_at)));
        }
        (Stage::Closing { .. }, Stage::Running { .. }) => moved.reopened_at = Some(now),
        (Stage::Closed { .. }, Stage::Lobby | Stage::Running { .. }) => {
            moved.reopened_at = Some(now);
            moved.shared_seed = moved.shared_seed.and(Some(new_seed));
        }
        _ => {}
    }
    Ok(moved)
}

#[cfg(test)]
mod tests {
    use shared::session::{GRACE_MILLIS, START_DELAY_MILLIS};

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
            shared_seed: None,
        }
    }

    const END_OF_TIME: Timestamp = Timestamp(u64::MAX);
    const FIRST_SEED: SharedSeed = SharedSeed { seed: Seed(1), nonce: SeedNonce([1; 16]) };
    const NEW_SEED: SharedSeed = SharedSeed { seed: Seed(2), nonce: SeedNonce([2; 16]) };

    fn after_moves(session: Session, moves: &[(Move, u64)]) -> Session {
        let moved =
            |session, (wanted, now): &(Move, u64)| after_move(session, *wanted, Timestamp(*now), NEW_SEED).unwrap();
        moves.iter().fold(session, moved)
    }

    #[test]
    fn games_count_until_the_end_of_the_run_in_which_they_started() {
        let at = Timestamp;
        let settled_at = 100_000 + GRACE_MILLIS;
        let moves = [(Move::Open, 2_000), (Move::Close, 100_000), (Move::Settle, settled_at), (Move::Reopen, 900_000)];
        let reopened = after_moves(planned_session(), &moves);
        assert_eq!(reopened.run_end(at(50_000)), Some(at(100_000)));
        assert_eq!(reopened.run_end(at(100_001)), None, "between two runs");
        assert_eq!(reopened.run_end(at(899_999)), None, "between two runs");
        assert_eq!(reopened.run_end(at(900_000)), Some(END_OF_TIME), "the current run has no end yet");
        let closed = after_moves(reopened, &[(Move::Close, 950_000)]);
        assert_eq!(closed.run_end(at(900_000)), Some(at(950_000)));
        assert_eq!(closed.run_end(at(50_000)), Some(at(100_000)));
        assert_eq!(closed.run_end(at(950_001)), None);
    }

    #[test]
    fn extending_a_closing_session_begins_another_run() {
        let moves = [(Move::Open, 2_000), (Move::Close, 100_000), (Move::Extend { minutes: 1 }, 105_000)];
        let extended = after_moves(planned_session(), &moves);
        assert_eq!(extended.run_end(Timestamp(50_000)), Some(Timestamp(100_000)));
        assert_eq!(extended.run_end(Timestamp(102_000)), None);
        assert_eq!(extended.run_end(Timestamp(105_000)), Some(Timestamp(165_000)));
    }

    #[test]
    fn schedule_takes_place_at_its_planned_times_however_late() {
        let plan = Plan { opens_at: Some(Timestamp(5_000)), closes_at: Some(Timestamp(60_000)), ..Plan::open_play() };
        let session = Session { plan, ..planned_session() };
        let day = Timestamp(24 * 60 * 60 * 1000);
        let settled = after_due_moves(session, day, NEW_SEED).unwrap();
        assert_eq!(settled.stage, Stage::Closed { settled_at: Timestamp(60_000 + GRACE_MILLIS) });
        assert_eq!(settled.run_end(Timestamp(30_000)), Some(Timestamp(60_000)));
    }

    /// A planned session whose games share a seed and start together.
    fn synchronised_session() -> Session {
        let plan = Plan { synchronised: true, shared_seed: true, ..Plan::open_play() };
        Session { plan, shared_seed: Some(FIRST_SEED), ..planned_session() }
    }

    #[test]
    fn seed_is_revealed_at_the_common_start_and_stays_public() {
        let revealed = |session: &Session, now| session.revealed_seed(Timestamp(now));
        let lobby = after_moves(synchronised_session(), &[(Move::Open, 2_000)]);
        assert_eq!(revealed(&lobby, u64::MAX), None);
        assert_eq!(lobby.seed_commitment(), Some(FIRST_SEED.commitment()));
        let running = after_moves(lobby, &[(Move::Start, 10_000)]);
        let starts_at = 10_000 + START_DELAY_MILLIS;
        assert_eq!(revealed(&running, starts_at - 1), None);
        assert_eq!(revealed(&running, starts_at), Some(FIRST_SEED));
        let closing = after_moves(running, &[(Move::Close, 100_000)]);
        assert_eq!(revealed(&closing, 100_000), Some(FIRST_SEED));
        let closed = after_moves(closing, &[(Move::Settle, 100_000 + GRACE_MILLIS)]);
        assert_eq!(revealed(&closed, 200_000), Some(FIRST_SEED));
    }

    #[test]
    fn seed_of_a_session_that_never_started_stays_secret() {
        let moves = [(Move::Open, 2_000), (Move::Start, 10_000), (Move::Close, 11_000)];
        let closing = after_moves(synchronised_session(), &moves);
        assert_eq!(closing.revealed_seed(END_OF_TIME), None);
        let planned = after_moves(synchronised_session(), &[(Move::Close, 2_000)]);
        assert_eq!(planned.revealed_seed(END_OF_TIME), None);
        // The games start at once if it is given more time.
        let extended = after_moves(closing, &[(Move::Extend { minutes: 1 }, 12_000)]);
        assert_eq!(extended.revealed_seed(Timestamp(12_000)), Some(FIRST_SEED));
    }

    #[test]
    fn only_a_session_that_is_opened_again_gets_another_seed() {
        let moves = [(Move::Open, 2_000), (Move::Start, 10_000), (Move::Close, 100_000)];
        let closing = after_moves(synchronised_session(), &moves);
        let extended = after_moves(closing.clone(), &[(Move::Extend { minutes: 1 }, 105_000)]);
        assert_eq!(extended.shared_seed, Some(FIRST_SEED));
        let reopened = after_moves(closing, &[(Move::Settle, 100_000 + GRACE_MILLIS), (Move::Reopen, 200_000)]);
        assert_eq!(reopened.shared_seed, Some(NEW_SEED));
        assert_eq!(reopened.revealed_seed(END_OF_TIME), None, "it waits for its start");
        let closed_again = after_moves(reopened, &[(Move::Close, 300_000)]);
        assert_eq!(closed_again.revealed_seed(END_OF_TIME), None);
        let own_seeds = after_moves(planned_session(), &[(Move::Close, 2_000), (Move::Reopen, 3_000)]);
        assert_eq!((own_seeds.shared_seed, own_seeds.seed_commitment()), (None, None));
    }
}
