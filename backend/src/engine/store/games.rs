//! Game tables: games, their buttons, and the games of each player and session.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use shared::{
    api::GameView,
    fingerprint::PlayWindow,
    ids::{GameId, PlayerId, Seq},
    ranking::{MAX_LAG_MILLIS, RankDecision, RankStatus, UnrankedCause},
    record::{GameMarked, GameModeration, TicketIssued},
    replay::ButtonLog,
    rules::{Game, State, StateHash, TICKS_PER_SECOND},
    session::SessionId,
    standing::{GameResult, Standing},
    time::{Tick, Timestamp},
    verdict::Verdict,
};

use super::{RecordedResult, StoreError};

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
    /// The state that the replay reached. A game of other rules is not replayed, so that it stays in its first state.
    pub state: State,
    /// The result of a game of other rules.
    #[serde(default)]
    pub recorded: Option<RecordedResult>,
    /// The verdict on all events.
    pub verdict: Verdict,
    /// When the server received the last event.
    pub updated_at: Timestamp,
    /// The result of the ticks that count.
    pub counted: CountedResult,
    /// Whether later ticks count. Counting ends for good at the first tick that does not count.
    #[serde(default)]
    pub counting: Counting,
    /// When the ticket was last issued, if that was not the first time: the game starts then.
    #[serde(default)]
    pub restarted_at: Option<Timestamp>,
    /// How the ticks arrived.
    #[serde(default)]
    pub pace: Pace,
    /// The last decision of a manager whether the game ranks.
    #[serde(default)]
    pub moderation: Option<GameModeration>,
    /// The current window of play. `None` if the game's session has no shared seed.
    #[serde(default)]
    pub window: Option<PlayWindow>,
    /// The mark of a game that copies another one. It holds the game back until a manager decides.
    #[serde(default)]
    pub copy: Option<CopyMark>,
}

/// The mark of a copy. Of several marks of a game the least one stays, so that the order of their records does not
/// matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CopyMark {
    /// The end of the play that both games have.
    pub at: Tick,
    /// When a processor found the copy.
    pub marked_at: Timestamp,
    /// The other player's game, whose events arrived first.
    pub of: GameId,
}

/// Whether the ticks of a game that are still to come count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counting {
    /// They count while the session and the player's next game allow it.
    #[default]
    Open,
    /// A tick did not count, so no later one does.
    Ended,
}

/// How the ticks of a game arrived, compared with real time. The lag of a batch is the time from when its last tick was
/// due until it was received.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pace {
    /// The largest lag of a batch, milliseconds.
    pub max_lag_millis: u64,
    /// The largest lag of a button among the ticks that count, milliseconds; see [`shared::lag`].
    #[serde(default)]
    pub max_button_lag_millis: u64,
    /// The sum of all growth of the lag from one batch to the next, milliseconds. Growth below
    /// half a second is left out: it is the jitter of any network.
    pub lag_sum_millis: u64,
    /// Ticks that arrived in batches of more than five seconds of play.
    pub bulk_ticks: u32,
}

/// Growth of the lag that [`Pace::lag_sum_millis`] contains, milliseconds.
const MIN_LAG_GROWTH_MILLIS: u64 = 500;
/// A batch with more ticks is bulk: five seconds of play, while browsers send every second.
const BULK_TICKS: u32 = 5 * TICKS_PER_SECOND;

impl Pace {
    /// Adds a batch of `ticks` ticks that arrived with a lag of `lag` milliseconds after one with a lag of `last_lag`.
    pub fn add_batch(&mut self, ticks: u32, lag: u64, last_lag: u64) {
        self.max_lag_millis = self.max_lag_millis.max(lag);
        let growth = lag.saturating_sub(last_lag);
        if growth >= MIN_LAG_GROWTH_MILLIS {
            self.lag_sum_millis = self.lag_sum_millis.saturating_add(growth);
        }
        if ticks > BULK_TICKS {
            self.bulk_ticks = self.bulk_ticks.saturating_add(ticks);
        }
    }

    /// Adds a button that counts and arrived with a lag of `lag` milliseconds.
    pub fn add_button(&mut self, lag: u64) {
        self.max_button_lag_millis = self.max_button_lag_millis.max(lag);
    }
}

impl GameRow {
    /// A game without events. It is not stored yet.
    pub fn new(ticket: TicketIssued) -> GameRow {
        let state = Game::new(ticket.tuning.clone(), ticket.seed).state().clone();
        GameRow {
            version: 0,
            next_seq: Seq(0),
            verdict: Verdict::Live,
            updated_at: ticket.started_at,
            counted: CountedResult::of(&state, Verdict::Live, ticket.started_at),
            counting: Counting::Open,
            restarted_at: None,
            pace: Pace::default(),
            moderation: None,
            window: None,
            copy: None,
            recorded: None,
            state,
            ticket,
        }
    }

    /// When the game started: when its ticket was last issued, or at the common start.
    pub fn started_at(&self) -> Timestamp {
        self.restarted_at.unwrap_or(self.ticket.started_at)
    }

    /// Ticks played.
    pub fn tick(&self) -> Tick {
        self.recorded.map_or(self.state.tick, |recorded| recorded.tick)
    }

    /// The level that the player reached, from 1.
    pub fn level(&self) -> u32 {
        self.recorded.map_or(self.state.level, |recorded| recorded.level)
    }

    /// The hash of the last state. `None` for a game of other rules whose hash is not known.
    pub fn hash(&self) -> Option<StateHash> {
        self.recorded.map_or_else(|| Some(self.state.hash()), |recorded| recorded.hash)
    }

    /// The result of all events, counted or not.
    pub fn result(&self) -> GameResult {
        self.full_result().result
    }

    /// Whether ticks were played that do not count.
    pub fn is_late(&self) -> bool {
        self.counting == Counting::Ended
    }

    /// The time from when the last tick was due until the last event was received, milliseconds.
    pub fn lag_millis(&self) -> u64 {
        self.updated_at.millis_since(self.started_at().after_millis(self.tick().millis()))
    }

    /// Takes a decision of a manager, if it is later than the last one.
    pub fn moderate(&mut self, moderation: GameModeration) {
        if self.moderation.as_ref().is_none_or(|last| moderation.decided_at > last.decided_at) {
            self.moderation = Some(moderation);
        }
    }

    /// Takes the mark of a copy.
    pub fn mark_copy(&mut self, GameMarked { copy_of, at, marked_at, .. }: &GameMarked) {
        let mark = CopyMark { at: *at, marked_at: *marked_at, of: *copy_of };
        self.copy = Some(self.copy.map_or(mark, |known| known.min(mark)));
    }

    /// Whether the game ranks if its verdict allows it. A manager's decision applies before any other cause.
    pub fn rank_status(&self) -> RankStatus {
        match self.moderation.as_ref().map(|moderation| &moderation.decision) {
            Some(RankDecision::Unrank(reason)) => {
                RankStatus::Unranked { cause: UnrankedCause::Manager { reason: reason.clone() } }
            }
            Some(RankDecision::Rank) => RankStatus::Ranked,
            None => self.status_without_decision(),
        }
    }

    /// Whether the mark of a copy and the lag of the buttons let the game rank.
    fn status_without_decision(&self) -> RankStatus {
        let millis = self.pace.max_button_lag_millis;
        match self.copy {
            Some(CopyMark { of, at, .. }) => RankStatus::Unranked { cause: UnrankedCause::Copy { of, at } },
            None if self.ticket.real_time && millis > MAX_LAG_MILLIS => {
                RankStatus::Unranked { cause: UnrankedCause::Lag { millis } }
            }
            None => RankStatus::Ranked,
        }
    }

    /// Whether the game ranks.
    pub fn ranks(&self) -> bool {
        self.counted.verdict.ranks() && self.rank_status().is_ranked()
    }

    /// Counts everything that was played so far.
    pub fn count(&mut self) {
        let result = self.result();
        let reached_at = if result == self.counted.result { self.counted.reached_at } else { self.updated_at };
        self.counted = CountedResult { reached_at, ..self.full_result() };
    }

    fn full_result(&self) -> CountedResult {
        let replayed = CountedResult::of(&self.state, self.verdict, self.updated_at);
        match self.recorded {
            Some(RecordedResult { result, level, .. }) => CountedResult { result, level, ..replayed },
            None => replayed,
        }
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
            reached_at: self.counted.reached_at,
        }
    }

    /// The game as the API shows it.
    pub fn view(&self) -> GameView {
        GameView {
            game: self.ticket.game,
            player: self.ticket.player,
            session: self.ticket.session,
            nickname: self.ticket.nickname.clone(),
            result: self.result(),
            level: self.level(),
            verdict: self.verdict,
            rank: self.rank_status(),
            late: self.is_late(),
            tick: self.tick(),
            hash: self.hash(),
            replayable: self.recorded.is_none(),
            next_seq: self.next_seq,
            tuning_name: self.ticket.tuning.name.clone(),
            tuning_hash: self.ticket.tuning.hash(),
            started_at: self.started_at(),
            updated_at: self.updated_at,
            pace_percent: self.pace_percent(),
        }
    }

    /// Time played divided by time passed, percent, 0 to 100.
    pub fn pace_percent(&self) -> u8 {
        let elapsed = self.updated_at.millis_since(self.started_at()).max(1);
        (self.tick().millis() * 100 / elapsed).min(100) as u8
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
    /// When the server received the events with which the result was reached.
    // Stored rows of earlier servers do not have it.
    #[serde(default)]
    pub reached_at: Timestamp,
}

impl CountedResult {
    /// The result of a state of the game, reached with the last event.
    pub fn of(state: &State, verdict: Verdict, updated_at: Timestamp) -> CountedResult {
        let result = GameResult { score: state.score, lives: state.lives, shots: state.shots };
        CountedResult { result, level: state.level, verdict, updated_at, reached_at: updated_at }
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
