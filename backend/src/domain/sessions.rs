//! Sessions: made and moved by managers and by time, joined by players.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use shared::{
    account::Role,
    api::{SeatChange, SeatView, SessionView},
    ids::PlayerId,
    nickname::Nickname,
    record::Record,
    session::{JoinCode, Kind, Move, MoveError, Participant, Plan, PlanError, SessionId, Stage},
    time::Timestamp,
    tuning::Tuning,
};
use tokio::sync::watch;

use crate::{
    clock,
    engine::{
        registry::{Registry, RegistryError, Seat, SeatRequest, Session, Version},
        stream::{Stream, StreamError},
    },
};

/// Tries for a change that others change, too.
const TRIES: usize = 8;
/// The longest reason for removing a player, in characters.
const MAX_REASON_CHARS: usize = 200;

/// Why a session does not do it.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// There is no such session.
    #[error("there is no such session here")]
    Unknown,
    /// The plan makes no session.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// Not at this stage.
    #[error(transparent)]
    Move(#[from] MoveError),
    /// Nobody may join now.
    #[error("this session is {0}; nobody can join it now")]
    NotOpen(&'static str),
    /// No game may begin now.
    #[error("this session is {0}; no game can begin now")]
    NotRunning(&'static str),
    /// Guests are not let in.
    #[error("this session is for players with an account; sign in first")]
    NoGuests,
    /// The reason says nothing, or too much.
    #[error("a reason has 1 to {MAX_REASON_CHARS} characters")]
    Reason,
    /// The registry did not do it.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// What was decided cannot be recorded.
    #[error(transparent)]
    Stream(#[from] StreamError),
    /// The machine gives no random numbers.
    #[error("a session cannot be made: {0}")]
    Internal(String),
}

/// What a game of a session is played by.
#[derive(Debug, Clone)]
pub struct GameStart {
    /// What others see of the player.
    pub nickname: Nickname,
    /// The session's tuning.
    pub tuning: Tuning,
    /// When the game begins: now, or at the session's start.
    pub begins_at: Timestamp,
}

/// Runs sessions.
pub struct Sessions {
    registry: Arc<dyn Registry>,
    stream: Arc<dyn Stream>,
    /// What a session is played by that has no tuning of its own.
    tuning: watch::Receiver<Tuning>,
    /// Seats that are held, of a moment ago.
    seated: Mutex<HashMap<SessionId, u32>>,
}

impl Sessions {
    /// Sessions that are kept in `registry`; what is decided on players goes to `stream`.
    pub fn new(registry: Arc<dyn Registry>, stream: Arc<dyn Stream>, tuning: watch::Receiver<Tuning>) -> Sessions {
        Sessions { registry, stream, tuning, seated: Mutex::default() }
    }

    /// Makes a session.
    ///
    /// # Errors
    /// Where the plan makes none.
    pub async fn create(&self, plan: Plan) -> Result<SessionView, SessionError> {
        plan.check()?;
        for _ in 0..TRIES {
            let session = Session {
                id: SessionId(random()?.max(1)),
                code: JoinCode::from_bits(random()? as u32),
                made_at: clock::now(),
                plan: plan.clone(),
                stage: Stage::Planned,
                settled: Vec::new(),
            };
            match self.registry.put_session(session.clone(), None).await {
                Ok(()) => return Ok(self.view(&session)),
                Err(RegistryError::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(RegistryError::Conflict.into())
    }

    /// One session.
    ///
    /// # Errors
    /// Where there is none.
    pub async fn show(&self, session: SessionId) -> Result<SessionView, SessionError> {
        Ok(self.view(&self.read(session).await?.0))
    }

    /// The session of that code.
    ///
    /// # Errors
    /// Where there is none.
    pub async fn find(&self, code: &JoinCode) -> Result<SessionView, SessionError> {
        let (session, _) = self.registry.session_by_code(code).await?.ok_or(SessionError::Unknown)?;
        Ok(self.view(&session))
    }

    /// All sessions, newest first; without those that are planned or over, unless asked for.
    ///
    /// # Errors
    /// Where the registry fails.
    pub async fn list(&self, all: bool) -> Result<Vec<SessionView>, SessionError> {
        let mut sessions: Vec<Session> =
            self.registry.sessions().await?.into_iter().map(|(session, _)| session).collect();
        sessions.retain(|session| all || session.stage.is_open());
        sessions.sort_by_key(|session| std::cmp::Reverse((session.made_at, session.id)));
        Ok(sessions.iter().map(|session| self.view(session)).collect())
    }

    /// Does what a manager wants with a session.
    ///
    /// # Errors
    /// Where the session does not take the move.
    pub async fn make_move(&self, session: SessionId, wanted: Move) -> Result<SessionView, SessionError> {
        for _ in 0..TRIES {
            let (session, version) = self.read(session).await?;
            let moved = moved(session, wanted, clock::now())?;
            match self.registry.put_session(moved.clone(), Some(version)).await {
                Ok(()) => return Ok(self.view(&moved)),
                Err(RegistryError::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(RegistryError::Conflict.into())
    }

    /// Does what time itself does, and counts the seats that are held.
    ///
    /// # Errors
    /// Where the registry fails.
    pub async fn make_due_moves(&self) -> Result<(), SessionError> {
        let now = clock::now();
        for (session, version) in self.registry.sessions().await? {
            if session.stage.is_open() {
                let seats = self.registry.seats(session.id).await?;
                let held = seats.iter().filter(|seat| seat.is_held(now)).count() as u32;
                self.seated.lock().unwrap_or_else(PoisonError::into_inner).insert(session.id, held);
            }
            if let Some(due) = session.stage.due(&session.plan, now) {
                match self.registry.put_session(moved(session, due, now)?, Some(version)).await {
                    // Whoever was quicker has done it.
                    Ok(()) | Err(RegistryError::Conflict) => {}
                    Err(error) => return Err(error.into()),
                }
            }
        }
        Ok(())
    }

    /// Gives a player a seat.
    ///
    /// # Errors
    /// Where the session is not open, full, or does not want the player.
    pub async fn join(
        &self,
        participant: Participant,
        role: Role,
        nickname: Nickname,
    ) -> Result<(Seat, SessionView), SessionError> {
        let (session, _) = self.read(participant.session).await?;
        if !session.stage.is_open() {
            return Err(SessionError::NotOpen(session.stage.word()));
        }
        if role == Role::Guest && !session.plan.guests {
            return Err(SessionError::NoGuests);
        }
        let request = SeatRequest {
            session: session.id,
            seats: session.plan.seats,
            player: participant.player,
            nickname,
            role,
            now: clock::now(),
        };
        let seat = self.registry.take_seat(request).await?;
        Ok((seat, self.view(&session)))
    }

    /// Hears that a player's browser is there.
    ///
    /// # Errors
    /// Where the player has no seat, or lost it.
    pub async fn heartbeat(&self, participant: Participant) -> Result<Seat, SessionError> {
        let (session, _) = self.read(participant.session).await?;
        Ok(self.registry.heartbeat(participant, session.plan.seats, clock::now()).await?)
    }

    /// Frees a player's seat.
    ///
    /// # Errors
    /// Where the registry fails.
    pub async fn leave(&self, participant: Participant) -> Result<(), SessionError> {
        Ok(self.registry.leave(participant).await?)
    }

    /// Lets a player begin a game, and counts it.
    ///
    /// # Errors
    /// Where the session is not running, the player has no seat, or has played as often as is allowed.
    pub async fn start_game(&self, participant: Participant) -> Result<GameStart, SessionError> {
        let (session, _) = self.read(participant.session).await?;
        let now = clock::now();
        let begins_at = session.stage.begins(now).ok_or(SessionError::NotRunning(session.stage.word()))?;
        let most = match session.plan.kind {
            Kind::SingleAttempt => Some(1),
            Kind::MultipleAttempts | Kind::TimeConstrained { .. } => None,
        };
        let seat = self.registry.begin_attempt(participant, most, now).await?;
        let tuning = session.plan.tuning.unwrap_or_else(|| self.tuning.borrow().clone());
        Ok(GameStart { nickname: seat.nickname, tuning, begins_at })
    }

    /// Who is, or was, in a session, in the order in which they came.
    ///
    /// # Errors
    /// Where the registry fails.
    pub async fn seats(&self, session: SessionId) -> Result<Vec<SeatView>, SessionError> {
        self.read(session).await?;
        let now = clock::now();
        Ok(self.registry.seats(session).await?.into_iter().map(|seat| seat_view(seat, now)).collect())
    }

    /// Does what a manager wants with a player, and tells the standings.
    ///
    /// # Errors
    /// Where the player never had a seat, another one has the nickname, or it cannot be recorded: then say it again.
    pub async fn change_seat(&self, participant: Participant, change: SeatChange) -> Result<(), SessionError> {
        let seat = match change {
            SeatChange::Rename(nickname) => self.registry.rename(participant, nickname).await?,
            SeatChange::Readmit => self.registry.remove(participant, None).await?,
            SeatChange::Remove(reason) => {
                let reason = reason.trim().to_owned();
                if !(1..=MAX_REASON_CHARS).contains(&reason.chars().count()) {
                    return Err(SessionError::Reason);
                }
                self.registry.remove(participant, Some(reason)).await?
            }
        };
        // The standings follow from the stream alone.
        self.stream.append_record(&Record::Moderated(seat.moderation_action(participant.session))).await?;
        Ok(())
    }

    async fn read(&self, session: SessionId) -> Result<(Session, Version), SessionError> {
        self.registry.session(session).await?.ok_or(SessionError::Unknown)
    }

    fn view(&self, session: &Session) -> SessionView {
        let seated = self.seated.lock().unwrap_or_else(PoisonError::into_inner).get(&session.id).copied();
        let Session { id, code, plan, stage, .. } = session.clone();
        let moves = stage.allowed_moves(&plan, clock::now());
        SessionView {
            session: id,
            code,
            name: plan.name,
            kind: plan.kind,
            seats: plan.seats,
            seated: seated.unwrap_or_default(),
            synchronised: plan.synchronised,
            guests: plan.guests,
            tuning_name: plan.tuning.map_or_else(|| self.tuning.borrow().name.clone(), |tuning| tuning.name),
            opens_at: plan.opens_at,
            closes_at: plan.closes_at,
            stage,
            moves,
        }
    }
}

/// The session after a move; what it settles counts from then on whatever comes.
fn moved(session: Session, wanted: Move, now: Timestamp) -> Result<Session, MoveError> {
    let stage = session.stage.after(wanted, &session.plan, now)?;
    let mut settled = session.settled;
    if let Stage::Closed { settled_at } = stage {
        let from = settled.last().map_or(session.made_at, |(_, until)| until.after_millis(1));
        settled.push((from, settled_at));
    }
    Ok(Session { stage, settled, ..session })
}

fn seat_view(seat: Seat, now: Timestamp) -> SeatView {
    SeatView {
        present: seat.is_held(now),
        player: seat.player,
        nickname: seat.nickname,
        role: seat.role,
        attempts: seat.attempts,
        removed: seat.removed,
    }
}

/// A player that nobody has been yet.
///
/// # Errors
/// Where the machine gives no random numbers.
pub fn new_player() -> Result<PlayerId, SessionError> {
    Ok(PlayerId(random()?))
}

fn random() -> Result<u64, SessionError> {
    getrandom::u64().map_err(|error| SessionError::Internal(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_settled_counts_and_what_came_between_two_openings_does_not() {
        let at = Timestamp;
        let mut session = Session {
            id: SessionId(1),
            code: JoinCode::from_bits(0),
            made_at: at(1_000),
            plan: Plan::open_play(),
            stage: Stage::Planned,
            settled: Vec::new(),
        };
        let grace = shared::session::GRACE_MILLIS;
        for (wanted, now) in
            [(Move::Open, 2_000), (Move::Close, 100_000), (Move::Settle, 100_000 + grace), (Move::Reopen, 900_000)]
        {
            session = moved(session, wanted, at(now)).unwrap();
        }
        let settled_at = 100_000 + grace;
        assert!(session.counts(at(50_000)) && session.counts(at(settled_at)));
        assert!(session.counts(at(900_001)), "it runs again");
        let closed = moved(session.clone(), Move::Close, at(950_000)).unwrap();
        assert!(closed.counts(at(950_000 + grace)) && !closed.counts(at(950_001 + grace)));
        assert!(closed.counts(at(50_000)));
    }
}
