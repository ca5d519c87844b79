//! Problems: the bodies of error responses.

use serde::{Deserialize, Serialize};

use crate::ids::Seq;

/// The body of every response with a status of 400 or above (RFC 9457, `application/problem+json`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// The kind of problem, for programs.
    pub code: ProblemCode,
    /// What is wrong and what to do, for people.
    pub detail: String,
    /// The next expected event number. Only present with the code `gap`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_seq: Option<Seq>,
}

/// The kinds of problems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// The request is malformed or has invalid values.
    BadRequest,
    /// The token is missing, invalid or expired.
    #[serde(rename = "bad_token")]
    InvalidToken,
    /// The token belongs to another game.
    WrongGame,
    /// The caller is not allowed to make this request.
    Forbidden,
    /// The account name or the password is wrong. The response does not tell which.
    #[serde(rename = "bad_sign_in")]
    WrongCredentials,
    /// An external issuer manages the accounts. `GET /v1/identity` returns its address.
    #[serde(rename = "sign_in_elsewhere")]
    ExternalAccounts,
    /// All seats of the session are taken, or too many players wait for approval.
    SeatsTaken,
    /// Another player of the session has this nickname.
    NicknameTaken,
    /// The session admits no new players.
    Locked,
    /// The player waits until a manager approves.
    NotApproved,
    /// The stage of the session does not allow this request.
    WrongStage,
    /// The player has used all attempts of the session.
    #[serde(rename = "no_trial_left")]
    NoAttemptLeft,
    /// A manager has removed the player from the session.
    Removed,
    /// Another request changed the resource at the same time. Read it again and retry.
    Conflict,
    /// The resource does not exist.
    NotFound,
    /// The game was played by rules that this server does not have.
    NotReplayable,
    /// Events before this batch are missing. Send them from `expected_seq`.
    Gap,
    /// The batch has ticks whose time has not come. Send it again after the seconds in the `Retry-After` header.
    TooEarly,
    /// The client's rules are older than the server's. Reload the page.
    OutdatedClient,
    /// The client's rules are newer than the server's, which is being updated. Try again later.
    OtherVersion,
    /// The body is too large.
    TooLarge,
    /// The request timed out.
    TooSlow,
    /// The rate limit is exceeded, or the server is overloaded. Retry after the seconds in the `Retry-After` header.
    Busy,
    /// An error occurred in the server.
    Internal,
}
