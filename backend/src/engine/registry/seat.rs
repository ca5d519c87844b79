//! A player's seat in a session, and its changes. A player who waits for approval has a row as well, but holds no seat.

use serde::{Deserialize, Serialize};
use shared::{
    account::Role,
    ids::PlayerId,
    nickname::Nickname,
    record::ModerationAction,
    session::{Admission, Approval, MAX_WAITING, Plan, SEAT_TIMEOUT_MILLIS, SessionId},
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
    /// Whether the player may take the seat, or waits for approval.
    #[serde(default)]
    pub approval: Approval,
    /// Why a manager has removed the player. `None` if the player is admitted.
    pub removed: Option<String>,
    /// Whether a manager gave the nickname. The player can then no longer change it.
    #[serde(default)]
    pub renamed: bool,
    /// The number of moderation actions on the player: renamings, removals and readmissions.
    #[serde(rename = "rulings", default)]
    pub moderation_count: u32,
}

impl Seat {
    /// Whether the player is admitted or waits, and the browser is connected at that time.
    pub fn is_present(&self, now: Timestamp) -> bool {
        self.removed.is_none() && now.millis_since(self.seen_at) < SEAT_TIMEOUT_MILLIS
    }

    /// Whether the player holds it at that time.
    pub fn is_held(&self, now: Timestamp) -> bool {
        self.approval == Approval::Approved && self.is_present(now)
    }

    /// Whether the player waits for approval, with the browser connected or not.
    pub fn is_waiting(&self) -> bool {
        self.approval == Approval::Waiting && self.removed.is_none()
    }

    /// Whether another player may get the place and the nickname of a waiting player: the browser is not connected at that
    /// time, and no manager has decided anything about the player.
    pub fn is_abandoned(&self, now: Timestamp) -> bool {
        self.is_waiting() && self.moderation_count == 0 && !self.is_present(now)
    }

    /// The seat of a player who is not removed.
    ///
    /// # Errors
    /// [`RegistryError::NoSeat`] if there is none, [`RegistryError::Removed`] if a manager has removed the player.
    pub fn require_not_removed(seat: Option<Seat>) -> Result<Seat, RegistryError> {
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

    /// The seat after a heartbeat. A waiting player is approved once the session admits all players.
    pub fn with_heartbeat(self, admission: Admission, now: Timestamp) -> Seat {
        Seat { seen_at: now, approval: admission.of_known_player(self.approval), ..self }
    }

    /// The seat, free for others.
    pub fn freed(self) -> Seat {
        Seat { seen_at: Timestamp(0), ..self }
    }

    /// The seat with a nickname that a manager gives.
    pub fn with_given_nickname(self, nickname: Nickname) -> Seat {
        Seat { nickname, renamed: true, moderation_count: self.moderation_count + 1, ..self }
    }

    /// The seat, free for others, after a manager removes the player for a reason.
    pub fn with_removal(self, reason: String) -> Seat {
        Seat { removed: Some(reason), moderation_count: self.moderation_count + 1, ..self.freed() }
    }

    /// The seat after a manager approves a player who waits or is removed. The player takes it like all others, while one
    /// is free.
    pub fn with_approval(self) -> Seat {
        if self.approval == Approval::Approved && self.removed.is_none() {
            return self;
        }
        let moderation_count = self.moderation_count + u32::from(self.removed.is_some());
        Seat { approval: Approval::Approved, removed: None, moderation_count, ..self.freed() }
    }

    /// The result of all moderation actions, as a record for the stream. `None` if there was none: the approval of a waiting
    /// player changes no standing.
    pub fn moderation_action(&self, session: SessionId) -> Option<ModerationAction> {
        (self.moderation_count > 0).then(|| ModerationAction {
            session,
            player: self.player,
            number: self.moderation_count,
            nickname: self.renamed.then(|| self.nickname.clone()),
            removed: self.removed.is_some(),
        })
    }
}

/// The settings of a session that decide about its seats.
#[derive(Debug, Clone, Copy)]
pub struct SeatRules {
    /// The number of seats. `None` for no limit.
    pub seats: Option<u32>,
    /// Which new players can join.
    pub admission: Admission,
    /// Maximum number of players that wait for approval.
    pub max_waiting: u32,
}

impl From<&Plan> for SeatRules {
    fn from(plan: &Plan) -> SeatRules {
        SeatRules { seats: plan.seats, admission: plan.admission, max_waiting: MAX_WAITING }
    }
}

/// A player's request for a seat.
#[derive(Debug, Clone)]
pub struct SeatRequest {
    /// The session.
    pub session: SessionId,
    /// The settings of the session.
    pub rules: SeatRules,
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
    /// The seat that the player gets or waits for. `before` is the player's earlier seat, if any.
    ///
    /// # Errors
    /// [`RegistryError::Removed`] if a manager has removed the player, [`RegistryError::Locked`] if the player is new and
    /// the session is locked.
    pub fn seat(self, before: Option<Seat>) -> Result<Seat, RegistryError> {
        let SeatRequest { player, nickname, role, rules: SeatRules { admission, .. }, now, .. } = self;
        match before {
            Some(Seat { removed: Some(reason), .. }) => Err(RegistryError::Removed(reason)),
            Some(seat) if seat.renamed => Ok(Seat { role, ..seat.with_heartbeat(admission, now) }),
            Some(seat) => Ok(Seat { nickname, role, ..seat.with_heartbeat(admission, now) }),
            None => Ok(Seat {
                player,
                nickname,
                role,
                taken_at: now,
                seen_at: now,
                attempts: 0,
                approval: admission.of_new_player().ok_or(RegistryError::Locked)?,
                removed: None,
                renamed: false,
                moderation_count: 0,
            }),
        }
    }
}
