//! Seats and nicknames. One thread writes them, so a transaction can count the held seats of its session.

use redb::{Database, ReadableDatabase, ReadableTable, Table, TableDefinition, WriteTransaction};
use shared::{
    ids::PlayerId,
    nickname::Nickname,
    session::{Approval, Participant, SessionId},
    time::Timestamp,
};

use super::Error;
use crate::engine::{
    redb_tables::{decode, encode},
    registry::{RegistryError, Seat, SeatRequest, SeatRules},
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

/// Gives a player a seat with a nickname, or lets the player wait.
pub fn take(transaction: &WriteTransaction, request: SeatRequest) -> Result<Seat, Error> {
    let mut seats = SessionSeats::open(transaction, request.session)?;
    let (rules, now) = (request.rules, request.now);
    let before = seats.of(request.player)?;
    let seat = request.seat(before.clone()).map_err(Error::Refused)?;
    let replaced = match (seat.approval, &before) {
        (Approval::Approved, _) => {
            seats.require_free(before.as_ref(), rules, now)?;
            None
        }
        (Approval::Waiting, None) => seats.find_waiting_place(rules, now)?,
        (Approval::Waiting, Some(_)) => None,
    };
    let last_owner = seats.require_nickname(&seat, now)?;
    for abandoned in replaced.iter().chain(&last_owner) {
        seats.delete(abandoned)?;
    }
    seats.give_nickname(before.as_ref(), &seat)?;
    seats.put(seat)
}

/// Records a heartbeat.
pub fn heartbeat(
    transaction: &WriteTransaction,
    participant: Participant,
    rules: SeatRules,
    now: Timestamp,
) -> Result<Seat, Error> {
    let mut seats = SessionSeats::open(transaction, participant.session)?;
    let before = seats.of_not_removed(participant.player)?;
    let seat = before.clone().with_heartbeat(rules.admission, now);
    match seat.approval {
        Approval::Approved => seats.require_free(Some(&before), rules, now)?,
        Approval::Waiting => {}
    }
    seats.put(seat)
}

/// Frees a player's seat, if there is one.
pub fn leave(transaction: &WriteTransaction, participant: Participant) -> Result<(), Error> {
    let mut seats = SessionSeats::open(transaction, participant.session)?;
    if let Some(seat) = seats.of(participant.player)? {
        seats.put(seat.freed())?;
    }
    Ok(())
}

/// The seat of a player who is not removed.
pub fn of_not_removed(transaction: &WriteTransaction, participant: Participant) -> Result<Seat, Error> {
    SessionSeats::open(transaction, participant.session)?.of_not_removed(participant.player)
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
pub fn rename(
    transaction: &WriteTransaction,
    participant: Participant,
    nickname: &Nickname,
    now: Timestamp,
) -> Result<Seat, Error> {
    let mut seats = SessionSeats::open(transaction, participant.session)?;
    let before = seats.of(participant.player)?.ok_or(Error::Refused(RegistryError::NoSeat))?;
    let seat = before.clone().with_given_nickname(nickname.clone());
    if let Some(last_owner) = seats.require_nickname(&seat, now)? {
        seats.delete(&last_owner)?;
    }
    seats.give_nickname(Some(&before), &seat)?;
    seats.put(seat)
}

/// Changes a player's seat, but neither its player nor its nickname.
pub fn change(
    transaction: &WriteTransaction,
    participant: Participant,
    change: impl FnOnce(Seat) -> Seat,
) -> Result<Seat, Error> {
    let mut seats = SessionSeats::open(transaction, participant.session)?;
    let seat = seats.of(participant.player)?.ok_or(Error::Refused(RegistryError::NoSeat))?;
    seats.put(change(seat))
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

    fn of_not_removed(&self, player: PlayerId) -> Result<Seat, Error> {
        Seat::require_not_removed(self.of(player)?).map_err(Error::Refused)
    }

    fn put(&mut self, seat: Seat) -> Result<Seat, Error> {
        self.seats.insert((self.session.0, seat.player.0), encode(&seat)?.as_slice())?;
        Ok(seat)
    }

    /// Deletes a seat and frees its nickname.
    fn delete(&mut self, seat: &Seat) -> Result<(), Error> {
        self.seats.remove((self.session.0, seat.player.0))?;
        self.nicknames.remove((self.session.0, &*seat.nickname.folded()))?;
        Ok(())
    }

    /// Checks that the player holds a seat, or that one is free.
    fn require_free(&self, before: Option<&Seat>, rules: SeatRules, now: Timestamp) -> Result<(), Error> {
        let Some(limit) = rules.seats.filter(|_| !before.is_some_and(|seat| seat.is_held(now))) else {
            return Ok(());
        };
        let held = read_seats(&self.seats, self.session)?.iter().filter(|seat| seat.is_held(now)).count();
        if held < limit as usize { Ok(()) } else { Err(Error::Refused(RegistryError::SeatsTaken)) }
    }

    /// Checks that one more player may wait. If as many wait as may, returns the abandoned seat to delete: the one without a
    /// heartbeat for the longest time.
    fn find_waiting_place(&self, rules: SeatRules, now: Timestamp) -> Result<Option<Seat>, Error> {
        let mut waiting = read_seats(&self.seats, self.session)?;
        waiting.retain(Seat::is_waiting);
        if waiting.len() < rules.max_waiting as usize {
            return Ok(None);
        }
        let abandoned = waiting.into_iter().filter(|seat| seat.is_abandoned(now)).min_by_key(|seat| seat.seen_at);
        abandoned.map(Some).ok_or(Error::Refused(RegistryError::TooManyWaiting))
    }

    /// Checks that no other player has the nickname of a seat. Returns the abandoned seat to delete, if one has it.
    fn require_nickname(&self, seat: &Seat, now: Timestamp) -> Result<Option<Seat>, Error> {
        let owner = self.nicknames.get((self.session.0, &*seat.nickname.folded()))?;
        match owner.map(|owner| PlayerId(owner.value())).filter(|owner| *owner != seat.player) {
            Some(owner) => match self.of(owner)?.filter(|seat| seat.is_abandoned(now)) {
                Some(abandoned) => Ok(Some(abandoned)),
                None => Err(Error::Refused(RegistryError::NicknameTaken)),
            },
            None => Ok(None),
        }
    }

    /// Gives the nickname of a seat to its player, and frees the nickname of the seat `before`.
    fn give_nickname(&mut self, before: Option<&Seat>, seat: &Seat) -> Result<(), Error> {
        if let Some(before) = before {
            self.nicknames.remove((self.session.0, &*before.nickname.folded()))?;
        }
        self.nicknames.insert((self.session.0, &*seat.nickname.folded()), seat.player.0)?;
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
