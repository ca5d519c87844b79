//! Game tables: games, their buttons, and the games of each player and session.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use shared::{
    api::GameView,
    ids::{GameId, PlayerId, Seq},
    record::TicketIssued,
    replay::ButtonLog,
    rules::State,
    session::SessionId,
    standing::{GameResult, Standing},
    time::{Tick, Timestamp},
    verdict::Verdict,
};

use super::StoreError;

/// Reads games. Every method fails with [`StoreError::Engine`] if the engine fails.
#[async_trait]
pub trait GameTables: Send + Sync {
    /// A game. `None` if the processor has not seen its ticket.
    async fn game(&self, game: GameId) -> Result<Option<GameRow>, StoreError>;

    /// All buttons of a game that were processed.
    async fn buttons(&self, game: GameId) -> Result<ButtonLog, StoreError>;

    /// A player's games, newest first.
    async fn player_games(&self, player: PlayerId, limit: usize) -> Result<Vec<GameRow>, StoreError>;

    /// A session's games, newest first, after the first `skip`.
    async fn session_games(&self, session: SessionId, skip: usize, limit: usize) -> Result<Vec<GameRow>, StoreError>;
}

/// A game up to the last processed event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GameRow {
    /// The ticket.
    #[serde(rename = "opened")]
    pub ticket: TicketIssued,
    /// The number of changes, from 1. A change applies only to the version before it.
    pub version: u32,
    /// The number of the next event.
    pub next_seq: Seq,
    /// The state that the replay reached.
    pub state: State,
    /// The verdict on all events.
    pub verdict: Verdict,
    /// When the server received the last event.
    pub updated_at: Timestamp,
    /// The result within the session's time.
    pub counted: CountedResult,
}

impl GameRow {
    /// The result of all events, counted or not.
    pub fn result(&self) -> GameResult {
        self.full_result().result
    }

    /// Whether events arrived after the session's time.
    pub fn is_late(&self) -> bool {
        self.counted != self.full_result()
    }

    /// The counted result if all events so far count.
    pub fn full_result(&self) -> CountedResult {
        CountedResult::of(&self.state, self.verdict, self.updated_at)
    }

    /// The player's standing if this is the player's best game.
    pub fn standing(&self) -> Standing {
        Standing {
            player: self.ticket.player,
            nickname: self.ticket.nickname.clone(),
            game: self.ticket.game,
            result: self.counted.result,
            level: self.counted.level,
            verdict: self.counted.verdict,
            tuning_name: self.ticket.tuning.name.clone(),
            tuning_hash: self.ticket.tuning.hash(),
            updated_at: self.counted.updated_at,
        }
    }

    /// The game as the API shows it.
    pub fn view(&self) -> GameView {
        let elapsed = self.updated_at.millis_since(self.ticket.started_at).max(1);
        GameView {
            game: self.ticket.game,
            player: self.ticket.player,
            session: self.ticket.session,
            nickname: self.ticket.nickname.clone(),
            result: self.result(),
            level: self.state.level,
            verdict: self.verdict,
            late: self.is_late(),
            tick: self.state.tick,
            hash: self.state.hash(),
            next_seq: self.next_seq,
            tuning_name: self.ticket.tuning.name.clone(),
            tuning_hash: self.ticket.tuning.hash(),
            started_at: self.ticket.started_at,
            updated_at: self.updated_at,
            pace_percent: (self.state.tick.millis() * 100 / elapsed).min(100) as u8,
        }
    }
}

/// The result of a game within its session's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountedResult {
    /// Score, lives and shots.
    // Stored rows have the earlier name.
    #[serde(rename = "run")]
    pub result: GameResult,
    /// The level, from 1.
    pub level: u32,
    /// The verdict on the counted events.
    pub verdict: Verdict,
    /// When the server received the last counted event.
    pub updated_at: Timestamp,
}

impl CountedResult {
    /// The result of a state of the game.
    pub fn of(state: &State, verdict: Verdict, updated_at: Timestamp) -> CountedResult {
        let result = GameResult { score: state.score, lives: state.lives, shots: state.shots };
        CountedResult { result, level: state.level, verdict, updated_at }
    }
}

/// The change that a record batch causes to one game.
#[derive(Debug, Clone)]
pub struct GameChange {
    /// The new row.
    pub row: GameRow,
    /// Segments of the button log, each with the tick of its first buttons.
    pub played: Vec<(Tick, ButtonLog)>,
}
