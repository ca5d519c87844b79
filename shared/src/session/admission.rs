//! Admission: which new players a session lets in, and the approval of each player.

use serde::{Deserialize, Serialize};

/// Maximum number of players of a session that wait for approval. It limits the rows that a stranger with a script can
/// create.
pub const MAX_WAITING: u32 = 500;

/// Which new players can join a session. A manager can change it at any time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Admission {
    /// All players join directly. A removed guest can come back as a new guest.
    #[default]
    Open,
    /// A new player waits until a manager approves.
    Approval,
    /// No new player can join.
    Locked,
}

/// Whether a player may take a seat.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Approval {
    /// The player may take a seat, now and after each absence.
    #[default]
    Approved,
    /// The player has no seat and waits until a manager approves.
    Waiting,
}

impl Admission {
    /// The approval of a player who joins for the first time; `None` if the session refuses the player.
    pub fn of_new_player(self) -> Option<Approval> {
        match self {
            Admission::Open => Some(Approval::Approved),
            Admission::Approval => Some(Approval::Waiting),
            Admission::Locked => None,
        }
    }

    /// The approval of a player who has joined before with the approval `before`.
    pub fn of_known_player(self, before: Approval) -> Approval {
        match (self, before) {
            (Admission::Open, _) | (_, Approval::Approved) => Approval::Approved,
            (Admission::Approval | Admission::Locked, Approval::Waiting) => Approval::Waiting,
        }
    }

    /// Whether all players join directly.
    pub fn is_open(&self) -> bool {
        *self == Admission::Open
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn approved_player_comes_back_and_a_waiting_one_waits_until_all_may_join() {
        for admission in [Admission::Open, Admission::Approval, Admission::Locked] {
            assert_eq!(admission.of_known_player(Approval::Approved), Approval::Approved);
        }
        assert_eq!(Admission::Approval.of_known_player(Approval::Waiting), Approval::Waiting);
        assert_eq!(Admission::Locked.of_known_player(Approval::Waiting), Approval::Waiting);
        assert_eq!(Admission::Open.of_known_player(Approval::Waiting), Approval::Approved);
    }
}
