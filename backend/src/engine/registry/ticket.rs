//! The tickets of a participant: at most one that is not played, and the games that have used one.

use serde::{Deserialize, Serialize};
use shared::{
    ids::GameId, record::TicketIssued, replay::Seed, rules::RULES_VERSION, session::Participant, time::Timestamp,
    tuning::Tuning,
};

use super::{RegistryError, Seat};

/// The number of played games that a row keeps. Events of an earlier game are refused if none of them has arrived yet.
const MAX_PLAYED: usize = 32;

/// The number of a ticket among those that a participant was issued, from 1. A ticket that is issued again gets the next
/// number, and only the newest one can be played.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketNumber(pub u32);

/// A ticket with its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberedTicket {
    /// The ticket.
    pub ticket: TicketIssued,
    /// Its number among the participant's tickets.
    pub number: TicketNumber,
}

/// The seed of a requested game.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GameSeed {
    /// A seed for this game alone. An unplayed ticket keeps its own.
    Own(Seed),
    /// The seed of all games of the session. An unplayed ticket of an earlier run with another one is replaced.
    Shared(Seed),
}

impl GameSeed {
    fn seed(self) -> Seed {
        match self {
            GameSeed::Own(seed) | GameSeed::Shared(seed) => seed,
        }
    }

    /// Whether an unplayed ticket with the seed `unplayed` can be issued again.
    fn allows(self, unplayed: Seed) -> bool {
        match self {
            GameSeed::Own(_) => true,
            GameSeed::Shared(seed) => seed == unplayed,
        }
    }
}

/// A player's request for a ticket.
#[derive(Debug, Clone)]
pub struct TicketRequest {
    /// The participant.
    pub participant: Participant,
    /// The game, if the participant has no unplayed ticket.
    pub game: GameId,
    /// The seed of that game.
    pub seed: GameSeed,
    /// The tuning of that game.
    pub tuning: Tuning,
    /// When the game starts.
    pub started_at: Timestamp,
    /// The number of games that the session allows each player. `None` for no limit.
    pub max_attempts: Option<u32>,
    /// The time on the server's clock.
    pub now: Timestamp,
}

/// The row of a participant's tickets.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketRow {
    /// The number of the newest ticket.
    newest: TicketNumber,
    /// The newest ticket until its game has ticks.
    unplayed: Option<TicketIssued>,
    /// The newest games that used a ticket, with its number, oldest first.
    played: Vec<(GameId, TicketNumber)>,
}

impl TicketRow {
    /// The row after a ticket is issued: the unplayed one again with another start, or a new one. The ticket is returned
    /// as well.
    ///
    /// # Errors
    /// [`RegistryError::NoSeat`] if the seat is not held, [`RegistryError::NoAttemptLeft`] if all attempts are used.
    pub fn issue(self, request: &TicketRequest, seat: &Seat) -> Result<(TicketRow, NumberedTicket), RegistryError> {
        if !seat.is_held(request.now) {
            return Err(RegistryError::NoSeat);
        }
        seat.require_attempt(request.max_attempts)?;
        let number = TicketNumber(self.newest.0 + 1);
        let (nickname, started_at) = (seat.nickname.clone(), request.started_at);
        // A game can only be played by the rules and with the seed of its first ticket.
        let is_playable =
            |unplayed: &TicketIssued| unplayed.rules_version == RULES_VERSION && request.seed.allows(unplayed.seed);
        let ticket = match self.unplayed.filter(is_playable) {
            Some(unplayed) => TicketIssued { nickname, started_at, ..unplayed },
            None => TicketIssued {
                game: request.game,
                player: request.participant.player,
                session: request.participant.session,
                nickname,
                seed: request.seed.seed(),
                tuning: request.tuning.clone(),
                rules_version: RULES_VERSION,
                started_at,
            },
        };
        let row = TicketRow { newest: number, unplayed: Some(ticket.clone()), played: self.played };
        Ok((row, NumberedTicket { ticket, number }))
    }

    /// Checks that a ticket is the newest one, or was used.
    ///
    /// # Errors
    /// [`RegistryError::OldTicket`] otherwise.
    pub fn require_valid(&self, game: GameId, number: TicketNumber) -> Result<(), RegistryError> {
        let is_newest = number == self.newest && self.unplayed.as_ref().is_some_and(|unplayed| unplayed.game == game);
        if is_newest || self.is_used(game, number) { Ok(()) } else { Err(RegistryError::OldTicket) }
    }

    /// The row after the first ticks of a game use its ticket. `None` if they already have.
    ///
    /// # Errors
    /// [`RegistryError::OldTicket`] if the ticket is neither the newest one nor was used.
    pub fn use_ticket(mut self, game: GameId, number: TicketNumber) -> Result<Option<TicketRow>, RegistryError> {
        self.require_valid(game, number)?;
        if self.is_used(game, number) {
            return Ok(None);
        }
        self.played.push((game, number));
        let surplus = self.played.len().saturating_sub(MAX_PLAYED);
        self.played.drain(..surplus);
        Ok(Some(TicketRow { unplayed: None, ..self }))
    }

    fn is_used(&self, game: GameId, number: TicketNumber) -> bool {
        self.played.contains(&(game, number))
    }
}

#[cfg(test)]
mod tests {
    use shared::{account::Role, ids::PlayerId, session::SessionId};

    use super::*;
    use crate::engine::registry::SeatRequest;

    const NOW: Timestamp = Timestamp(1_000_000);

    fn seat() -> Seat {
        let request = SeatRequest {
            session: SessionId(1),
            seats: None,
            player: PlayerId(1),
            nickname: "Ada".parse().unwrap(),
            role: Role::Guest,
            now: NOW,
        };
        request.seat(None)
    }

    fn request(game: u64) -> TicketRequest {
        TicketRequest {
            participant: Participant { session: SessionId(1), player: PlayerId(1) },
            game: GameId(game),
            seed: GameSeed::Own(Seed(game)),
            tuning: Tuning::default(),
            started_at: NOW.after_millis(game),
            max_attempts: None,
            now: NOW,
        }
    }

    #[test]
    fn unplayed_ticket_of_other_rules_is_replaced() {
        let (mut row, first) = TicketRow::default().issue(&request(1), &seat()).unwrap();
        row.unplayed = Some(TicketIssued { rules_version: RULES_VERSION - 1, ..first.ticket.clone() });
        let (row, second) = row.issue(&request(2), &seat()).unwrap();
        assert_eq!((second.ticket.game, second.ticket.rules_version), (GameId(2), RULES_VERSION));
        assert_eq!(row.use_ticket(GameId(1), first.number), Err(RegistryError::OldTicket));
    }

    #[test]
    fn unplayed_ticket_with_an_earlier_shared_seed_is_replaced() {
        let shared = |game, seed| TicketRequest { seed: GameSeed::Shared(Seed(seed)), ..request(game) };
        let issued = |ticket: NumberedTicket| (ticket.ticket.game, ticket.ticket.seed);
        let (row, first) = TicketRow::default().issue(&shared(1, 7), &seat()).unwrap();
        assert_eq!(issued(first), (GameId(1), Seed(7)));
        let (row, again) = row.issue(&shared(2, 7), &seat()).unwrap();
        assert_eq!(issued(again), (GameId(1), Seed(7)));
        let (row, reopened) = row.issue(&shared(3, 8), &seat()).unwrap();
        let number = reopened.number;
        assert_eq!(issued(reopened), (GameId(3), Seed(8)));
        assert_eq!(row.require_valid(GameId(1), number), Err(RegistryError::OldTicket));
    }

    #[test]
    fn row_keeps_a_limited_number_of_played_games() {
        let mut row = TicketRow::default();
        let count = MAX_PLAYED as u64 + 1;
        for game in 1..=count {
            let (issued, ticket) = row.issue(&request(game), &seat()).unwrap();
            row = issued.use_ticket(GameId(game), ticket.number).unwrap().unwrap();
        }
        assert_eq!(row.played.len(), MAX_PLAYED);
        assert_eq!(row.clone().use_ticket(GameId(count), TicketNumber(count as u32)), Ok(None));
        assert_eq!(row.use_ticket(GameId(1), TicketNumber(1)), Err(RegistryError::OldTicket));
    }
}
