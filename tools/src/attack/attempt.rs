//! What a strategy has done, and what it wants to gain.

use shared::{
    ids::{GameId, PlayerId, Seq},
    session::SessionId,
};

use super::answer::Answer;

/// What a strategy has done.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// The adversary.
    pub player: PlayerId,
    /// The session in which it wants to rank.
    pub session: SessionId,
    /// The game by which it wants to rank.
    pub game: AttemptedGame,
    /// What the server said to the decisive request.
    pub answer: Answer,
    /// What it wants to gain.
    pub claim: Claim,
}

/// The game by which an adversary wants to rank.
#[derive(Debug, Clone)]
pub struct AttemptedGame {
    /// The game.
    pub game: GameId,
    /// The server has acknowledged all events below this number.
    pub acknowledged: Seq,
}

/// What an adversary wants to gain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// Points.
    Points {
        /// What the log is worth that it sends, where it was played.
        claimed: u32,
        /// What the rules give for its own play in time. More than this is a gain.
        deserved: u32,
    },
    /// Games to choose from, or to play at once.
    Games {
        /// How many it asked for.
        claimed: u32,
        /// How many it got. More than one is a gain.
        got: u32,
    },
}
