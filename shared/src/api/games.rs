//! Games: tickets, events and game views.

use serde::{Deserialize, Serialize};

use crate::{
    hands::{HandFigures, HandMark, PaceFigures},
    ids::{GameId, PlayerId, Seq},
    nickname::Nickname,
    ranking::{RankDecision, RankStatus},
    record::GameModeration,
    replay::{Replay, Seed},
    rules::StateHash,
    seed_commitment::SeedCommitment,
    session::SessionId,
    standing::GameResult,
    time::{Tick, Timestamp},
    tuning::{Tuning, TuningHash},
    verdict::Verdict,
};

/// Request of `POST /v1/games`: a new game.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewGame {
    /// Nickname of the player. In a session, the nickname of the player's seat is used instead.
    pub nickname: Nickname,
    /// The session. The player must have a seat in it. Open play if omitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionId>,
    /// Player token of an earlier ticket, so that the game counts for the same player. A new player if omitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub player_token: Option<String>,
    /// Version of the client's rules. The server refuses a client of another version. Not checked if omitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules_version: Option<u16>,
}

/// Response of `POST /v1/games`: a ticket, with everything a client needs to play one game.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Ticket {
    /// The game.
    pub game: GameId,
    /// The player.
    pub player: PlayerId,
    /// The seed, or the commitment to it.
    #[serde(flatten)]
    pub seed: TicketSeed,
    /// The complete tuning.
    pub tuning: Tuning,
    /// Hash of the tuning.
    pub tuning_hash: TuningHash,
    /// Version of the rules that the server verifies the game with.
    pub rules_version: u16,
    /// Game token for the `Authorization: Bearer` header of the game's first events.
    pub game_token: String,
    /// Player token for the next ticket of the same player.
    pub player_token: String,
    /// When the game starts, by the server's clock: when the ticket was issued, or at the common start of the session.
    /// The server accepts no tick before its time.
    #[serde(rename = "opened_at")]
    pub started_at: Timestamp,
    /// Whether the game ranks only if its buttons come in real time. Its clock then runs on while the game is paused.
    #[serde(default)]
    pub real_time: bool,
}

/// The seed of a ticket. Where all games of a session have the same seed, it is secret until they may start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum TicketSeed {
    /// Seed of the game's random generator.
    #[serde(rename = "seed")]
    Known(Seed),
    /// Commitment to the secret seed, which the session reveals when the games may start.
    #[serde(rename = "seed_commitment")]
    Secret(SeedCommitment),
}

impl TicketSeed {
    /// The seed; `None` while it is secret.
    pub fn known(self) -> Option<Seed> {
        match self {
            TicketSeed::Known(seed) => Some(seed),
            TicketSeed::Secret(_) => None,
        }
    }
}

/// Response of `POST /v1/games/{game}/events`: the progress of the game's events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Ack {
    /// The next expected event number. All events with lower numbers are durable, so the client can discard them.
    pub next_seq: Seq,
    /// Game token for the `Authorization: Bearer` header of the next events. It expires no later than the token of
    /// the ticket.
    pub game_token: String,
    /// Lag of the first button of the batch: the time from when it was due until the server received it, milliseconds. 0 if
    /// no button is held in the batch. In a real-time session a game with a larger lag than bad Wi-Fi causes does not rank.
    #[serde(default)]
    pub lag_millis: u64,
}

/// Response of `GET /v1/games/{game}`: a game with its verified progress.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GameView {
    /// The game.
    pub game: GameId,
    /// The player.
    pub player: PlayerId,
    /// The session of the game.
    pub session: SessionId,
    /// Nickname of the player.
    pub nickname: Nickname,
    /// The result so far, from the server's replay.
    #[serde(rename = "run")]
    pub result: GameResult,
    /// The level that the player reached, from 1.
    pub level: u32,
    /// The verdict on the game.
    pub verdict: Verdict,
    /// Whether the game ranks if its verdict allows it.
    pub rank: RankStatus,
    /// Whether part of the game does not count: it was played after the session ended or after the player began another
    /// game, or was received after the grace period.
    pub late: bool,
    /// Whether this server can replay the game. It cannot replay games of other rules; their results stay.
    pub replayable: bool,
    /// Number of ticks played.
    pub tick: Tick,
    /// Hash of the replayed state. Omitted if this server does not know it, and for the public while the session keeps the
    /// buttons of its games secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<StateHash>,
    /// Number of events processed, which is the next event number.
    pub next_seq: Seq,
    /// Name of the tuning.
    pub tuning_name: String,
    /// Hash of the tuning.
    pub tuning_hash: TuningHash,
    /// When the game started.
    #[serde(rename = "opened_at")]
    pub started_at: Timestamp,
    /// When the server last received events of the game.
    pub updated_at: Timestamp,
    /// Time played divided by time passed, percent. 100 is real time. Pauses, a slow machine and deliberate slowing
    /// down of the game lower it.
    pub pace_percent: u8,
}

/// Response of `GET /v1/games/{game}/replay`: the replay of a game, as far as the caller may read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GameReplay {
    /// The replay. Its log may end before the last processed tick.
    #[serde(flatten)]
    pub replay: Replay,
    /// Seconds by which the log is behind the game. 0 if the caller gets all processed buttons.
    pub delay_seconds: u16,
}

/// Response of `GET /v1/games/{game}/figures`: how the game was played and what a manager decided, for managers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GameFigures {
    /// Figures of the buttons; null for a game that this server cannot replay.
    pub hand: Option<HandFigures>,
    /// Figures of the time in which the game was played.
    pub pace: PaceFigures,
    /// The marks: figures that no hand reaches.
    pub marks: Vec<MarkView>,
    /// The last decision of a manager about the game; null without one.
    pub decision: Option<DecisionView>,
}

/// A manager's decision about a game.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DecisionView {
    /// The decision.
    pub decision: RankDecision,
    /// The manager.
    pub decided_by: PlayerId,
    /// When the manager decided.
    pub decided_at: Timestamp,
}

impl From<GameModeration> for DecisionView {
    fn from(GameModeration { decision, decided_by, decided_at, .. }: GameModeration) -> DecisionView {
        DecisionView { decision, decided_by, decided_at }
    }
}

/// A mark with its reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MarkView {
    /// The mark.
    #[serde(flatten)]
    pub mark: HandMark,
    /// The reason: the figure and its bound.
    pub reason: String,
}

impl From<HandMark> for MarkView {
    fn from(mark: HandMark) -> MarkView {
        MarkView { mark, reason: mark.to_string() }
    }
}

/// Response of `GET /v1/players/{player}/games`: the games of a player, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlayerGames {
    /// At most 100 games.
    pub games: Vec<GameView>,
}

/// Response of `GET /v1/sessions/{session}/games`: a page of the games of a session, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionGames {
    /// At most 100 games.
    pub games: Vec<GameView>,
    /// The value of the query parameter `after` for the next page; null on the last page.
    pub next: Option<u32>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{Buttons, RULES_VERSION};

    #[test]
    fn ticket_has_the_seed_or_the_commitment_to_it() {
        let ticket = |seed| Ticket {
            game: GameId(1),
            player: PlayerId(2),
            seed,
            tuning: Tuning::arcade(),
            tuning_hash: Tuning::arcade().hash(),
            rules_version: RULES_VERSION,
            game_token: "game".to_owned(),
            player_token: "player".to_owned(),
            started_at: Timestamp(3),
            real_time: false,
        };
        let commitment = SeedCommitment([7; 32]);
        for (seed, present, absent) in [
            (TicketSeed::Known(Seed(u64::MAX)), r#""seed":"ffffffffffffffff""#, "seed_commitment"),
            (TicketSeed::Secret(commitment), &*format!(r#""seed_commitment":"{commitment}""#), r#""seed":"#),
        ] {
            let text = serde_json::to_string(&ticket(seed)).unwrap();
            assert!(text.contains(present) && !text.contains(absent), "{text}");
            assert_eq!(serde_json::from_str::<Ticket>(&text).unwrap(), ticket(seed));
        }
    }

    #[test]
    fn replay_of_a_game_is_also_a_replay_file() {
        let log = std::iter::repeat_n(Buttons::FIRE, 90).collect();
        let replay = Replay { rules_version: RULES_VERSION, seed: Seed(u64::MAX), tuning: Tuning::arcade(), log };
        let response = GameReplay { replay: replay.clone(), delay_seconds: 30 };
        let text = serde_json::to_string(&response).unwrap();
        assert_eq!(serde_json::from_str::<GameReplay>(&text).unwrap(), response);
        assert_eq!(serde_json::from_str::<Replay>(&text).unwrap(), replay);
    }
}
