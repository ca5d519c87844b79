//! The store: tables derived from the stream, for reading. They can be thrown away and computed again.

mod dynamodb;
mod embedded;

use std::{collections::BTreeMap, iter::Sum};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use shared::{
    api::GameView,
    ids::{GameId, PlayerId, Seq},
    record::{ModerationAction, TicketIssued},
    replay::ButtonLog,
    rules::State,
    session::{Participant, SessionId},
    standing::{GameResult, Standing},
    time::{Tick, Timestamp},
    verdict::Verdict,
};

use crate::engine::stream::{Checkpoint, RecordPosition, ShardId};

pub use dynamodb::DynamoStore;
pub use embedded::EmbeddedStore;

/// A game as far as it has been processed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GameRow {
    /// The facts of its ticket.
    #[serde(rename = "opened")]
    pub ticket: TicketIssued,
    /// Which change made it what it is, from 1: it applies only to the row that it was computed from, the one before.
    pub version: u32,
    /// The number of the event that is due next.
    pub next_seq: Seq,
    /// The state that the replay reached.
    pub state: State,
    /// What the server thinks of it.
    pub verdict: Verdict,
    /// When its last event was received.
    pub updated_at: Timestamp,
    /// What counts of it: all that was received while its session counted.
    pub counted: CountedResult,
}

/// How far a game got, of what counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountedResult {
    /// How far it got.
    pub result: GameResult,
    /// The level that it reached.
    pub level: u32,
    /// What the server thought of it then.
    pub verdict: Verdict,
    /// When the last event that counts was received.
    pub updated_at: Timestamp,
}

impl CountedResult {
    /// All of a game so far.
    pub fn of(state: &State, verdict: Verdict, updated_at: Timestamp) -> CountedResult {
        let result = GameResult { score: state.score, lives: state.lives, shots: state.shots };
        CountedResult { result, level: state.level, verdict, updated_at }
    }
}

impl GameRow {
    /// How far it got, whether it counts or not.
    pub fn result(&self) -> GameResult {
        self.all().result
    }

    /// Whether events came too late to count.
    pub fn is_late(&self) -> bool {
        self.counted != self.all()
    }

    /// All of it, as if everything counted.
    pub fn all(&self) -> CountedResult {
        CountedResult::of(&self.state, self.verdict, self.updated_at)
    }

    /// Its place on the scoreboard, if it were the player's best.
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

    /// What readers are told of it.
    pub fn view(&self) -> GameView {
        let progress = self.updated_at.millis_since(self.ticket.started_at).max(1);
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
            pace_percent: (self.state.tick.millis() * 100 / progress).min(100) as u8,
        }
    }
}

/// A player of a session, as the standings have it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlayerRow {
    /// Which change made it what it is, from 1: it applies only to the row that it was computed from, the one before.
    pub version: u32,
    /// The best run; none where no game of the player in that session ranks, or a manager has removed the player.
    pub standing: Option<Standing>,
    /// What managers have decided last, if anything.
    pub ruling: Option<ModerationAction>,
    /// The newest game, with when it was opened: the one that is being played, if any is.
    pub newest: Option<(Timestamp, GameId)>,
}

impl PlayerRow {
    /// Takes note of a game.
    pub fn note(&mut self, opened: &TicketIssued) {
        self.newest = Some((opened.started_at, opened.game)).max(self.newest);
    }

    /// Takes a ruling, unless a later one was taken; gives whether it was.
    pub fn rule(&mut self, ruling: ModerationAction) -> bool {
        let is_later = self.ruling.as_ref().is_none_or(|last| ruling.number > last.number);
        if is_later {
            self.ruling = Some(ruling);
        }
        is_later
    }

    /// Places the player's best run, as managers have decided.
    pub fn set_best(&mut self, best: Option<Standing>) {
        let Some(ModerationAction { nickname, removed, .. }) = &self.ruling else {
            self.standing = best;
            return;
        };
        self.standing = best.filter(|_| !removed).map(|best| match nickname {
            Some(nickname) => Standing { nickname: nickname.clone(), ..best },
            None => best,
        });
    }
}

/// What processing some events of one game changes.
#[derive(Debug, Clone)]
pub struct GameChange {
    /// The row as it becomes.
    pub row: GameRow,
    /// Buttons that were played, and the tick where they begin.
    pub played: Vec<(Tick, ButtonLog)>,
}

/// What processing makes of a player who has played. Where nothing else has changed the version has: whoever computed
/// something from the row and from other games meanwhile has to do so again.
#[derive(Debug, Clone)]
pub struct PlayerChange {
    /// Who.
    pub participant: Participant,
    /// The row as it becomes.
    pub row: PlayerRow,
}

/// A shard of the stream as far as it has been processed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShardRow {
    /// How far that is.
    pub checkpoint: Checkpoint,
    /// What has passed until there.
    #[serde(rename = "passed")]
    pub progress: ShardProgress,
}

impl ShardRow {
    /// Whether it has been processed to its end.
    pub fn is_done(&self) -> bool {
        self.checkpoint == Checkpoint::Ended
    }
}

/// What has passed, whoever processed it. It is written with the checkpoint that it was counted up to, and counted on from
/// there: what is processed again after a crash or a conflict counts once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShardProgress {
    /// Events processed, each as often as it stands on the stream: browsers send again what they hear no answer to.
    pub events: u64,
    /// Games rejected, each at most once. On DynamoDB one is left out whose row was written just before a crash or a
    /// conflict: what is processed again finds it rejected.
    pub rejected: u64,
    /// How long after it was received the last batch was processed, milliseconds.
    pub lag_millis: u64,
    /// When that was.
    pub at: Timestamp,
}

/// All that has passed on several shards, with the lag of the one where a batch was processed last.
impl Sum for ShardProgress {
    fn sum<I: Iterator<Item = ShardProgress>>(parts: I) -> ShardProgress {
        parts.fold(ShardProgress::default(), |all, part| {
            let last = if part.at > all.at { part } else { all };
            ShardProgress { events: all.events + part.events, rejected: all.rejected + part.rejected, ..last }
        })
    }
}

/// A record that can never be processed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadLetter {
    /// Where it stands on the stream.
    #[serde(rename = "place")]
    pub position: RecordPosition,
    /// Why it cannot be processed.
    pub reason: String,
}

/// Which of several processors takes a shard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// The processor; none where it has given the shard back.
    pub owner: Option<Worker>,
    /// Grows as the owner renews it: one that stands still is an owner's who is gone.
    pub counter: u64,
}

/// A processor's name, new at each start.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Worker(pub String);

/// All that processing a stretch of the stream changes.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// Games, each at most once.
    pub games: Vec<GameChange>,
    /// Players of sessions, each at most once.
    pub players: Vec<PlayerChange>,
    /// Records that were set aside.
    pub dead_letters: Vec<DeadLetter>,
}

/// Why the store did not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another writer changed a row in between: compute the changes again.
    #[error("a row was changed by another writer")]
    Conflict,
    /// The engine failed.
    #[error("the tables failed: {0}")]
    Engine(String),
}

/// Conditional writes and ranked reads.
#[async_trait]
pub trait Store: Send + Sync {
    /// Each shard of the stream as far as it has been processed; those of which nothing has been are missing.
    async fn shards(&self) -> Result<BTreeMap<ShardId, ShardRow>, StoreError>;

    /// Applies changes, and then how far they bring a shard. Where that is cut short, the same changes can be computed
    /// again from the same records, and applied.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where a row is no longer the one that its change was computed from; the shard's
    /// own row stays then.
    async fn apply(&self, changes: Changes, shard: &ShardId, row: ShardRow) -> Result<(), StoreError>;

    /// A game.
    async fn game(&self, game: GameId) -> Result<Option<GameRow>, StoreError>;

    /// All buttons of a game that were played.
    async fn buttons(&self, game: GameId) -> Result<ButtonLog, StoreError>;

    /// A player's games, newest first.
    async fn player_games(&self, player: PlayerId, limit: usize) -> Result<Vec<GameRow>, StoreError>;

    /// A session's games, newest first, after the first `skip`.
    async fn session_games(&self, session: SessionId, skip: usize, limit: usize) -> Result<Vec<GameRow>, StoreError>;

    /// Players of sessions, in the same order; an empty row for who is not known.
    async fn players_of(&self, participants: Vec<Participant>) -> Result<Vec<(Participant, PlayerRow)>, StoreError>;

    /// A session's players with a standing after the first `skip`, best first. They are for showing: their versions
    /// are left out.
    async fn standings(&self, session: SessionId, skip: usize, limit: usize) -> Result<Vec<PlayerRow>, StoreError>;

    /// How many players of the session stand before this one.
    async fn players_before(&self, session: SessionId, standing: &Standing) -> Result<usize, StoreError>;

    /// How many players of the session have a standing.
    async fn players(&self, session: SessionId) -> Result<usize, StoreError>;

    /// Records that were set aside, of each shard the oldest first.
    async fn dead_letters(&self, limit: usize) -> Result<Vec<DeadLetter>, StoreError>;

    /// Forgets that the record at that place was set aside.
    async fn forget_dead_letter(&self, position: &RecordPosition) -> Result<(), StoreError>;

    /// The leases that there are, by shard.
    async fn leases(&self) -> Result<BTreeMap<ShardId, Lease>, StoreError>;

    /// Writes a shard's lease.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where it is no longer `from`, the one that was read; none where there was none.
    async fn put_lease(&self, shard: &ShardId, lease: Lease, from: Option<Lease>) -> Result<(), StoreError>;
}
