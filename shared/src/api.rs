//! HTTP requests and responses, as JSON.

use serde::{Deserialize, Serialize};

use crate::{
    account::{AccountName, Password, Role},
    ids::{GameId, PlayerId, Seq},
    nickname::Nickname,
    replay::Seed,
    rules::StateHash,
    session::{JoinCode, Kind, ManagerMove, SessionId, SessionName, Stage},
    standing::{GameResult, Standing},
    time::{Tick, Timestamp},
    tuning::{Tuning, TuningHash},
    verdict::Verdict,
};

/// `POST /v1/games`: asks for a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewGame {
    /// The player's name; in a session, the one that the player joined by counts.
    pub nickname: Nickname,
    /// The session, in which the player must have a seat; open play where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionId>,
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
    /// Proof of all this, for the `Authorization: Bearer` header with the game's first events.
    pub game_token: String,
    /// Proof of who plays, for the next ticket.
    pub player_token: String,
    /// When the game begins, by the server's clock: as the ticket was given out, or at the session's start. No more
    /// ticks than the time since then count.
    #[serde(rename = "opened_at")]
    pub started_at: Timestamp,
}

/// `POST /v1/games/{game}/events` answers with what is durable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Ack {
    /// Every event below this number is durable: the browser may forget it.
    pub next_seq: Seq,
    /// Proof of that, for the `Authorization: Bearer` header with the next events. It lasts no longer than the ticket's.
    pub game_token: String,
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
    #[serde(rename = "run")]
    pub result: GameResult,
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
    #[serde(rename = "opened_at")]
    pub started_at: Timestamp,
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

/// `GET /v1/sessions/{session}/games`: a stretch of a session's games, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionGames {
    /// At most 100 games.
    pub games: Vec<GameView>,
    /// Where the next stretch begins, for `after=`; none at the end.
    pub next: Option<u32>,
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
    /// The player's newest game: the one that is being played, if any is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest: Option<GameId>,
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
    #[serde(rename = "bad_token")]
    InvalidToken,
    /// The token is for another game.
    WrongGame,
    /// Whoever asks may not do this.
    Forbidden,
    /// The name or the password is wrong; which, is not told.
    #[serde(rename = "bad_sign_in")]
    WrongCredentials,
    /// Accounts are kept elsewhere: `GET /v1/identity` says where.
    #[serde(rename = "sign_in_elsewhere")]
    ExternalAccounts,
    /// All seats are taken.
    SeatsTaken,
    /// Another player of the session has this nickname.
    NicknameTaken,
    /// The session is not open, or does not take this move now.
    WrongStage,
    /// The player has played as often as the session allows.
    #[serde(rename = "no_trial_left")]
    NoAttemptLeft,
    /// A manager has removed the player from the session.
    Removed,
    /// Somebody else has changed it in between: read it again.
    Conflict,
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

/// `GET /v1/identity`: how one signs in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum IdentityView {
    /// By a name and a password, at `POST /v1/tokens`.
    Password,
    /// By OpenID Connect, at an issuer that keeps the accounts.
    Oidc(OidcView),
}

/// Where one signs in by OpenID Connect, with an authorization code and PKCE.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OidcView {
    /// Who keeps the accounts.
    pub issuer: String,
    /// What the issuer knows this game as.
    pub client: String,
    /// Where a browser goes to sign in.
    pub authorization_endpoint: String,
    /// Where it exchanges what it brings back for tokens, and renews them.
    pub token_endpoint: String,
    /// Where it goes to sign out, if that can be done there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_session_endpoint: Option<String>,
}

/// `GET /v1/accounts/mine`: who the caller is, whoever says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallerView {
    /// Whose games these are.
    pub player: PlayerId,
    /// What the caller may do.
    pub role: Role,
}

/// `POST /v1/accounts`: asks for an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    /// What others see.
    pub nickname: Nickname,
    /// What only its owner knows.
    pub password: Password,
}

/// `POST /v1/tokens`: signs in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The account's name.
    pub name: AccountName,
    /// Its password.
    pub password: Password,
}

/// `POST /v1/tokens/refresh` and `/v1/tokens/revoke`: goes on being signed in, or signs out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Refresh {
    /// From the last answer; each can be used once.
    pub refresh_token: String,
}

/// `PUT /v1/accounts/mine/password`: changes the password, and signs out everywhere else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// The password as it is.
    pub old: Password,
    /// The password as it is to be.
    pub new: Password,
}

/// What it takes to be somebody for a while.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tokens {
    /// The account's name, to sign in by.
    pub name: AccountName,
    /// Who it is.
    pub player: PlayerId,
    /// What others see.
    pub nickname: Nickname,
    /// What it may do.
    pub role: Role,
    /// For the `Authorization: Bearer` header.
    pub access_token: String,
    /// When the access token is worn out.
    pub expires_at: Timestamp,
    /// For new ones; each can be used once.
    pub refresh_token: String,
}

/// `POST /v1/sessions/{session}/seats`: joins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Join {
    /// What others see, unique within the session.
    pub nickname: Nickname,
}

/// A seat that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Seated {
    /// Who sits there.
    pub player: PlayerId,
    /// Proof of who that is, for a guest: for the `Authorization: Bearer` header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub player_token: Option<String>,
    /// The session.
    pub session: SessionView,
}

/// Somebody in a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SeatView {
    /// Who.
    pub player: PlayerId,
    /// What others see.
    pub nickname: Nickname,
    /// With or without an account.
    pub role: Role,
    /// Whether the browser was heard of lately: only then is the seat held.
    pub present: bool,
    /// Games begun.
    #[serde(rename = "trials")]
    pub attempts: u32,
    /// Why a manager has removed the player, if one has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed: Option<String>,
}

/// A session as everyone may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionView {
    /// The session.
    pub session: SessionId,
    /// What is typed to join it.
    pub code: JoinCode,
    /// What it is called.
    pub name: SessionName,
    /// How often players may play.
    pub kind: Kind,
    /// Seats; any number where there is none.
    pub seats: Option<u32>,
    /// Seats that are held.
    pub seated: u32,
    /// Whether all start at the same instant.
    pub synchronised: bool,
    /// Whether guests may join.
    pub guests: bool,
    /// The tuning's name.
    pub tuning_name: String,
    /// When it opens by itself.
    pub opens_at: Option<Timestamp>,
    /// When it closes by itself.
    pub closes_at: Option<Timestamp>,
    /// Where it is.
    #[serde(flatten)]
    pub stage: Stage,
    /// The moves that a manager can make now.
    pub moves: Vec<ManagerMove>,
}

/// `GET /v1/sessions`: all sessions that are not over; for managers those, too.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Sessions {
    /// Newest first.
    pub sessions: Vec<SessionView>,
}

/// `GET /v1/sessions/{session}/seats`: who is there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Seats {
    /// In the order in which they came.
    pub seats: Vec<SeatView>,
}

/// `PATCH /v1/sessions/{session}/seats/{player}`: what a manager does with a player.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum SeatChange {
    /// Gives another nickname.
    Rename(Nickname),
    /// Takes the seat away, for a reason that is kept and told.
    Remove(String),
    /// Lets a player who was removed come back.
    Readmit,
}

/// `GET /v1/clock`: the server's clock, from which a browser estimates how far its own is off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Clock {
    /// Now.
    pub now: Timestamp,
}

/// `GET /v1/flow`: the flow of events on all shards, whoever processes them, since the tables were begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FlowView {
    /// The server's clock.
    pub now: Timestamp,
    /// Events processed, each as often as it was received.
    pub events: u64,
    /// Games rejected.
    pub rejected: u64,
    /// How long after it was received the last batch was processed, milliseconds.
    pub lag_millis: u64,
    /// Records that wait for a second try, at most 100.
    pub dead_letters: u64,
}

/// `GET /v1/dead-letters`: records that could not be processed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeadLetters {
    /// At most 100, oldest first.
    #[serde(rename = "letters")]
    pub dead_letters: Vec<DeadLetterView>,
}

/// A record that could not be processed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeadLetterView {
    /// Where it stands on the stream.
    #[serde(rename = "place")]
    pub position: String,
    /// Why.
    pub reason: String,
}
