//! Tickets: each starts one game. The server chooses the seed, and a player has at most one unplayed ticket, so a player
//! cannot search for an easy seed. A seed that all games of a session share is secret until they may start: until then a
//! ticket has the commitment to it. The record on the stream always has the seed.
//!
//! In a session the registry has the unplayed ticket; in open play see [`super::open_play`].

use std::{cmp::Ordering, sync::Arc};

use shared::{
    account::Role,
    api::{NewGame, Ticket, TicketSeed},
    ids::PlayerId,
    nickname::Nickname,
    record::{Record, TicketIssued},
    rules::RULES_VERSION,
    seed_commitment::SeedCommitment,
    session::{Participant, SessionId},
    tuning::Tuning,
};
use tokio::sync::watch;

use super::{
    identity::{Identity, IdentityError},
    open_play::OpenPlay,
    seats::{NewGameId, SeatError, Seats, SessionTicket},
    tokens::{InvalidToken, Principal, SigningError, TokenKeys},
};
use crate::{
    clock::Clock,
    engine::{
        registry::TicketNumber,
        store::StoreError,
        stream::{Stream, StreamError},
    },
};

/// Why no ticket is issued.
#[derive(Debug, thiserror::Error)]
pub enum TicketError {
    /// The client's rules are older than the server's.
    #[error("this page is of an earlier version of the game; reload the page")]
    OutdatedClient,
    /// The client's rules are newer than the server's.
    #[error(
        "this page is of a later version of the game than the server, which is being updated; try again in a minute"
    )]
    OtherVersion,
    /// The player's token is invalid or cannot be checked.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The session does not let the player start a game.
    #[error(transparent)]
    Seat(#[from] SeatError),
    /// The player's games cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
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
    open_play: OpenPlay,
    keys: Arc<TokenKeys>,
    identity: Arc<Identity>,
    seats: Arc<Seats>,
    open_play_tuning: watch::Receiver<Tuning>,
    clock: Clock,
}

/// A ticket that was issued. Only a ticket of a session has a number, or a secret seed.
struct Issued {
    ticket: TicketIssued,
    number: Option<TicketNumber>,
    secret_seed: Option<SeedCommitment>,
}

impl Issued {
    fn in_open_play(ticket: TicketIssued) -> Issued {
        Issued { ticket, number: None, secret_seed: None }
    }
}

impl Tickets {
    /// Creates the service. It appends issued tickets to `stream`.
    pub fn new(
        stream: Arc<dyn Stream>,
        open_play: OpenPlay,
        keys: Arc<TokenKeys>,
        identity: Arc<Identity>,
        seats: Arc<Seats>,
        open_play_tuning: watch::Receiver<Tuning>,
        clock: Clock,
    ) -> Tickets {
        Tickets { stream, open_play, keys, identity, seats, open_play_tuning, clock }
    }

    /// Returns the tuning of the next game of open play.
    pub fn open_play_tuning(&self) -> Tuning {
        self.open_play_tuning.borrow().clone()
    }

    /// Starts a game: appends its ticket to the stream and returns it. A player with an unplayed ticket gets that one again,
    /// with another start. `header_token` is the token of the request's `Authorization` header; it takes precedence over the
    /// token in the body.
    ///
    /// # Errors
    /// If the client has another version, the token is invalid, the session does not let the player start a game, or an
    /// engine fails.
    pub async fn start_game(&self, request: NewGame, header_token: Option<String>) -> Result<Ticket, TicketError> {
        require_same_version(request.rules_version)?;
        let token = header_token.or(request.player_token);
        let caller = match &token {
            Some(token) => Some(self.identity.principal(token).await?),
            None => None,
        };
        let session = request.session.unwrap_or(SessionId::OPEN_PLAY);
        let (principal, issued) = match (session, caller) {
            (SessionId::OPEN_PLAY, Some(principal)) => {
                (principal, self.issue_in_open_play(principal.player, request.nickname).await?)
            }
            (SessionId::OPEN_PLAY, None) => {
                let principal = Principal::new_guest(self.clock.now())?;
                (principal, self.new_in_open_play(principal.player, request.nickname)?)
            }
            (session, Some(principal)) => {
                let participant = Participant { session, player: principal.player };
                let SessionTicket { ticket, number, secret_seed } =
                    self.seats.issue_ticket(participant, NewGameId::random()?).await?;
                (principal, Issued { ticket, number: Some(number), secret_seed })
            }
            (_, None) => return Err(IdentityError::from(InvalidToken).into()),
        };
        let ticket = self.signed(&issued, principal, token)?;
        self.stream.append_record(&Record::TicketIssued(Box::new(issued.ticket))).await?;
        Ok(ticket)
    }

    /// Issues the player's unplayed ticket of open play again, or a new one. A changed tuning applies to the next game.
    async fn issue_in_open_play(&self, player: PlayerId, nickname: Nickname) -> Result<Issued, TicketError> {
        let started_at = self.clock.now();
        let unplayed = self.open_play.unplayed_ticket(player, started_at).await?;
        match unplayed.filter(|unplayed| unplayed.tuning == *self.open_play_tuning.borrow()) {
            Some(unplayed) => Ok(Issued::in_open_play(TicketIssued { nickname, started_at, ..unplayed })),
            None => self.new_in_open_play(player, nickname),
        }
    }

    fn new_in_open_play(&self, player: PlayerId, nickname: Nickname) -> Result<Issued, TicketError> {
        let NewGameId { game, seed } = NewGameId::random()?;
        let ticket = TicketIssued {
            game,
            player,
            session: SessionId::OPEN_PLAY,
            nickname,
            seed,
            tuning: self.open_play_tuning(),
            rules_version: RULES_VERSION,
            started_at: self.clock.now(),
            real_time: false,
        };
        Ok(Issued::in_open_play(ticket))
    }

    /// Returns the ticket for the client, with the tokens that it needs.
    fn signed(
        &self,
        Issued { ticket, number, secret_seed }: &Issued,
        principal: Principal,
        token: Option<String>,
    ) -> Result<Ticket, SigningError> {
        let player_token = match (principal.role, token) {
            // Starting a game must not extend the sign-in of an account.
            (Role::Player | Role::Manager, Some(token)) => token,
            _ => self.keys.sign_player(Principal { issued_at: self.clock.now(), ..principal })?.0,
        };
        Ok(Ticket {
            game: ticket.game,
            player: ticket.player,
            seed: secret_seed.map_or(TicketSeed::Known(ticket.seed), TicketSeed::Secret),
            tuning: ticket.tuning.clone(),
            tuning_hash: ticket.tuning.hash(),
            rules_version: ticket.rules_version,
            game_token: self.keys.sign_game(ticket, *number)?,
            player_token,
            started_at: ticket.started_at,
            real_time: ticket.real_time,
        })
    }
}

/// Checks that the client has the server's rules. Clients that send no version are not checked.
fn require_same_version(client: Option<u16>) -> Result<(), TicketError> {
    match client.map(|version| version.cmp(&RULES_VERSION)) {
        None | Some(Ordering::Equal) => Ok(()),
        Some(Ordering::Less) => Err(TicketError::OutdatedClient),
        Some(Ordering::Greater) => Err(TicketError::OtherVersion),
    }
}
