//! Tickets: what a player needs for one game. The server chooses the seed, so nobody can look for an easy one.

use std::sync::Arc;

use shared::{
    account::Role,
    api::{NewGame, Ticket},
    ids::{GameId, PlayerId},
    record::{Record, TicketIssued},
    replay::Seed,
    rules::RULES_VERSION,
    session::{Participant, SessionId},
    tuning::Tuning,
};
use tokio::sync::watch;

use crate::{
    clock,
    domain::{
        identity::{Identity, IdentityError},
        sessions::{GameStart, SessionError, Sessions},
        tokens::{InvalidToken, Keys, Principal},
    },
    engine::stream::{Stream, StreamError},
};

/// Why there is no ticket.
#[derive(Debug, thiserror::Error)]
pub enum TicketError {
    /// The player is not whom the token says.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The session lets no game begin.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// The ticket cannot be recorded.
    #[error(transparent)]
    Stream(#[from] StreamError),
    /// The machine gives no random numbers, or the ticket cannot be written.
    #[error("a ticket cannot be made: {0}")]
    Internal(String),
}

impl From<InvalidToken> for TicketError {
    fn from(bad: InvalidToken) -> TicketError {
        TicketError::Identity(bad.into())
    }
}

/// Gives out tickets.
pub struct Tickets {
    stream: Arc<dyn Stream>,
    keys: Arc<Keys>,
    identity: Arc<Identity>,
    sessions: Arc<Sessions>,
    /// What open play is played by, as it is when a ticket is given out.
    tuning: watch::Receiver<Tuning>,
}

impl Tickets {
    /// An office for games of these sessions, and for open play.
    pub fn new(
        stream: Arc<dyn Stream>,
        keys: Arc<Keys>,
        identity: Arc<Identity>,
        sessions: Arc<Sessions>,
        tuning: watch::Receiver<Tuning>,
    ) -> Tickets {
        Tickets { stream, keys, identity, sessions, tuning }
    }

    /// What the next game of open play is played by.
    pub fn tuning(&self) -> Tuning {
        self.tuning.borrow().clone()
    }

    /// Opens a game, durably. `token` is what the request was sent with, and comes before the one in its body.
    ///
    /// # Errors
    /// Where the token does not hold, the session lets the player begin no game, or the game cannot be recorded.
    pub async fn open(&self, request: NewGame, token: Option<String>) -> Result<Ticket, TicketError> {
        let now = clock::now();
        let token = token.or(request.player_token);
        let known = match &token {
            Some(token) => Some(self.identity.principal(token).await?),
            None => None,
        };
        let session = request.session.unwrap_or(SessionId::OPEN_PLAY);
        let (principal, entry) = match (session, known) {
            (SessionId::OPEN_PLAY, known) => {
                let guest = Principal { player: PlayerId(random()?), role: Role::Guest, issued_at: now };
                let entry = GameStart { nickname: request.nickname, tuning: self.tuning(), begins_at: now };
                (known.unwrap_or(guest), entry)
            }
            (session, Some(known)) => {
                (known, self.sessions.start_game(Participant { session, player: known.player }).await?)
            }
            (_, None) => return Err(InvalidToken.into()),
        };
        let opened = TicketIssued {
            game: GameId(random()?),
            player: principal.player,
            session,
            nickname: entry.nickname,
            seed: Seed(random()?),
            tuning: entry.tuning,
            rules_version: RULES_VERSION,
            started_at: entry.begins_at,
        };
        let ticket = Ticket {
            game: opened.game,
            player: opened.player,
            seed: opened.seed,
            tuning: opened.tuning.clone(),
            tuning_hash: opened.tuning.hash(),
            rules_version: opened.rules_version,
            game_token: self.keys.sign_game(opened.game, opened.player)?,
            player_token: match (principal.role, token) {
                // Signed in, one stays who one is by what one signed in with: a game must not make that last longer.
                (Role::Player | Role::Manager, Some(token)) => token,
                _ => self.keys.sign_player(Principal { issued_at: now, ..principal })?.0,
            },
            started_at: opened.started_at,
        };
        self.stream.append_record(&Record::TicketIssued(Box::new(opened))).await?;
        Ok(ticket)
    }
}

fn random() -> Result<u64, TicketError> {
    getrandom::u64().map_err(internal)
}

fn internal(error: impl std::fmt::Display) -> TicketError {
    TicketError::Internal(error.to_string())
}
