//! HTTP requests and responses, as JSON.

use serde::{Deserialize, Serialize};

use crate::{
    ids::{GameId, PlayerId, Seq},
    nickname::Nickname,
    replay::Seed,
    rules::StateHash,
    session::SessionId,
    standing::{Run, Standing},
    time::{Tick, Timestamp},
    tuning::{Tuning, TuningHash},
    verdict::Verdict,
};

/// `POST /v1/games`: asks for a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewGame {
    /// The player's name.
    pub nickname: Nickname,
    /// The token of an earlier ticket, so that this game counts for the same player; without it, the player is new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub player_token: Option<String>,
}

/// What a browser needs for one game.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Ticket {
    /// The game.
    pub game: GameId,
    /// Its player.
    pub player: PlayerId,
    /// What its chances are drawn from.
    pub seed: Seed,
    /// The tuning, whole.
    pub tuning: Tuning,
    /// The tuning's hash.
    pub tuning_hash: TuningHash,
    /// The rules that the server verifies by.
    pub rules_version: u16,
    /// Proof of all this, for the `Authorization: Bearer` header with the game's events.
    pub game_token: String,
    /// Proof of who plays, for the next ticket.
    pub player_token: String,
    /// When the ticket was given out, by the server's clock. No more ticks than the time since then count.
    pub opened_at: Timestamp,
}

/// `POST /v1/games/{game}/events` answers with what is durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Ack {
    /// Every event below this number is durable: the browser may forget it.
    pub next_seq: Seq,
}

/// `GET /v1/games/{game}`: a game as the server knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GameView {
    /// The game.
    pub game: GameId,
    /// Its player.
    pub player: PlayerId,
    /// The session that it is played in.
    pub session: SessionId,
    /// The player's name.
    pub nickname: Nickname,
    /// How far it got, by the server's replay.
    pub run: Run,
    /// The level that it reached.
    pub level: u32,
    /// What the server thinks of it.
    pub verdict: Verdict,
    /// Whether part of it was received after its session had closed, and counts no more.
    pub late: bool,
    /// Ticks replayed.
    pub tick: Tick,
    /// The hash of the state that the replay reached.
    pub hash: StateHash,
    /// Events processed.
    pub next_seq: Seq,
    /// The tuning's name.
    pub tuning_name: String,
    /// The tuning's hash.
    pub tuning_hash: TuningHash,
    /// When the ticket was given out.
    pub opened_at: Timestamp,
    /// When the server last heard of it.
    pub updated_at: Timestamp,
    /// Time played against time passed, in percent: 100 is real time; pauses, a slow machine or slowing the game
    /// down on purpose lower it.
    pub pace_percent: u8,
}

/// `GET /v1/players/{player}/games`: one player's games, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlayerGames {
    /// At most 100 games.
    pub games: Vec<GameView>,
}

/// A standing with its rank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Ranked {
    /// From 1.
    pub rank: u32,
    /// The standing.
    #[serde(flatten)]
    pub standing: Standing,
}

/// `GET /v1/standings`: a stretch of the scoreboard. Also the data of `GET /v1/live`'s events named `standings`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Standings {
    /// Players with a standing.
    pub players: u32,
    /// Best first.
    pub standings: Vec<Ranked>,
    /// Where the next stretch begins, for `after=`; none at the end.
    pub next: Option<u32>,
}

/// What the body of every answer from 400 up says (RFC 9457, `application/problem+json`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// What kind of problem, for programs.
    pub code: ProblemCode,
    /// What is wrong and what to do, for people.
    pub detail: String,
    /// With [`ProblemCode::Gap`]: the number of the event that is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_seq: Option<Seq>,
}

/// The kinds of problems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// The request cannot be understood.
    BadRequest,
    /// The token is missing, forged or worn out.
    BadToken,
    /// The token is for another game.
    WrongGame,
    /// There is no such thing.
    NotFound,
    /// Events before these are missing.
    Gap,
    /// The body is too large.
    TooLarge,
    /// The request took too long.
    TooSlow,
    /// Too much at once: come back after `Retry-After` seconds.
    Busy,
    /// The server is at fault.
    Internal,
}
