//! Moderation: a manager approves, renames, removes or readmits a player of a session, or decides whether a game ranks.

use std::sync::Arc;

use shared::{
    api::SeatChange,
    ids::{GameId, PlayerId},
    ranking::RankDecision,
    reason::{InvalidReason, Reason},
    record::{GameModeration, Record},
    session::Participant,
};

use crate::{
    clock::Clock,
    engine::{
        registry::{Registry, RegistryError},
        store::{Store, StoreError},
        stream::{Stream, StreamError},
    },
};

/// Why a moderation action fails.
#[derive(Debug, thiserror::Error)]
pub enum ModerationError {
    /// The reason is invalid.
    #[error(transparent)]
    Reason(#[from] InvalidReason),
    /// The store has no such game.
    #[error("there is no game {0}")]
    UnknownGame(GameId),
    /// The game cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The registry refused or failed.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The action cannot be appended to the stream.
    #[error(transparent)]
    Stream(#[from] StreamError),
}

/// Applies moderation actions.
pub struct Moderation {
    registry: Arc<dyn Registry>,
    stream: Arc<dyn Stream>,
    store: Arc<dyn Store>,
    clock: Clock,
}

impl Moderation {
    /// Creates the service. It changes seats in `registry`, reads games from `store`, and appends moderation actions and
    /// rank decisions to `stream`.
    pub fn new(
        registry: Arc<dyn Registry>,
        stream: Arc<dyn Stream>,
        store: Arc<dyn Store>,
        clock: Clock,
    ) -> Moderation {
        Moderation { registry, stream, store, clock }
    }

    /// Approves, renames, removes or readmits a player. The processor applies the action to the standings.
    ///
    /// # Errors
    /// If the reason is invalid, the player never had a seat, another player has the nickname, or an engine fails. If the
    /// stream fails, the seat is changed but the standings are not; repeat the request.
    pub async fn change_seat(&self, participant: Participant, change: SeatChange) -> Result<(), ModerationError> {
        let seat = match change {
            SeatChange::Rename(nickname) => self.registry.rename(participant, nickname, self.clock.now()).await?,
            SeatChange::Remove(reason) => self.registry.remove(participant, reason.parse::<Reason>()?.into()).await?,
            SeatChange::Readmit | SeatChange::Approve => self.registry.approve(participant).await?,
        };
        if let Some(action) = seat.moderation_action(participant.session) {
            self.stream.append_record(&Record::Moderated(action)).await?;
        }
        Ok(())
    }

    /// Decides whether a game ranks. The processor applies the decision to the standings.
    ///
    /// # Errors
    /// If there is no such game, or an engine fails.
    pub async fn decide_rank(
        &self,
        game: GameId,
        decision: RankDecision,
        decided_by: PlayerId,
    ) -> Result<(), ModerationError> {
        let row = self.store.game(game).await?.ok_or(ModerationError::UnknownGame(game))?;
        // The clock of the server that took the last decision may be ahead.
        let after_last = row.moderation.map(|last| last.decided_at.after_millis(1)).unwrap_or_default();
        let decided_at = self.clock.now().max(after_last);
        let player = row.ticket.player;
        let moderation = GameModeration { game, player, decision, decided_by, decided_at };
        Ok(self.stream.append_record(&Record::GameModerated(Box::new(moderation))).await?)
    }
}
