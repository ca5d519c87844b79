//! Tickets: each starts one game. The server chooses the seed, so a player cannot search for an easy one.

use std::sync::Arc;

use shared::{
    account::Role,
    api::{NewGame, Ticket},
    ids::GameId,
    nickname::Nickname,
    record::{Record, TicketIssued},
    replay::Seed,
    rules::RULES_VERSION,
    session::{Participant, SessionId},
    tuning::Tuning,
};
use tokio::sync::watch;

use super::{
    identity::{Identity, IdentityError},
    seats::{GameStart, SeatError, Seats},
    tokens::{InvalidToken, Principal, SigningError, TokenKeys},
};
use crate::{
    clock::Clock,
    engine::stream::{Stream, StreamError},
};

/// Why no ticket is issued.
#[derive(Debug, thiserror::Error)]
pub enum TicketError {
    /// The player's token is invalid or cannot be checked.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The session does not let the player start a game.
    #[error(transparent)]
    Seat(#[from] SeatError),
    /// The ticket cannot be appended to the stream.
    #[error(transparent)]
    Stream(#[from] StreamError),
    /// The ticket's tokens cannot be signed.
    #[error(transparent)]
    Signing(#[from] SigningError),
    /// The operating system returned no random numbers for the game's ID and seed.
    #[error("cannot issue a ticket")]
    Random(#[from] getrandom::Error),
}

/// Issues tickets.
pub struct Tickets {
    stream: Arc<dyn Stream>,
    keys: Arc<TokenKeys>,
    identity: Arc<Identity>,
    seats: Arc<Seats>,
    open_play_tuning: watch::Receiver<Tuning>,
    clock: Clock,
}

impl Tickets {
    /// Creates the service. It appends issued tickets to `stream`.
    pub fn new(
        stream: Arc<dyn Stream>,
        keys: Arc<TokenKeys>,
        identity: Arc<Identity>,
        seats: Arc<Seats>,
        open_play_tuning: watch::Receiver<Tuning>,
        clock: Clock,
    ) -> Tickets {
        Tickets { stream, keys, identity, seats, open_play_tuning, clock }
    }

    /// Returns the tuning of the next game of open play.
    pub fn open_play_tuning(&self) -> Tuning {
        self.open_play_tuning.borrow().clone()
    }

    /// Starts a game: appends its ticket to the stream and returns it. `header_token` is the token of the request's
    /// `Authorization` header; it takes precedence over the token in the body.
    ///
    /// # Errors
    /// If the token is invalid, the session does not let the player start a game, or the stream fails.
    pub async fn start_game(&self, request: NewGame, header_token: Option<String>) -> Result<Ticket, TicketError> {
        let token = header_token.or(request.player_token);
        let caller = match &token {
            Some(token) => Some(self.identity.principal(token).await?),
            None => None,
        };
        let session = request.session.unwrap_or(SessionId::OPEN_PLAY);
        let (principal, start) = match (session, caller) {
            (SessionId::OPEN_PLAY, Some(principal)) => (principal, self.start_open_play(request.nickname)),
            (SessionId::OPEN_PLAY, None) => {
                (Principal::new_guest(self.clock.now())?, self.start_open_play(request.nickname))
            }
            (session, Some(principal)) => {
                (principal, self.seats.start_game(Participant { session, player: principal.player }).await?)
            }
            (_, None) => return Err(IdentityError::from(InvalidToken).into()),
        };
        let issued = new_ticket(session, principal, start)?;
        let ticket = self.signed(&issued, principal, token)?;
        self.stream.append_record(&Record::TicketIssued(Box::new(issued))).await?;
        Ok(ticket)
    }

    fn start_open_play(&self, nickname: Nickname) -> GameStart {
        GameStart { nickname, tuning: self.open_play_tuning(), begins_at: self.clock.now() }
    }

    /// Returns the ticket for the client, with the tokens that it needs.
    fn signed(
        &self,
        issued: &TicketIssued,
        principal: Principal,
        token: Option<String>,
    ) -> Result<Ticket, SigningError> {
        let player_token = match (principal.role, token) {
            // Starting a game must not extend the sign-in of an account.
            (Role::Player | Role::Manager, Some(token)) => token,
            _ => self.keys.sign_player(Principal { issued_at: self.clock.now(), ..principal })?.0,
        };
        Ok(Ticket {
            game: issued.game,
            player: issued.player,
            seed: issued.seed,
            tuning: issued.tuning.clone(),
            tuning_hash: issued.tuning.hash(),
            rules_version: issued.rules_version,
            game_token: self.keys.sign_game(issued.game, issued.player)?,
            player_token,
            started_at: issued.started_at,
        })
    }
}

fn new_ticket(
    session: SessionId,
    principal: Principal,
    GameStart { nickname, tuning, begins_at }: GameStart,
) -> Result<TicketIssued, getrandom::Error> {
    Ok(TicketIssued {
        game: GameId(getrandom::u64()?),
        player: principal.player,
        session,
        nickname,
        seed: Seed(getrandom::u64()?),
        tuning,
        rules_version: RULES_VERSION,
        started_at: begins_at,
    })
}
