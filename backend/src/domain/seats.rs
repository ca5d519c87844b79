//! Seats: players join and leave a session, or wait for approval, keep their seats by heartbeats, and get and use
//! tickets.

use std::sync::Arc;

use shared::{
    account::Role,
    api::{OwnSeat, SeatView, Seated},
    ids::GameId,
    nickname::Nickname,
    record::TicketIssued,
    replay::Seed,
    seed_commitment::SeedCommitment,
    session::{Kind, Participant, SessionId},
    time::Timestamp,
};

use super::{
    sessions::{SessionError, Sessions},
    tokens::{Principal, SigningError, TokenKeys},
};
use crate::{
    clock::Clock,
    engine::registry::{
        GameSeed, NumberedTicket, Registry, RegistryError, Seat, SeatRequest, SeatRules, Session, TicketNumber,
        TicketRequest,
    },
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

/// The ID and the seed of a new game, chosen at random.
#[derive(Debug, Clone, Copy)]
pub struct NewGameId {
    /// The game.
    pub game: GameId,
    /// The seed of its random generator, unless the games of its session share one.
    pub seed: Seed,
}

/// A ticket for a game of a session.
#[derive(Debug, Clone)]
pub struct SessionTicket {
    /// The ticket.
    pub ticket: TicketIssued,
    /// Its number among the participant's tickets.
    pub number: TicketNumber,
    /// The commitment to the ticket's seed while that is secret.
    pub secret_seed: Option<SeedCommitment>,
}

impl NewGameId {
    /// Chooses a game at random.
    ///
    /// # Errors
    /// If the operating system returns no random numbers.
    pub fn random() -> Result<NewGameId, getrandom::Error> {
        Ok(NewGameId { game: GameId(getrandom::u64()?), seed: Seed(getrandom::u64()?) })
    }
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

    /// Takes a seat for the caller, or lets the caller wait for approval. A caller without a token becomes a new guest. The
    /// response contains a new player token if the caller is a guest.
    ///
    /// # Errors
    /// If the session is not open, is full or locked, or does not admit the caller, or if the registry fails.
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
        let Seat { player, approval, .. } = seat;
        Ok(Seated { player, approval, player_token, session: self.sessions.view(&session) })
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
        let rules = SeatRules::from(&session.plan);
        let request = SeatRequest { session: session.id, rules, player, nickname, role, now: self.clock.now() };
        Ok(self.registry.take_seat(request).await?)
    }

    /// Records a heartbeat of the player's browser, which keeps the seat, or takes one after the approval.
    ///
    /// # Errors
    /// If the player has no seat, or all seats are taken and the player has lost the seat or was just approved.
    pub async fn heartbeat(&self, participant: Participant) -> Result<OwnSeat, SeatError> {
        let (session, _) = self.sessions.read(participant.session).await?;
        let rules = SeatRules::from(&session.plan);
        let Seat { approval, .. } = self.registry.heartbeat(participant, rules, self.clock.now()).await?;
        Ok(OwnSeat { approval })
    }

    /// Frees a player's seat.
    ///
    /// # Errors
    /// If the registry fails.
    pub async fn leave(&self, participant: Participant) -> Result<(), SeatError> {
        Ok(self.registry.leave(participant).await?)
    }

    /// Issues a ticket to a seated player: the unplayed one again, or one for `new_game`.
    ///
    /// # Errors
    /// If the session is not running, the player has no seat, or has no attempt left.
    pub async fn issue_ticket(
        &self,
        participant: Participant,
        NewGameId { game, seed }: NewGameId,
    ) -> Result<SessionTicket, SeatError> {
        let (session, _) = self.sessions.read(participant.session).await?;
        let now = self.clock.now();
        let started_at = session.stage.begins(now).ok_or(SeatError::NotRunning(session.stage.word()))?;
        let seed = session.shared_seed.map_or(GameSeed::Own(seed), |shared| GameSeed::Shared(shared.seed));
        let tuning = self.sessions.tuning(&session.plan);
        let (real_time, max_attempts) = (session.plan.real_time, max_attempts(&session));
        let request = TicketRequest { participant, game, seed, tuning, started_at, real_time, max_attempts, now };
        let NumberedTicket { ticket, number } = self.registry.issue_ticket(request).await?;
        let secret_seed = session.seed_commitment().filter(|_| session.revealed_seed(now).is_none());
        Ok(SessionTicket { ticket, number, secret_seed })
    }

    /// Uses the ticket of a game, and an attempt, for the game's first ticks. Changes nothing if the game has used it
    /// already.
    ///
    /// # Errors
    /// If the ticket is not the newest one, or the player has no attempt left.
    pub async fn use_ticket(
        &self,
        participant: Participant,
        game: GameId,
        number: TicketNumber,
    ) -> Result<(), SeatError> {
        let (session, _) = self.sessions.read(participant.session).await?;
        Ok(self.registry.use_ticket(participant, game, number, max_attempts(&session)).await?)
    }

    /// Checks that the ticket of a game is the newest one, or that the game has used it.
    ///
    /// # Errors
    /// If it is not, or the registry fails.
    pub async fn require_valid_ticket(
        &self,
        participant: Participant,
        game: GameId,
        number: TicketNumber,
    ) -> Result<(), SeatError> {
        Ok(self.registry.tickets(participant).await?.require_valid(game, number)?)
    }

    /// Returns every player who ever had a seat in a session or waits for one, in the order in which they joined.
    ///
    /// # Errors
    /// If there is no such session, or the registry fails.
    pub async fn list(&self, session: SessionId) -> Result<Vec<SeatView>, SeatError> {
        self.sessions.read(session).await?;
        let now = self.clock.now();
        Ok(self.registry.seats(session).await?.into_iter().map(|seat| view(seat, now)).collect())
    }
}

/// The number of games that a session allows each player. `None` for no limit.
fn max_attempts(session: &Session) -> Option<u32> {
    match session.plan.kind {
        Kind::SingleAttempt => Some(1),
        Kind::MultipleAttempts | Kind::TimeConstrained { .. } => None,
    }
}

fn view(seat: Seat, now: Timestamp) -> SeatView {
    SeatView {
        present: seat.is_present(now),
        approval: seat.approval,
        player: seat.player,
        nickname: seat.nickname,
        role: seat.role,
        attempts: seat.attempts,
        removed: seat.removed,
    }
}
