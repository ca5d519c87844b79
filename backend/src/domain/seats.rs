//! Seats: players join and leave a session, keep their seats by heartbeats, and start games.

use std::sync::Arc;

use shared::{
    account::Role,
    api::{SeatView, Seated},
    nickname::Nickname,
    session::{Kind, Participant, SessionId},
    time::Timestamp,
    tuning::Tuning,
};

use super::{
    sessions::{SessionError, Sessions},
    tokens::{Principal, SigningError, TokenKeys},
};
use crate::{
    clock::Clock,
    engine::registry::{Registry, RegistryError, Seat, SeatRequest, Session},
};

/// Why a request about a seat fails.
#[derive(Debug, thiserror::Error)]
pub enum SeatError {
    /// The session cannot be read.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// The session's stage does not allow joining.
    #[error("this session is {0}; players cannot join it now")]
    NotOpen(&'static str),
    /// The session's stage does not allow new games.
    #[error("this session is {0}; games cannot start now")]
    NotRunning(&'static str),
    /// The session does not admit guests.
    #[error("this session is for players with an account; sign in first")]
    NoGuests,
    /// The registry refused or failed.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The guest's token cannot be signed.
    #[error(transparent)]
    Signing(#[from] SigningError),
    /// The operating system returned no random number for the guest's player ID.
    #[error("cannot create a guest")]
    Random(#[source] getrandom::Error),
}

/// What a new game in a session starts with.
#[derive(Debug, Clone)]
pub struct GameStart {
    /// The nickname of the player's seat.
    pub nickname: Nickname,
    /// The session's tuning.
    pub tuning: Tuning,
    /// When the game begins: now, or at the common start.
    pub begins_at: Timestamp,
}

/// Gives players seats in sessions.
pub struct Seats {
    registry: Arc<dyn Registry>,
    sessions: Arc<Sessions>,
    keys: Arc<TokenKeys>,
    clock: Clock,
}

impl Seats {
    /// Creates the service over the seats in `registry`. `keys` sign the tokens of guests.
    pub fn new(registry: Arc<dyn Registry>, sessions: Arc<Sessions>, keys: Arc<TokenKeys>, clock: Clock) -> Seats {
        Seats { registry, sessions, keys, clock }
    }

    /// Takes a seat for the caller. A caller without a token becomes a new guest. The response contains a new player
    /// token if the caller is a guest.
    ///
    /// # Errors
    /// If the session is not open, is full, or does not admit the caller, or if the registry fails.
    pub async fn join(
        &self,
        session: SessionId,
        caller: Option<Principal>,
        nickname: Nickname,
    ) -> Result<Seated, SeatError> {
        let principal = match caller {
            Some(principal) => principal,
            None => Principal::new_guest(self.clock.now()).map_err(SeatError::Random)?,
        };
        let (session, _) = self.sessions.read(session).await?;
        let seat = self.take_seat(&session, principal, nickname).await?;
        let player_token = match principal.role {
            Role::Guest => Some(self.keys.sign_player(principal)?.0),
            Role::Player | Role::Manager => None,
        };
        Ok(Seated { player: seat.player, player_token, session: self.sessions.view(&session) })
    }

    async fn take_seat(
        &self,
        session: &Session,
        Principal { player, role, .. }: Principal,
        nickname: Nickname,
    ) -> Result<Seat, SeatError> {
        if !session.stage.is_open() {
            return Err(SeatError::NotOpen(session.stage.word()));
        }
        if role == Role::Guest && !session.plan.guests {
            return Err(SeatError::NoGuests);
        }
        let seats = session.plan.seats;
        let request = SeatRequest { session: session.id, seats, player, nickname, role, now: self.clock.now() };
        Ok(self.registry.take_seat(request).await?)
    }

    /// Records a heartbeat of the player's browser, which keeps the seat.
    ///
    /// # Errors
    /// If the player has no seat, or lost it and all seats are taken.
    pub async fn heartbeat(&self, participant: Participant) -> Result<Seat, SeatError> {
        let (session, _) = self.sessions.read(participant.session).await?;
        Ok(self.registry.heartbeat(participant, session.plan.seats, self.clock.now()).await?)
    }

    /// Frees a player's seat.
    ///
    /// # Errors
    /// If the registry fails.
    pub async fn leave(&self, participant: Participant) -> Result<(), SeatError> {
        Ok(self.registry.leave(participant).await?)
    }

    /// Starts a game of a seated player, which counts as an attempt.
    ///
    /// # Errors
    /// If the session is not running, the player has no seat, or has no attempt left.
    pub async fn start_game(&self, participant: Participant) -> Result<GameStart, SeatError> {
        let (session, _) = self.sessions.read(participant.session).await?;
        let now = self.clock.now();
        let begins_at = session.stage.begins(now).ok_or(SeatError::NotRunning(session.stage.word()))?;
        let max_attempts = match session.plan.kind {
            Kind::SingleAttempt => Some(1),
            Kind::MultipleAttempts | Kind::TimeConstrained { .. } => None,
        };
        let seat = self.registry.begin_attempt(participant, max_attempts, now).await?;
        Ok(GameStart { nickname: seat.nickname, tuning: self.sessions.tuning(&session.plan), begins_at })
    }

    /// Returns every player who ever had a seat in a session, in the order in which they joined.
    ///
    /// # Errors
    /// If there is no such session, or the registry fails.
    pub async fn list(&self, session: SessionId) -> Result<Vec<SeatView>, SeatError> {
        self.sessions.read(session).await?;
        let now = self.clock.now();
        Ok(self.registry.seats(session).await?.into_iter().map(|seat| view(seat, now)).collect())
    }
}

fn view(seat: Seat, now: Timestamp) -> SeatView {
    SeatView {
        present: seat.is_held(now),
        player: seat.player,
        nickname: seat.nickname,
        role: seat.role,
        attempts: seat.attempts,
        removed: seat.removed,
    }
}
