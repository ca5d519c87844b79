//! Fingerprints of games: which games of a session have a fingerprint in common.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use shared::{
    fingerprint::Fingerprint,
    ids::{GameId, PlayerId},
    session::SessionId,
    time::Timestamp,
};

use super::StoreError;

/// The most holders of a fingerprint that are read.
pub const MAX_HOLDERS: usize = 100;

/// Notes and reads the fingerprints of games. Every method fails with [`StoreError::Engine`] if the engine fails.
#[async_trait]
pub trait Fingerprints: Send + Sync {
    /// Notes that games have fingerprints. To note the same again changes nothing. A fingerprint that was noted is
    /// found by every later read.
    async fn note_fingerprints(&self, fingerprints: Vec<GameFingerprint>) -> Result<(), StoreError>;

    /// The first games of a session with this fingerprint, at most [`MAX_HOLDERS`], in ascending order.
    async fn fingerprint_holders(
        &self,
        session: SessionId,
        fingerprint: Fingerprint,
    ) -> Result<Vec<FingerprintHolder>, StoreError>;
}

/// A fingerprint of a game.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GameFingerprint {
    /// The session of the game.
    pub session: SessionId,
    /// The fingerprint.
    pub fingerprint: Fingerprint,
    /// The game.
    pub holder: FingerprintHolder,
}

/// A game that has a fingerprint. The one whose events arrived first is the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FingerprintHolder {
    /// When the server received the end of the window.
    pub received_at: Timestamp,
    /// The game.
    pub game: GameId,
    /// The player of the game.
    pub player: PlayerId,
}
