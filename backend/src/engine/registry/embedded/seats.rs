//! Seats and nicknames. One thread writes them, so a transaction can count the held seats of its session.

use redb::{Database, ReadableDatabase, ReadableTable, Table, TableDefinition, WriteTransaction};
use shared::{
    ids::PlayerId,
    nickname::Nickname,
    session::{Participant, SessionId},
    time::Timestamp,
};

use super::Error;
use crate::engine::{
    redb_tables::{decode, encode},
    registry::{RegistryError, Seat, SeatRequest},
};

/// Seats by session and player.
const SEATS: TableDefinition<(u64, u64), &[u8]> = TableDefinition::new("seats");
/// Players by session and folded nickname.
const NICKNAMES: TableDefinition<(u64, &str), u64> = TableDefinition::new("nicknames");

/// Creates the tables of this file that are missing.
pub fn create_tables(transaction: &WriteTransaction) -> Result<(), Error> {
    transaction.open_table(SEATS)?;
    transaction.open_table(NICKNAMES)?;
    Ok(())
}

/// The seat of a player.
pub fn of_player(database: &Database, participant: Participant) -> Result<Option<Seat>, Error> {
    let seats = database.begin_read()?.open_table(SEATS)?;
    read_seat(&seats, participant)
}

/// All seats of a session, in the order in which they were first taken.
pub fn of_session(database: &Database, session: SessionId) -> Result<Vec<Seat>, Error> {
    let table = database.begin_read()?.open_table(SEATS)?;
    let mut seats = read_seats(&table, session)?;
    seats.sort_by_key(|seat| (seat.taken_at, seat.player));
    Ok(seats)
}

/// Gives a player a seat with a nickname.
pub fn take(transaction: &WriteTransaction, request: SeatRequest) -> Result<Seat, Error> {
    let mut seats = SessionSeats::open(transaction, request.session)?;
    let before = seats.of(request.player)?;
    if let Some(reason) = before.as_ref().and_then(|seat| seat.removed.clone()) {
        return Err(Error::Refused(RegistryError::Removed(reason)));
    }
    if !before.as_ref().is_some_and(|seat| seat.is_held(request.now)) {
        seats.require_free(request.seats, request.now)?;
    }
    if !before.as_ref().is_some_and(|seat| seat.renamed) {
        let nickname = before.as_ref().map(|seat| &seat.nickname);
        seats.claim_nickname(request.player, nickname, &request.nickname)?;
    }
    seats.put(request.seat(before))
}

/// Records a heartbeat.
pub fn heartbeat(
    transaction: &WriteTransaction,
    participant: Participant,
    limit: Option<u32>,
    now: Timestamp,
) -> Result<Seat, Error> {
    let mut seats = SessionSeats::open(transaction, participant.session)?;
    let seat = seats.of_admitted(participant.player)?;
    if !seat.is_held(now) {
        seats.require_free(limit, now)?;
    }
    seats.put(seat.with_heartbeat(now))
}

/// Frees a player's seat, if there is one.
pub fn leave(transaction: &WriteTransaction, participant: Participant) -> Result<(), Error> {
    let mut seats = SessionSeats::open(transaction, participant.session)?;
    if let Some(seat) = seats.of(participant.player)? {
        seats.put(seat.freed())?;
    }
    Ok(())
}

/// The seat of a player who is admitted.
pub fn of_admitted(transaction: &WriteTransaction, participant: Participant) -> Result<Seat, Error> {
    SessionSeats::open(transaction, participant.session)?.of_admitted(participant.player)
}

/// Counts one more attempt of a player, who may have left the session by now.
pub fn count_attempt(
    transaction: &WriteTransaction,
    participant: Participant,
    max_attempts: Option<u32>,
) -> Result<Seat, Error> {
    let mut seats = SessionSeats::open(transaction, participant.session)?;
    let seat = seats.of(participant.player)?.ok_or(Error::Refused(RegistryError::NoSeat))?;
    seats.put(seat.with_attempt(max_attempts).map_err(Error::Refused)?)
}

/// Gives a player a nickname.
pub fn rename(transaction: &WriteTransaction, participant: Participant, nickname: Nickname) -> Result<Seat, Error> {
    let mut seats = SessionSeats::open(transaction, participant.session)?;
    let seat = seats.of(participant.player)?.ok_or(Error::Refused(RegistryError::NoSeat))?;
    seats.claim_nickname(participant.player, Some(&seat.nickname), &nickname)?;
    seats.put(seat.with_given_nickname(nickname))
}

/// Removes a player for a reason, or admits the player again.
pub fn remove(transaction: &WriteTransaction, participant: Participant, reason: Option<String>) -> Result<Seat, Error> {
    let mut seats = SessionSeats::open(transaction, participant.session)?;
    let seat = seats.of(participant.player)?.ok_or(Error::Refused(RegistryError::NoSeat))?;
    seats.put(seat.with_removal(reason))
}

/// The seats and nicknames of one session in a write transaction.
struct SessionSeats<'t> {
    session: SessionId,
    seats: Table<'t, (u64, u64), &'static [u8]>,
    nicknames: Table<'t, (u64, &'static str), u64>,
}

impl<'t> SessionSeats<'t> {
    fn open(transaction: &'t WriteTransaction, session: SessionId) -> Result<SessionSeats<'t>, Error> {
        let seats = transaction.open_table(SEATS)?;
        let nicknames = transaction.open_table(NICKNAMES)?;
        Ok(SessionSeats { session, seats, nicknames })
    }

    fn of(&self, player: PlayerId) -> Result<Option<Seat>, Error> {
        read_seat(&self.seats, Participant { session: self.session, player })
    }

    fn of_admitted(&self, player: PlayerId) -> Result<Seat, Error> {
        Seat::require_admitted(self.of(player)?).map_err(Error::Refused)
    }

    fn put(&mut self, seat: Seat) -> Result<Seat, Error> {
        self.seats.insert((self.session.0, seat.player.0), encode(&seat)?.as_slice())?;
        Ok(seat)
    }

    /// Checks that fewer than `limit` seats are held.
    fn require_free(&self, limit: Option<u32>, now: Timestamp) -> Result<(), Error> {
        let Some(limit) = limit else {
            return Ok(());
        };
        let held = read_seats(&self.seats, self.session)?.iter().filter(|seat| seat.is_held(now)).count();
        if held < limit as usize { Ok(()) } else { Err(Error::Refused(RegistryError::SeatsTaken)) }
    }

    /// Gives a player a nickname that no other player has, and frees the player's earlier one.
    fn claim_nickname(
        &mut self,
        player: PlayerId,
        before: Option<&Nickname>,
        nickname: &Nickname,
    ) -> Result<(), Error> {
        let folded = nickname.folded();
        let owner = self.nicknames.get((self.session.0, &*folded))?.map(|owner| owner.value());
        if owner.is_some_and(|owner| owner != player.0) {
            return Err(Error::Refused(RegistryError::NicknameTaken));
        }
        if let Some(before) = before {
            self.nicknames.remove((self.session.0, &*before.folded()))?;
        }
        self.nicknames.insert((self.session.0, &*folded), player.0)?;
        Ok(())
    }
}

fn read_seat(
    table: &impl ReadableTable<(u64, u64), &'static [u8]>,
    participant: Participant,
) -> Result<Option<Seat>, Error> {
    let row = table.get((participant.session.0, participant.player.0))?;
    row.map(|row| decode(row.value())).transpose()
}

fn read_seats(table: &impl ReadableTable<(u64, u64), &'static [u8]>, session: SessionId) -> Result<Vec<Seat>, Error> {
    let rows = table.range((session.0, 0)..=(session.0, u64::MAX))?;
    rows.map(|entry| decode(entry?.1.value())).collect()
}
