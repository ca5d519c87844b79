//! What is on the stream: one JSON record per ticket and per batch, partitioned by game.

use serde::{Deserialize, Serialize};

use crate::{
    event::Batch,
    ids::{GameId, PlayerId},
    nickname::Nickname,
    replay::Seed,
    session::{Entrant, SessionId},
    time::Timestamp,
    tuning::Tuning,
};

/// A record of the stream. All that is shown anywhere follows from these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "record")]
pub enum Record {
    /// A ticket was given out: the first record of each game.
    Opened(Box<Opened>),
    /// Events arrived.
    Events {
        /// The game, by the verified token.
        game: GameId,
        /// When, by the server's clock.
        received_at: Timestamp,
        /// The events.
        batch: Batch,
    },
}

/// The facts of a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
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
    pub opened_at: Timestamp,
}

impl Opened {
    /// Who plays where.
    pub fn entrant(&self) -> Entrant {
        Entrant { session: self.session, player: self.player }
    }
}

impl Record {
    /// The game that it belongs to: its partition key.
    pub fn game(&self) -> GameId {
        match self {
            Record::Opened(opened) => opened.game,
            Record::Events { game, .. } => *game,
        }
    }
}
