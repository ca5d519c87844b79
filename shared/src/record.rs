//! What is on the stream: one JSON record per ticket, per batch, and per ruling on a player.

use serde::{Deserialize, Serialize};

use crate::{
    event::Batch,
    ids::{GameId, PlayerId},
    nickname::Nickname,
    replay::Seed,
    session::{Participant, SessionId},
    time::Timestamp,
    tuning::Tuning,
};

/// A record of the stream. All that is shown anywhere follows from these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "record")]
pub enum Record {
    /// A ticket was given out: the first record of each game.
    #[serde(rename = "opened")]
    TicketIssued(Box<TicketIssued>),
    /// Events arrived.
    Events {
        /// The game, by the verified token.
        game: GameId,
        /// Its player, by the same.
        player: PlayerId,
        /// When, by the server's clock.
        received_at: Timestamp,
        /// The events.
        batch: Batch,
    },
    /// A manager has decided on a player.
    #[serde(rename = "ruled")]
    Moderated(ModerationAction),
}

/// What managers have decided on a player of a session, as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModerationAction {
    /// The session.
    pub session: SessionId,
    /// The player.
    pub player: PlayerId,
    /// Counts the rulings on this player in this session, from 1: the last one holds.
    pub number: u32,
    /// The name that the standings show in place of the player's own.
    pub nickname: Option<Nickname>,
    /// Whether the player is out of the standings.
    pub removed: bool,
}

impl ModerationAction {
    /// On whom.
    pub fn participant(&self) -> Participant {
        Participant { session: self.session, player: self.player }
    }
}

/// The facts of a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketIssued {
    /// The game.
    pub game: GameId,
    /// Its player.
    pub player: PlayerId,
    /// The session that it is played in.
    pub session: SessionId,
    /// The player's name on the scoreboard.
    pub nickname: Nickname,
    /// What its chances are drawn from.
    pub seed: Seed,
    /// The tuning, whole.
    pub tuning: Tuning,
    /// The rules' version.
    pub rules_version: u16,
    /// When the ticket was given out, by the server's clock.
    #[serde(rename = "opened_at")]
    pub started_at: Timestamp,
}

impl TicketIssued {
    /// Who plays where.
    pub fn participant(&self) -> Participant {
        Participant { session: self.session, player: self.player }
    }
}

impl Record {
    /// The game that it is of, if it is of one.
    pub fn game(&self) -> Option<GameId> {
        match self {
            Record::TicketIssued(ticket) => Some(ticket.game),
            Record::Events { game, .. } => Some(*game),
            Record::Moderated(_) => None,
        }
    }

    /// Whom it is of. It is what the stream is partitioned by: the order of a player's games, and so of each game, is kept.
    pub fn player(&self) -> PlayerId {
        match self {
            Record::TicketIssued(ticket) => ticket.player,
            Record::Events { player, .. } => *player,
            Record::Moderated(action) => action.player,
        }
    }
}
