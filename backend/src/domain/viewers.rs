//! Viewers: big screens that show the games of a session to an audience, without an account.

use std::sync::Arc;

use shared::{api::ViewerToken, session::SessionId};

use super::{
    sessions::{SessionError, Sessions},
    tokens::{InvalidToken, SigningError, TokenKeys},
};

/// Why a viewer token is not issued.
#[derive(Debug, thiserror::Error)]
pub enum ViewerError {
    /// There is no such session, or the registry failed.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// The token cannot be signed.
    #[error(transparent)]
    Signing(#[from] SigningError),
}

/// Issues and verifies viewer tokens.
pub struct Viewers {
    sessions: Arc<Sessions>,
    keys: Arc<TokenKeys>,
}

impl Viewers {
    /// Creates the service for the viewers of `sessions`. `keys` sign and verify the tokens.
    pub fn new(sessions: Arc<Sessions>, keys: Arc<TokenKeys>) -> Viewers {
        Viewers { sessions, keys }
    }

    /// Issues a viewer token for a session or open play.
    ///
    /// # Errors
    /// If there is no such session, the registry fails, or signing fails.
    pub async fn issue(&self, session: SessionId) -> Result<ViewerToken, ViewerError> {
        if session != SessionId::OPEN_PLAY {
            self.sessions.read(session).await?;
        }
        let (viewer_token, expires_at) = self.keys.sign_viewer(session)?;
        Ok(ViewerToken { viewer_token, expires_at })
    }

    /// Verifies a viewer token, and returns its session.
    ///
    /// # Errors
    /// If the token is invalid or expired.
    pub fn authenticate(&self, token: &str) -> Result<SessionId, InvalidToken> {
        self.keys.verify_viewer(token)
    }
}
