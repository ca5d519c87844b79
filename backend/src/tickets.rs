//! Tickets: what a player needs for one game. The server chooses the seed, so nobody can look for an easy one.

use std::sync::Arc;

use shared::{
    api::{NewGame, Ticket},
    ids::{GameId, PlayerId},
    record::{Opened, Record},
    replay::Seed,
    rules::RULES_VERSION,
    session::SessionId,
    tuning::Tuning,
};
use tokio::sync::watch;

use crate::{
    clock,
    keys::{BadToken, Keys},
    stream::{Stream, StreamError},
};

/// Why there is no ticket.
#[derive(Debug, thiserror::Error)]
pub enum TicketError {
    /// The player token cannot be believed.
    #[error(transparent)]
    Token(#[from] BadToken),
    /// The ticket cannot be recorded.
    #[error(transparent)]
    Stream(#[from] StreamError),
    /// The machine gives no random numbers, or the ticket cannot be written.
    #[error("a ticket cannot be made: {0}")]
    Internal(String),
}

/// Gives out tickets.
pub struct Tickets {
    stream: Arc<dyn Stream>,
    keys: Arc<Keys>,
    tuning: watch::Receiver<Tuning>,
}

impl Tickets {
    /// An office whose games are played by `tuning`, as it is when their ticket is given out.
    pub fn new(stream: Arc<dyn Stream>, keys: Arc<Keys>, tuning: watch::Receiver<Tuning>) -> Tickets {
        Tickets { stream, keys, tuning }
    }

    /// What the next game is played by.
    pub fn tuning(&self) -> Tuning {
        self.tuning.borrow().clone()
    }

    /// Opens a game, durably.
    ///
    /// # Errors
    /// Where the player token is not ours, or the game cannot be recorded.
    pub async fn open(&self, request: NewGame) -> Result<Ticket, TicketError> {
        let player = match &request.player_token {
            Some(token) => self.keys.verify_player(token)?.sub,
            None => PlayerId(random()?),
        };
        let opened = Opened {
            game: GameId(random()?),
            player,
            session: SessionId::OPEN_PLAY,
            nickname: request.nickname,
            seed: Seed(random()?),
            tuning: self.tuning.borrow().clone(),
            rules_version: RULES_VERSION,
            opened_at: clock::now(),
        };
        let ticket = Ticket {
            game: opened.game,
            player,
            seed: opened.seed,
            tuning: opened.tuning.clone(),
            tuning_hash: opened.tuning.hash(),
            rules_version: opened.rules_version,
            game_token: self.keys.sign_game(opened.game, player)?,
            player_token: self.keys.sign_player(player)?,
            opened_at: opened.opened_at,
        };
        let record = serde_json::to_vec(&Record::Opened(Box::new(opened))).map_err(internal)?;
        self.stream.append(ticket.game, record).await?;
        Ok(ticket)
    }
}

fn random() -> Result<u64, TicketError> {
    getrandom::u64().map_err(internal)
}

fn internal(error: impl std::fmt::Display) -> TicketError {
    TicketError::Internal(error.to_string())
}
