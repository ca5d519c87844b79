//! The JSON records on the stream: one for each ticket, batch, moderation action, rank decision, mark of a copy and end
//! of a game.

use serde::{Deserialize, Serialize};

use crate::{
    event::Batch,
    ids::{GameId, PlayerId, Seq},
    nickname::Nickname,
    ranking::RankDecision,
    replay::Seed,
    rules::StateHash,
    session::{Participant, SessionId},
    standing::GameResult,
    time::{Tick, Timestamp},
    tuning::Tuning,
    verdict::Verdict,
};

/// The version of the records that this code writes. It reads records of this version and of all earlier ones. A record
/// without a version is of version 1.
pub const RECORD_VERSION: u32 = 3;

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
    /// A game ended. Servers with other rules take its result from here.
    #[serde(rename = "ended")]
    GameEnded(Box<GameEnded>),
    /// A manager decided whether a game ranks.
    GameModerated(Box<GameModeration>),
    /// A game has play of another player's game with the same seed.
    GameMarked(Box<GameMarked>),
}

/// A manager's decision whether a game ranks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GameModeration {
    /// The game.
    pub game: GameId,
    /// The player of the game.
    pub player: PlayerId,
    /// The decision.
    pub decision: RankDecision,
    /// The manager.
    pub decided_by: PlayerId,
    /// When the manager decided. The latest decision applies.
    pub decided_at: Timestamp,
}

/// The mark of a game that has play of another player's game with the same seed. It holds the game back until a manager
/// decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GameMarked {
    /// The game.
    pub game: GameId,
    /// The player of the game.
    pub player: PlayerId,
    /// The other player's game, whose events arrived first.
    pub copy_of: GameId,
    /// The end of the play that both games have.
    pub at: Tick,
    /// When a processor found the copy.
    pub marked_at: Timestamp,
}

/// The result of a game at its end.
///
/// It keeps the verdict and the standing when the rules change, because games of other rules cannot be replayed. The
/// processor may write it more than once; [`GameEnded::replaces`] decides between different ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GameEnded {
    /// The game.
    pub game: GameId,
    /// The player.
    pub player: PlayerId,
    /// The session of the game.
    pub session: SessionId,
    /// Version of the rules of the game.
    pub rules_version: u16,
    /// Ticks played.
    pub tick: Tick,
    /// Hash of the last state; `None` if the server that wrote the record could not compute it.
    pub hash: Option<StateHash>,
    /// The number of the event after the last one.
    pub next_seq: Seq,
    /// The result of all events.
    pub full: EndResult,
    /// The result of the ticks that count.
    pub counted: EndResult,
    /// The largest lag of a button among the ticks that count, milliseconds.
    #[serde(default)]
    pub max_button_lag_millis: u64,
    /// Whether ticks were played that do not count.
    pub late: bool,
    /// When the record was written.
    pub ended_at: Timestamp,
}

/// A result of a game that ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndResult {
    /// Score, lives and shots.
    pub result: GameResult,
    /// The level, from 1.
    pub level: u32,
    /// The verdict.
    pub verdict: Verdict,
    /// When the server received the last event of this result.
    pub updated_at: Timestamp,
    /// When the server received the events with which the score was reached.
    pub reached_at: Timestamp,
}

impl GameEnded {
    /// Whether this end of a game replaces one with that verdict after that many events: a rejection is final, and otherwise
    /// the end with more events counts.
    pub fn replaces(&self, verdict: Verdict, next_seq: Seq) -> bool {
        (!self.full.verdict.ranks(), self.next_seq) > (!verdict.ranks(), next_seq)
    }
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
    /// Whether the game ranks only if its buttons come in real time.
    #[serde(default)]
    pub real_time: bool,
}

impl TicketIssued {
    /// The participant that the game counts for.
    pub fn participant(&self) -> Participant {
        Participant { session: self.session, player: self.player }
    }
}

/// Why bytes cannot be decoded as a record.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The bytes are not a record.
    #[error("not a record: {0}")]
    Malformed(#[from] serde_json::Error),
    /// A newer server wrote the record.
    #[error(
        "a newer server wrote a record of version {0}, but this program reads versions up to {RECORD_VERSION}; update it"
    )]
    Newer(u32),
}

/// A record with its version, as it is encoded.
#[derive(Serialize)]
struct Versioned<'r> {
    version: u32,
    #[serde(flatten)]
    record: &'r Record,
}

/// The part of a record that is the same in all versions.
#[derive(Deserialize)]
struct Head {
    #[serde(default = "first_version")]
    version: u32,
}

fn first_version() -> u32 {
    1
}

impl Record {
    /// The record as JSON, with its version.
    ///
    /// # Errors
    /// If the record has no form in JSON.
    pub fn encode(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(&Versioned { version: RECORD_VERSION, record: self })
    }

    /// Reads a record of this version or an earlier one.
    ///
    /// # Errors
    /// [`RecordError::Newer`] for a record of a later version, [`RecordError::Malformed`] for anything else that is not a
    /// record.
    pub fn decode(bytes: &[u8]) -> Result<Record, RecordError> {
        // The version comes first: this code may not know the other fields of a newer record.
        let Head { version } = serde_json::from_slice(bytes)?;
        if version > RECORD_VERSION {
            return Err(RecordError::Newer(version));
        }
        Ok(serde_json::from_slice(bytes)?)
    }

    /// The game of this record; `None` for a moderation action.
    pub fn game(&self) -> Option<GameId> {
        match self {
            Record::TicketIssued(ticket) => Some(ticket.game),
            Record::Events { game, .. } => Some(*game),
            Record::GameEnded(ended) => Some(ended.game),
            Record::GameModerated(moderation) => Some(moderation.game),
            Record::GameMarked(mark) => Some(mark.game),
            Record::Moderated(_) => None,
        }
    }

    /// The player of this record. It is the partition key, so the records of a player's games keep their order.
    pub fn player(&self) -> PlayerId {
        match self {
            Record::TicketIssued(ticket) => ticket.player,
            Record::Events { player, .. } => *player,
            Record::Moderated(action) => action.player,
            Record::GameEnded(ended) => ended.player,
            Record::GameModerated(moderation) => moderation.player,
            Record::GameMarked(mark) => mark.player,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moderated() -> Record {
        Record::Moderated(ModerationAction {
            session: SessionId(1),
            player: PlayerId(2),
            number: 3,
            nickname: None,
            removed: true,
        })
    }

    /// The fields of [`moderated`], with other fields before them.
    fn with_fields(fields: &str) -> Vec<u8> {
        format!(
            "{{{fields}\"record\":\"ruled\",\"session\":\"0000000000000001\",\"player\":\"0000000000000002\",\
             \"number\":3,\"nickname\":null,\"removed\":true}}"
        )
        .into_bytes()
    }

    #[test]
    fn a_record_is_written_with_its_version() {
        let bytes = moderated().encode().unwrap();
        assert_eq!(bytes, with_fields("\"version\":3,"));
        assert_eq!(Record::decode(&bytes).unwrap(), moderated());
    }

    #[test]
    fn a_record_without_a_version_is_of_version_1() {
        assert_eq!(Record::decode(&with_fields("")).unwrap(), moderated());
        assert_eq!(Record::decode(&with_fields("\"version\":1,")).unwrap(), moderated());
    }

    #[test]
    fn a_newer_record_is_told_from_a_malformed_one() {
        assert!(matches!(Record::decode(&with_fields("\"version\":4,")), Err(RecordError::Newer(4))));
        // Its other fields may have any form.
        assert!(matches!(Record::decode(br#"{"record":["new"],"version":9}"#), Err(RecordError::Newer(9))));
        for malformed in [&b"invalid"[..], b"{}", b"[]", br#"{"record":"new"}"#, br#"{"version":"2"}"#] {
            assert!(matches!(Record::decode(malformed), Err(RecordError::Malformed(_))));
        }
    }
}
