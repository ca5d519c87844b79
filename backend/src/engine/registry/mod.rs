//! The registry: accounts, sessions, seats and unplayed tickets. No stream holds them, so they cannot be computed again.
//!
//! Every write is durable when its future completes. It is conditional: on the version that was read or, for seats, on
//! the seats and nicknames that are free.

mod account;
mod dynamodb;
mod embedded;
mod seat;
mod session;
mod ticket;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use shared::{
    account::AccountName,
    ids::{GameId, PlayerId},
    nickname::Nickname,
    session::{JoinCode, Participant, SessionId},
    time::Timestamp,
};

use super::error::OperationError;

pub use account::{Account, Grant, GrantKey};
pub use dynamodb::DynamoRegistry;
pub use embedded::EmbeddedRegistry;
pub use seat::{Seat, SeatRequest, SeatRules};
pub use session::Session;
pub use ticket::{GameSeed, NumberedTicket, TicketNumber, TicketRequest, TicketRow};

/// The version of a row: how often it was changed. A change applies only to the version that was read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version(pub u64);

/// Why an operation of the registry failed. Most messages are for players and managers.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegistryError {
    /// The row is not the version that was read, or a new row exists already.
    #[error("another request changed this in the meantime; reload and try again")]
    Conflict,
    /// All seats are held.
    #[error("all seats are taken; try again when one becomes free")]
    SeatsTaken,
    /// Another player of the session has the nickname.
    #[error("another player of this session has this nickname; choose another")]
    NicknameTaken,
    /// The player is new, and the session admits no new players.
    #[error("this session is locked; ask the organiser")]
    Locked,
    /// The player waits for approval.
    #[error("a manager has not approved you yet; wait for the approval")]
    NotApproved,
    /// As many players wait for approval as may.
    #[error("too many players wait for approval; try again later")]
    TooManyWaiting,
    /// A manager has removed the player, for this reason.
    #[error("a manager has removed you from this session: {0}")]
    Removed(String),
    /// The player never took a seat, or no longer holds it.
    #[error("you have no seat in this session; join it first")]
    NoSeat,
    /// The player has begun as many games as the session allows.
    #[error("this session allows each player one game, and you have played it")]
    NoAttemptLeft,
    /// The ticket was issued again, and no tick of its game has arrived before.
    #[error("this game was started again, here or elsewhere; only its newest start is recorded")]
    OldTicket,
    /// The engine failed.
    #[error(transparent)]
    Engine(#[from] OperationError),
}

/// Durable conditional writes, and reads of the latest rows. Every method fails with [`RegistryError::Engine`] if the
/// engine fails.
#[async_trait]
pub trait Registry: Send + Sync {
    /// The account of a name, and its version.
    async fn account(&self, name: &AccountName) -> Result<Option<(Account, Version)>, RegistryError>;

    /// The account of a player, and its version. `None` for a guest.
    async fn account_by_player(&self, player: PlayerId) -> Result<Option<(Account, Version)>, RegistryError>;

    /// Writes an account. `from` is the version that was read, or `None` for a new account.
    ///
    /// # Errors
    /// [`RegistryError::Conflict`] if the version is another one, or the name of a new account is taken.
    async fn put_account(&self, account: Account, from: Option<Version>) -> Result<(), RegistryError>;

    /// Writes a grant.
    async fn put_grant(&self, key: GrantKey, grant: Grant) -> Result<(), RegistryError>;

    /// Deletes a grant and returns it, so that it is used at most once.
    async fn take_grant(&self, key: GrantKey) -> Result<Option<Grant>, RegistryError>;

    /// A session, and its version.
    async fn session(&self, session: SessionId) -> Result<Option<(Session, Version)>, RegistryError>;

    /// The session of a join code, and its version.
    async fn session_by_code(&self, code: &JoinCode) -> Result<Option<(Session, Version)>, RegistryError>;

    /// All sessions, in any order.
    async fn sessions(&self) -> Result<Vec<(Session, Version)>, RegistryError>;

    /// Writes a session. `from` is the version that was read, or `None` for a new session.
    ///
    /// # Errors
    /// [`RegistryError::Conflict`] if the version is another one, or the join code is taken.
    async fn put_session(&self, session: Session, from: Option<Version>) -> Result<(), RegistryError>;

    /// Takes a seat, keeps the one that the player holds, or lets the player wait for approval. A nickname that a manager
    /// gave stays. A waiting player has no seat, but has the nickname; another player gets it once the waiting player is
    /// no longer connected.
    ///
    /// # Errors
    /// [`RegistryError::SeatsTaken`] if no seat is free, [`RegistryError::NicknameTaken`] if another player has the
    /// nickname, [`RegistryError::Removed`] if a manager has removed the player, [`RegistryError::Locked`] if the player is
    /// new and the session is locked, [`RegistryError::TooManyWaiting`] if the player would wait but too many do.
    async fn take_seat(&self, request: SeatRequest) -> Result<Seat, RegistryError>;

    /// Records that the player's browser is connected. It keeps the seat, or takes it again while one is free. A waiting
    /// player continues to wait.
    ///
    /// # Errors
    /// [`RegistryError::NoSeat`] if the player never took a seat, [`RegistryError::SeatsTaken`] if the seat expired and
    /// no other is free, [`RegistryError::Removed`] if a manager has removed the player.
    async fn heartbeat(
        &self,
        participant: Participant,
        rules: SeatRules,
        now: Timestamp,
    ) -> Result<Seat, RegistryError>;

    /// Frees the player's seat, if there is one.
    async fn leave(&self, participant: Participant) -> Result<(), RegistryError>;

    /// Issues a ticket to a player who holds a seat: the unplayed one again with another start, or a new one. So each player
    /// has at most one unplayed ticket.
    ///
    /// # Errors
    /// [`RegistryError::NoSeat`] if the player holds no seat, [`RegistryError::NotApproved`] if the player waits for
    /// approval, [`RegistryError::NoAttemptLeft`] if all attempts are used, [`RegistryError::Removed`] if a manager has
    /// removed the player.
    async fn issue_ticket(&self, request: TicketRequest) -> Result<NumberedTicket, RegistryError>;

    /// Uses the newest ticket, and one attempt, for the first ticks of its game. Changes nothing if the game has used it
    /// already. `max_attempts` is the number of attempts that the session allows, `None` for no limit.
    ///
    /// # Errors
    /// [`RegistryError::OldTicket`] if the ticket is not the newest one, [`RegistryError::NoAttemptLeft`] if all attempts
    /// are used.
    async fn use_ticket(
        &self,
        participant: Participant,
        game: GameId,
        number: TicketNumber,
        max_attempts: Option<u32>,
    ) -> Result<(), RegistryError>;

    /// A participant's tickets.
    async fn tickets(&self, participant: Participant) -> Result<TicketRow, RegistryError>;

    /// Gives a player a nickname that the player cannot change.
    ///
    /// # Errors
    /// [`RegistryError::NicknameTaken`] if another player has it, [`RegistryError::NoSeat`] if the player never took a
    /// seat.
    async fn rename(&self, participant: Participant, nickname: Nickname, now: Timestamp)
    -> Result<Seat, RegistryError>;

    /// Removes a player for a reason, and frees the seat.
    ///
    /// # Errors
    /// [`RegistryError::NoSeat`] if the player never took a seat.
    async fn remove(&self, participant: Participant, reason: String) -> Result<Seat, RegistryError>;

    /// Approves a player who waits or is removed. The next heartbeat takes a seat, while one is free.
    ///
    /// # Errors
    /// [`RegistryError::NoSeat`] if the player never asked for a seat.
    async fn approve(&self, participant: Participant) -> Result<Seat, RegistryError>;

    /// A player's seat, held or not. `None` if the player never took one.
    async fn seat(&self, participant: Participant) -> Result<Option<Seat>, RegistryError>;

    /// All seats of the session, held or not, in the order in which they were first taken.
    async fn seats(&self, session: SessionId) -> Result<Vec<Seat>, RegistryError>;
}
