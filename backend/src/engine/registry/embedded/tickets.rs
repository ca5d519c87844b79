//! Tickets of participants.

use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition, WriteTransaction};
use shared::{ids::GameId, session::Participant};

use super::{Error, seats};
use crate::engine::{
    redb_tables::{decode, encode},
    registry::{NumberedTicket, TicketNumber, TicketRequest, TicketRow},
};

/// Tickets by session and player.
const TICKETS: TableDefinition<(u64, u64), &[u8]> = TableDefinition::new("tickets");

/// Creates the table if it is missing.
pub fn create_tables(transaction: &WriteTransaction) -> Result<(), Error> {
    transaction.open_table(TICKETS)?;
    Ok(())
}

/// The tickets of a participant.
pub fn of_player(database: &Database, participant: Participant) -> Result<TicketRow, Error> {
    read(&database.begin_read()?.open_table(TICKETS)?, participant)
}

/// Issues a ticket.
pub fn issue(transaction: &WriteTransaction, request: &TicketRequest) -> Result<NumberedTicket, Error> {
    let seat = seats::of_not_removed(transaction, request.participant)?;
    let row = read(&transaction.open_table(TICKETS)?, request.participant)?;
    let (row, ticket) = row.issue(request, &seat).map_err(Error::Refused)?;
    put(transaction, request.participant, &row)?;
    Ok(ticket)
}

/// Uses a ticket and an attempt, unless the game has used it already.
pub fn use_ticket(
    transaction: &WriteTransaction,
    participant: Participant,
    game: GameId,
    number: TicketNumber,
    max_attempts: Option<u32>,
) -> Result<(), Error> {
    let row = read(&transaction.open_table(TICKETS)?, participant)?;
    let Some(row) = row.use_ticket(game, number).map_err(Error::Refused)? else {
        return Ok(());
    };
    seats::count_attempt(transaction, participant, max_attempts)?;
    put(transaction, participant, &row)
}

fn put(transaction: &WriteTransaction, participant: Participant, row: &TicketRow) -> Result<(), Error> {
    let key = (participant.session.0, participant.player.0);
    transaction.open_table(TICKETS)?.insert(key, encode(row)?.as_slice())?;
    Ok(())
}

fn read(table: &impl ReadableTable<(u64, u64), &'static [u8]>, participant: Participant) -> Result<TicketRow, Error> {
    let row = table.get((participant.session.0, participant.player.0))?;
    row.map_or_else(|| Ok(TicketRow::default()), |row| decode(row.value()))
}
