//! The tickets of the players of the session.

use shared::ids::{GameId, PlayerId};

use super::{super::put_next, SessionSeats, retry_on_conflict};
use crate::engine::{
    dynamodb::Key,
    registry::{NumberedTicket, RegistryError, Seat, TicketNumber, TicketRequest, TicketRow},
};

/// Tickets as the table holds them.
#[derive(Debug, Default)]
struct StoredTickets {
    row: TicketRow,
    /// The row's version. `None` if the player was never issued a ticket.
    version: Option<u64>,
}

impl SessionSeats<'_> {
    /// A player's tickets.
    pub async fn tickets(&self, player: PlayerId) -> Result<TicketRow, RegistryError> {
        Ok(self.read_tickets(player).await?.row)
    }

    /// Issues a ticket.
    pub async fn issue_ticket(&self, request: &TicketRequest) -> Result<NumberedTicket, RegistryError> {
        retry_on_conflict(|| self.try_issue_ticket(request)).await
    }

    async fn try_issue_ticket(&self, request: &TicketRequest) -> Result<NumberedTicket, RegistryError> {
        let player = request.participant.player;
        let seat = Seat::require_not_removed(self.read(player).await?.map(|stored| stored.seat))?;
        let StoredTickets { row, version } = self.read_tickets(player).await?;
        let (row, ticket) = row.issue(request, &seat)?;
        self.write(vec![put_next(&self.tickets_key(player), &row, version)?]).await?;
        Ok(ticket)
    }

    /// Uses a ticket and an attempt, unless the game has used it already.
    pub async fn use_ticket(
        &self,
        player: PlayerId,
        game: GameId,
        number: TicketNumber,
        max_attempts: Option<u32>,
    ) -> Result<(), RegistryError> {
        retry_on_conflict(|| self.try_use_ticket(player, game, number, max_attempts)).await
    }

    async fn try_use_ticket(
        &self,
        player: PlayerId,
        game: GameId,
        number: TicketNumber,
        max_attempts: Option<u32>,
    ) -> Result<(), RegistryError> {
        // The seat is read first: if a concurrent batch uses the ticket in between, the tickets show it. The other way round,
        // the seat would show an attempt that the tickets do not.
        let before = self.read(player).await?;
        let StoredTickets { row, version } = self.read_tickets(player).await?;
        let Some(row) = row.use_ticket(game, number)? else {
            return Ok(());
        };
        let before = before.ok_or(RegistryError::NoSeat)?;
        let seat = before.seat.clone().with_attempt(max_attempts)?;
        let put_tickets = put_next(&self.tickets_key(player), &row, version)?;
        self.write(vec![put_tickets, self.put_seat(Some(&before), &seat, before.slot)?]).await
    }

    async fn read_tickets(&self, player: PlayerId) -> Result<StoredTickets, RegistryError> {
        match self.table.get(&self.tickets_key(player)).await? {
            Some(item) => Ok(StoredTickets { row: item.row()?, version: Some(item.version()?) }),
            None => Ok(StoredTickets::default()),
        }
    }

    fn tickets_key(&self, player: PlayerId) -> Key {
        Key::new(format!("tickets/{}", self.session), player.to_string())
    }
}
