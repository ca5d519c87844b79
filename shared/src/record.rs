//! The JSON records on the stream: one for each ticket, batch and moderation action.

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

/// A record on the stream. All tables can be rebuilt from the records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "record")]
pub enum Record {
    /// A ticket was issued. This is the first record of each game.
    #[serde(rename = "opened")]
    TicketIssued(Box<TicketIssued>),
    /// A client sent a batch of events.
    Events {
        /// The game, from the verified token.
        game: GameId,
        /// The player, from the verified token.
        player: PlayerId,
        /// When the server received the batch.
        received_at: Timestamp,
        /// The batch.
        batch: Batch,
    },
    /// A manager moderated a player.
    #[serde(rename = "ruled")]
    Moderated(ModerationAction),
}

/// A moderation action: the complete moderation state of a player in a session. It replaces all earlier actions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModerationAction {
    /// The session.
    pub session: SessionId,
    /// The player.
    pub player: PlayerId,
    /// Number of the action among those on this player in this session, from 1. The highest number applies.
    pub number: u32,
    /// Nickname that replaces the player's own in the standings; `None` keeps the player's own.
    pub nickname: Option<Nickname>,
    /// Whether the player is removed from the standings.
    pub removed: bool,
}

impl ModerationAction {
    /// The moderated participant.
    pub fn participant(&self) -> Participant {
        Participant { session: self.session, player: self.player }
    }
}

/// The content of an issued ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketIssued {
    /// The game.
    pub game: GameId,
    /// The player.
    pub player: PlayerId,
    /// The session of the game.
    pub session: SessionId,
    /// The player's nickname on the scoreboard.
    pub nickname: Nickname,
    /// Seed of the game's random generator.
    pub seed: Seed,
    /// The complete tuning.
    pub tuning: Tuning,
    /// Version of the rules, [`crate::rules::RULES_VERSION`] of the server.
    pub rules_version: u16,
    /// When the game starts, by the server's clock: when the ticket was issued, or at the common start of the session.
    #[serde(rename = "opened_at")]
    pub started_at: Timestamp,
}

impl TicketIssued {
    /// The participant that the game counts for.
    pub fn participant(&self) -> Participant {
        Participant { session: self.session, player: self.player }
    }
}

impl Record {
    /// The game of this record; `None` for a moderation action.
    pub fn game(&self) -> Option<GameId> {
        match self {
            Record::TicketIssued(ticket) => Some(ticket.game),
            Record::Events { game, .. } => Some(*game),
            Record::Moderated(_) => None,
        }
    }

    /// The player of this record. It is the partition key, so the records of a player's games keep their order.
    pub fn player(&self) -> PlayerId {
        match self {
            Record::TicketIssued(ticket) => ticket.player,
            Record::Events { player, .. } => *player,
            Record::Moderated(action) => action.player,
        }
    }
}
