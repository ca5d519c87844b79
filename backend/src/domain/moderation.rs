//! Moderation: a manager approves, renames, removes or readmits a player of a session.

use std::sync::Arc;

use shared::{api::SeatChange, record::Record, session::Participant};

use crate::{
    clock::Clock,
    engine::{
        registry::{Registry, RegistryError},
        stream::{Stream, StreamError},
    },
};

/// The longest reason for removing a player, in characters.
const MAX_REASON_CHARS: usize = 200;

/// Why a moderation action fails.
#[derive(Debug, thiserror::Error)]
pub enum ModerationError {
    /// The reason is empty or too long.
    #[error("the reason must have 1 to {MAX_REASON_CHARS} characters")]
    Reason,
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
    clock: Clock,
}

impl Moderation {
    /// Creates the service. It changes seats in `registry` and appends moderation actions to `stream`.
    pub fn new(registry: Arc<dyn Registry>, stream: Arc<dyn Stream>, clock: Clock) -> Moderation {
        Moderation { registry, stream, clock }
    }

    /// Approves, renames, removes or readmits a player. The processor applies the action to the standings.
    ///
    /// # Errors
    /// If the reason is invalid, the player never had a seat, another player has the nickname, or an engine fails. If the
    /// stream fails, the seat is changed but the standings are not; repeat the request.
    pub async fn change_seat(&self, participant: Participant, change: SeatChange) -> Result<(), ModerationError> {
        let seat = match change {
            SeatChange::Rename(nickname) => self.registry.rename(participant, nickname, self.clock.now()).await?,
            SeatChange::Remove(reason) => self.registry.remove(participant, checked_reason(&reason)?).await?,
            SeatChange::Readmit | SeatChange::Approve => self.registry.approve(participant).await?,
        };
        if let Some(action) = seat.moderation_action(participant.session) {
            self.stream.append_record(&Record::Moderated(action)).await?;
        }
        Ok(())
    }
}

fn checked_reason(reason: &str) -> Result<String, ModerationError> {
    let reason = reason.trim();
    if (1..=MAX_REASON_CHARS).contains(&reason.chars().count()) {
        Ok(reason.to_owned())
    } else {
        Err(ModerationError::Reason)
    }
}
