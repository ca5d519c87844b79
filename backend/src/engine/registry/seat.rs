//! A player's seat in a session, and its changes.

use serde::{Deserialize, Serialize};
use shared::{
    account::Role,
    ids::PlayerId,
    nickname::Nickname,
    record::ModerationAction,
    session::{SEAT_TIMEOUT_MILLIS, SessionId},
    time::Timestamp,
};

use super::RegistryError;

/// A player's seat in a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    /// The player.
    pub player: PlayerId,
    /// The name that others see.
    pub nickname: Nickname,
    /// The player's role; guests have no account.
    pub role: Role,
    /// When the player first took it.
    pub taken_at: Timestamp,
    /// The last heartbeat. The seat becomes free [`SEAT_TIMEOUT_MILLIS`] later.
    pub seen_at: Timestamp,
    /// The number of attempts used: games with ticks.
    #[serde(rename = "trials")]
    pub attempts: u32,
    /// Why a manager has removed the player. `None` if the player is admitted.
    pub removed: Option<String>,
    /// Whether a manager gave the nickname. The player can then no longer change it.
    #[serde(default)]
    pub renamed: bool,
    /// The number of moderation actions on the player.
    #[serde(rename = "rulings", default)]
    pub moderation_count: u32,
}

impl Seat {
    /// Whether the player holds it at that time.
    pub fn is_held(&self, now: Timestamp) -> bool {
        self.removed.is_none() && now.millis_since(self.seen_at) < SEAT_TIMEOUT_MILLIS
    }

    /// The seat of a player who is admitted.
    ///
    /// # Errors
    /// [`RegistryError::NoSeat`] if there is none, [`RegistryError::Removed`] if a manager has removed the player.
    pub fn require_admitted(seat: Option<Seat>) -> Result<Seat, RegistryError> {
        match seat {
            Some(Seat { removed: Some(reason), .. }) => Err(RegistryError::Removed(reason)),
            Some(seat) => Ok(seat),
            None => Err(RegistryError::NoSeat),
        }
    }

    /// Checks that the player has an attempt left. `max_attempts` is the number of attempts that the session allows.
    ///
    /// # Errors
    /// [`RegistryError::NoAttemptLeft`] if all of them are used.
    pub fn require_attempt(&self, max_attempts: Option<u32>) -> Result<(), RegistryError> {
        match max_attempts {
            Some(max_attempts) if self.attempts >= max_attempts => Err(RegistryError::NoAttemptLeft),
            _ => Ok(()),
        }
    }

    /// The seat after one more attempt is used.
    ///
    /// # Errors
    /// [`RegistryError::NoAttemptLeft`] if all `max_attempts` are used.
    pub fn with_attempt(self, max_attempts: Option<u32>) -> Result<Seat, RegistryError> {
        self.require_attempt(max_attempts)?;
        Ok(Seat { attempts: self.attempts + 1, ..self })
    }

    /// The seat after a heartbeat.
    pub fn with_heartbeat(self, now: Timestamp) -> Seat {
        Seat { seen_at: now, ..self }
    }

    /// The seat, free for others.
    pub fn freed(self) -> Seat {
        self.with_heartbeat(Timestamp(0))
    }

    /// The seat with a nickname that a manager gives.
    pub fn with_given_nickname(self, nickname: Nickname) -> Seat {
        Seat { nickname, renamed: true, moderation_count: self.moderation_count + 1, ..self }
    }

    /// The seat after a manager removes the player for a reason; `None` admits the player again.
    pub fn with_removal(self, reason: Option<String>) -> Seat {
        Seat { removed: reason, moderation_count: self.moderation_count + 1, ..self }
    }

    /// The result of all moderation actions, as a record for the stream.
    pub fn moderation_action(&self, session: SessionId) -> ModerationAction {
        ModerationAction {
            session,
            player: self.player,
            number: self.moderation_count,
            nickname: self.renamed.then(|| self.nickname.clone()),
            removed: self.removed.is_some(),
        }
    }
}

/// A player's request for a seat.
#[derive(Debug, Clone)]
pub struct SeatRequest {
    /// The session.
    pub session: SessionId,
    /// The number of seats of the session. `None` for no limit.
    pub seats: Option<u32>,
    /// The player.
    pub player: PlayerId,
    /// The nickname that the player wants.
    pub nickname: Nickname,
    /// The player's role.
    pub role: Role,
    /// The time on the server's clock.
    pub now: Timestamp,
}

impl SeatRequest {
    /// The seat that the player gets. `before` is the player's earlier seat, if any.
    pub fn seat(self, before: Option<Seat>) -> Seat {
        let SeatRequest { player, nickname, role, now, .. } = self;
        match before {
            Some(seat) if seat.renamed => Seat { role, seen_at: now, ..seat },
            Some(seat) => Seat { nickname, role, seen_at: now, ..seat },
            None => Seat {
                player,
                nickname,
                role,
                taken_at: now,
                seen_at: now,
                attempts: 0,
                removed: None,
                renamed: false,
                moderation_count: 0,
            },
        }
    }
}
