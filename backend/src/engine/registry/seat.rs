//! A player's seat in a session, and what can become of it, whatever engine keeps it.

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

/// A player in a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    /// Who.
    pub player: PlayerId,
    /// What others see.
    pub nickname: Nickname,
    /// With or without an account.
    pub role: Role,
    /// When the player first came.
    pub taken_at: Timestamp,
    /// When the browser was last heard of; the seat is free a while after.
    pub seen_at: Timestamp,
    /// Games begun.
    #[serde(rename = "trials")]
    pub attempts: u32,
    /// Why a manager has removed the player, if one has.
    pub removed: Option<String>,
    /// Whether a manager has given the nickname: it is the player's to change no more.
    #[serde(default)]
    pub renamed: bool,
    /// How often managers have decided on the player.
    #[serde(default)]
    pub rulings: u32,
}

impl Seat {
    /// Whether it is held at that time.
    pub fn is_held(&self, now: Timestamp) -> bool {
        self.removed.is_none() && now.millis_since(self.seen_at) < SEAT_TIMEOUT_MILLIS
    }

    /// The seat of a player who was not removed.
    ///
    /// # Errors
    /// Where there is none, or a manager has removed the player.
    pub fn welcome(seat: Option<Seat>) -> Result<Seat, RegistryError> {
        match seat {
            Some(Seat { removed: Some(reason), .. }) => Err(RegistryError::Removed(reason)),
            Some(seat) => Ok(seat),
            None => Err(RegistryError::NoSeat),
        }
    }

    /// The seat with one more game begun.
    ///
    /// # Errors
    /// Where it is not held, or `most` games were begun.
    pub fn begin_attempt(self, most: Option<u32>, now: Timestamp) -> Result<Seat, RegistryError> {
        if !self.is_held(now) {
            return Err(RegistryError::NoSeat);
        }
        if most.is_some_and(|most| self.attempts >= most) {
            return Err(RegistryError::NoAttemptLeft);
        }
        Ok(Seat { seen_at: now, attempts: self.attempts + 1, ..self })
    }

    /// The seat as its player is there.
    pub fn seen(self, now: Timestamp) -> Seat {
        Seat { seen_at: now, ..self }
    }

    /// The seat as its player has left it.
    pub fn left(self) -> Seat {
        self.seen(Timestamp(0))
    }

    /// The seat with the name that a manager gives its player.
    pub fn renamed(self, nickname: Nickname) -> Seat {
        Seat { nickname, renamed: true, rulings: self.rulings + 1, ..self }
    }

    /// The seat of a player whom a manager removes for a reason, or with none lets in again.
    pub fn removed(self, reason: Option<String>) -> Seat {
        Seat { removed: reason, rulings: self.rulings + 1, ..self }
    }

    /// What managers have decided, for the stream.
    pub fn ruling(&self, session: SessionId) -> ModerationAction {
        ModerationAction {
            session,
            player: self.player,
            number: self.rulings,
            nickname: self.renamed.then(|| self.nickname.clone()),
            removed: self.removed.is_some(),
        }
    }
}

/// The request for a seat.
#[derive(Debug, Clone)]
pub struct SeatRequest {
    /// The session.
    pub session: SessionId,
    /// Seats that the session has; any number where there is none.
    pub seats: Option<u32>,
    /// Who.
    pub player: PlayerId,
    /// What others are to see.
    pub nickname: Nickname,
    /// With or without an account.
    pub role: Role,
    /// By the server's clock.
    pub now: Timestamp,
}

impl SeatRequest {
    /// The seat as it is taken by a player who had `before`.
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
                rulings: 0,
            },
        }
    }
}
