//! The registry: what people decide rather than games, which no stream can tell again: accounts, sessions and seats.
//!
//! Every write is durable when it is answered, and conditional: on the version that it was computed from, or, for seats,
//! on what the session has left.

mod dynamodb;
mod embedded;
mod seat;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use shared::{
    account::{AccountName, Role},
    ids::PlayerId,
    nickname::Nickname,
    session::{JoinCode, Participant, Plan, SessionId, Stage},
    time::Timestamp,
};

pub use dynamodb::DynamoRegistry;
pub use embedded::EmbeddedRegistry;
pub use seat::{Seat, SeatRequest};

/// How often a row was written. A change applies only to the version that it was computed from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version(pub u64);

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// What it signs in by.
    pub name: AccountName,
    /// Who it is.
    pub player: PlayerId,
    /// What others see.
    pub nickname: Nickname,
    /// What it may do.
    pub role: Role,
    /// The password's hash, with its salt and costs, in the PHC format.
    pub password_hash: String,
    /// Tokens that were signed before are revoked.
    pub tokens_since: Timestamp,
}

/// A right to new tokens. It is named by the hash of the refresh token, so that who reads the registry cannot use it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Whose it is.
    pub name: AccountName,
    /// When it was given.
    pub granted_at: Timestamp,
    /// When it is worn out.
    pub expires_at: Timestamp,
}

/// The SHA-256 of a refresh token.
pub type GrantKey = [u8; 32];

/// A session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The session.
    pub id: SessionId,
    /// What is typed to join it.
    pub code: JoinCode,
    /// When it was made.
    pub made_at: Timestamp,
    /// What it is to be.
    pub plan: Plan,
    /// Where it is.
    pub stage: Stage,
    /// The stretches of time that were settled before it was opened again: what was received in them counts.
    pub settled: Vec<(Timestamp, Timestamp)>,
}

impl Session {
    /// Whether what is received at that time counts.
    pub fn counts(&self, received_at: Timestamp) -> bool {
        let within = |(from, until): &(Timestamp, Timestamp)| (*from..=*until).contains(&received_at);
        match self.stage {
            Stage::Closed { .. } | Stage::Planned | Stage::Lobby => self.settled.iter().any(within),
            Stage::Running { .. } | Stage::Closing { .. } => {
                // Before the present stretch only what was settled then counts.
                let begun = self.settled.last().is_none_or(|(_, until)| received_at > *until);
                self.settled.iter().any(within) || begun && self.stage.counts(received_at)
            }
        }
    }
}

/// Why the registry did not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegistryError {
    /// The row is no longer the one that the change was computed from, or is there already.
    #[error("somebody else has changed it in between; read it again")]
    Conflict,
    /// All seats are held.
    #[error("all seats are taken; try again when one becomes free")]
    SeatsTaken,
    /// Another player of the session has the nickname.
    #[error("another player of this session is called so; choose another nickname")]
    NicknameTaken,
    /// A manager has removed the player.
    #[error("a manager has removed you from this session: {0}")]
    Removed(String),
    /// The player has no seat, or lost it by being away for too long.
    #[error("you have no seat in this session; join it first")]
    NoSeat,
    /// The player has played as often as the session allows.
    #[error("this session allows each player one game, and you have played it")]
    NoAttemptLeft,
    /// The engine failed.
    #[error("the registry failed: {0}")]
    Engine(String),
}

/// Durable conditional writes.
#[async_trait]
pub trait Registry: Send + Sync {
    /// An account and its version.
    async fn account(&self, name: &AccountName) -> Result<Option<(Account, Version)>, RegistryError>;

    /// The account of a player; none for a guest.
    async fn account_by_player(&self, player: PlayerId) -> Result<Option<(Account, Version)>, RegistryError>;

    /// Writes an account that was read at that version; a new one has none.
    ///
    /// # Errors
    /// [`RegistryError::Conflict`] where it has another version by now, or the name is taken.
    async fn put_account(&self, account: Account, from: Option<Version>) -> Result<(), RegistryError>;

    /// Keeps a grant.
    async fn put_grant(&self, key: GrantKey, grant: Grant) -> Result<(), RegistryError>;

    /// Takes a grant away and gives it: each can be used once.
    async fn take_grant(&self, key: GrantKey) -> Result<Option<Grant>, RegistryError>;

    /// A session and its version.
    async fn session(&self, session: SessionId) -> Result<Option<(Session, Version)>, RegistryError>;

    /// The session of that code.
    async fn session_by_code(&self, code: &JoinCode) -> Result<Option<(Session, Version)>, RegistryError>;

    /// All sessions.
    async fn sessions(&self) -> Result<Vec<(Session, Version)>, RegistryError>;

    /// Writes a session that was read at that version; a new one has none.
    ///
    /// # Errors
    /// [`RegistryError::Conflict`] where it has another version by now, or the code is taken.
    async fn put_session(&self, session: Session, from: Option<Version>) -> Result<(), RegistryError>;

    /// Takes a seat, or goes on holding it. A nickname that a manager gave stays.
    ///
    /// # Errors
    /// Where all are held, the nickname is another player's, or the player was removed.
    async fn take_seat(&self, request: SeatRequest) -> Result<Seat, RegistryError>;

    /// Hears of a player's browser. It holds its seat on, or again while one is free.
    ///
    /// # Errors
    /// [`RegistryError::NoSeat`] where it has none, or [`RegistryError::SeatsTaken`] where others have them all by now.
    async fn heartbeat(
        &self,
        participant: Participant,
        seats: Option<u32>,
        now: Timestamp,
    ) -> Result<Seat, RegistryError>;

    /// Frees a seat.
    async fn leave(&self, participant: Participant) -> Result<(), RegistryError>;

    /// Counts one more game of a player who holds a seat.
    ///
    /// # Errors
    /// [`RegistryError::NoSeat`] where the player has none, [`RegistryError::NoAttemptLeft`] at `most` games.
    async fn begin_attempt(
        &self,
        participant: Participant,
        most: Option<u32>,
        now: Timestamp,
    ) -> Result<Seat, RegistryError>;

    /// Gives a player of the session another nickname.
    ///
    /// # Errors
    /// [`RegistryError::NicknameTaken`] where another player has it, [`RegistryError::NoSeat`] for strangers.
    async fn rename(&self, participant: Participant, nickname: Nickname) -> Result<Seat, RegistryError>;

    /// Removes a player for a reason, or with none lets the player in again.
    ///
    /// # Errors
    /// [`RegistryError::NoSeat`] for strangers.
    async fn remove(&self, participant: Participant, reason: Option<String>) -> Result<Seat, RegistryError>;

    /// A player's seat, held or not.
    async fn seat(&self, participant: Participant) -> Result<Option<Seat>, RegistryError>;

    /// All who ever had a seat in the session, in the order in which they came.
    async fn seats(&self, session: SessionId) -> Result<Vec<Seat>, RegistryError>;
}
