//! Rankings: the players of each session, and the order of their standings.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use shared::{
    ids::GameId,
    record::{ModerationAction, TicketIssued},
    session::{Participant, SessionId},
    standing::Standing,
    time::Timestamp,
};

use super::StoreError;

/// Reads players and their ranks. Every method fails with [`StoreError::Engine`] if the engine fails.
#[async_trait]
pub trait Rankings: Send + Sync {
    /// The rows of participants, in the order of `participants`. An unknown participant has an empty row.
    async fn players_of(&self, participants: Vec<Participant>) -> Result<Vec<(Participant, PlayerRow)>, StoreError>;

    /// Rows of a session's ranked players, best first, after the first `skip`. They are for display: their version is 0.
    async fn standings(&self, session: SessionId, skip: usize, limit: usize) -> Result<Vec<PlayerRow>, StoreError>;

    /// The number of players of the session that rank before this standing.
    async fn players_before(&self, session: SessionId, standing: &Standing) -> Result<usize, StoreError>;

    /// The number of ranked players of the session.
    async fn players(&self, session: SessionId) -> Result<usize, StoreError>;
}

/// A player of a session.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlayerRow {
    /// The number of changes, from 1; 0 if there is no row. A change applies only to the version before it.
    pub version: u32,
    /// The best result. `None` if no game of the player in this session ranks, or a manager has removed the player.
    pub standing: Option<Standing>,
    /// The last action of a manager, if any.
    #[serde(rename = "ruling")]
    pub moderation: Option<ModerationAction>,
    /// The newest game, with the time of its ticket.
    pub newest: Option<(Timestamp, GameId)>,
    /// The last games that were played, each with its start, newest last.
    #[serde(default)]
    pub played: Vec<(Timestamp, GameId)>,
}

/// The most games that [`PlayerRow::played`] keeps.
const MAX_PLAYED_GAMES: usize = 4;

impl PlayerRow {
    /// Sets the newest game, if this one is newer.
    pub fn note_game(&mut self, ticket: &TicketIssued) {
        self.newest = Some((ticket.started_at, ticket.game)).max(self.newest);
    }

    /// Notes that a game that started then has been played.
    pub fn note_played(&mut self, started_at: Timestamp, game: GameId) {
        if self.played.iter().all(|(_, known)| *known != game) {
            self.played.push((started_at, game));
            self.played.sort_unstable();
            self.played.drain(..self.played.len().saturating_sub(MAX_PLAYED_GAMES));
        }
    }

    /// The start of the game that ends this one, if a player can play `at_once` games at once: the start of the
    /// `at_once`-th later game.
    pub fn replaced_at(&self, started_at: Timestamp, game: GameId, at_once: usize) -> Option<Timestamp> {
        let mut later = self.played.iter().filter(|other| **other > (started_at, game));
        later.nth(at_once.saturating_sub(1)).map(|(start, _)| *start)
    }

    /// Sets the last moderation action, if this one is later; returns whether it is.
    pub fn moderate(&mut self, action: ModerationAction) -> bool {
        let is_later = self.moderation.as_ref().is_none_or(|last| action.number > last.number);
        if is_later {
            self.moderation = Some(action);
        }
        is_later
    }

    /// Sets the standing to the player's best result, changed by the last moderation action: a removed player has
    /// none, a renamed one has the new nickname.
    pub fn set_best(&mut self, best: Option<Standing>) {
        let Some(ModerationAction { nickname, removed, .. }) = &self.moderation else {
            self.standing = best;
            return;
        };
        self.standing = best.filter(|_| !removed).map(|best| match nickname {
            Some(nickname) => Standing { nickname: nickname.clone(), ..best },
            None => best,
        });
    }
}

/// The change that a record batch causes to a player of a session.
///
/// Every batch that touches a player's games increments the row's version, even if nothing else changes. The version
/// makes a concurrent, outdated computation fail.
#[derive(Debug, Clone)]
pub struct PlayerChange {
    /// The player and the session.
    pub participant: Participant,
    /// The new row.
    pub row: PlayerRow,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn game_is_replaced_by_the_nth_later_game_that_was_played() {
        let mut row = PlayerRow::default();
        for (start, game) in [(30, 3), (10, 1), (20, 2), (20, 2)] {
            row.note_played(Timestamp(start), GameId(game));
        }
        let replaced = |start, game, at_once| row.replaced_at(Timestamp(start), GameId(game), at_once).map(|at| at.0);
        assert_eq!(replaced(10, 1, 1), Some(20));
        assert_eq!(replaced(10, 1, 2), Some(30));
        assert_eq!(replaced(10, 1, 3), None);
        assert_eq!(replaced(30, 3, 1), None);
        assert_eq!(replaced(25, 9, 1), Some(30), "a game without ticks");
    }

    #[test]
    fn only_the_last_games_are_kept() {
        let mut row = PlayerRow::default();
        (1..=9).for_each(|game| row.note_played(Timestamp(game), GameId(game)));
        assert_eq!(row.played, (6..=9).map(|game| (Timestamp(game), GameId(game))).collect::<Vec<_>>());
        assert_eq!(row.replaced_at(Timestamp(1), GameId(1), 1), Some(Timestamp(6)));
    }
}
