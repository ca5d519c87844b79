//! Why a strategy proves nothing.

use shared::{nickname::NicknameError, session::InvalidName};

use crate::client::RequestError;

/// Why a strategy proves nothing.
#[derive(Debug, thiserror::Error)]
pub enum AttackError {
    /// The server refused what every player may do, or does not respond.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The nickname of an adversary is not valid.
    #[error(transparent)]
    Nickname(#[from] NicknameError),
    /// The name of a session is not valid.
    #[error(transparent)]
    SessionName(#[from] InvalidName),
    /// The control failed: without the defences, the strategy would gain nothing either.
    #[error("the control failed: {0}")]
    Control(&'static str),
    /// A game could not be computed.
    #[error("a game could not be computed: {0}")]
    Computation(#[from] tokio::task::JoinError),
}
