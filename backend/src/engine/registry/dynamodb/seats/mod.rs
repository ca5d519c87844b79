//! The seats, nicknames and tickets of one session.
//!
//! In a session with a limited number of seats, each held seat has a seat slot: a number below the limit that no other
//! held seat has. So no row counts the seats, and players that join at the same time do not write the same row.

mod nicknames;
mod rows;
mod slots;
mod tickets;
mod waiting;

use std::time::Duration;

use backon::{ConstantBuilder, Retryable};
use shared::{
    ids::PlayerId,
    nickname::Nickname,
    session::{Approval, SessionId},
    time::Timestamp,
};

use crate::engine::{
    dynamodb::{Table, Write},
    registry::{RegistryError, Seat, SeatRequest, SeatRules},
};

/// Maximum number of attempts to change rows that other requests change as well. An attempt fails only if another one
/// succeeds.
const MAX_ATTEMPTS: usize = 200;
/// The pause between two attempts: 20 to 40 ms.
const BACKOFF: ConstantBuilder =
    ConstantBuilder::new().with_delay(Duration::from_millis(20)).with_max_times(MAX_ATTEMPTS - 1).with_jitter();
/// A heartbeat is written only if the last one is this old, in milliseconds. This is well below the time after which a
/// seat is lost.
const HEARTBEAT_WRITE_MILLIS: u64 = 10_000;

/// The seats of a session.
pub struct SessionSeats<'t> {
    table: &'t Table,
    session: SessionId,
}

impl<'t> SessionSeats<'t> {
    /// The seats of a session in a table.
    pub fn new(table: &'t Table, session: SessionId) -> SessionSeats<'t> {
        SessionSeats { table, session }
    }

    /// Gives a player a seat with a nickname, or lets the player wait.
    pub async fn take(&self, request: &SeatRequest) -> Result<Seat, RegistryError> {
        retry_on_conflict(|| self.try_take(request)).await
    }

    async fn try_take(&self, request: &SeatRequest) -> Result<Seat, RegistryError> {
        let before = self.read(request.player).await?;
        let seat_before = before.as_ref().map(|stored| stored.seat.clone());
        let seat = request.clone().seat(seat_before.clone())?;
        let mut writes = Vec::new();
        let slot = match (seat.approval, &before) {
            (Approval::Approved, _) => {
                self.choose_slot(before.as_ref(), request.player, request.rules.seats, request.now, &mut writes).await?
            }
            (Approval::Waiting, None) => {
                self.free_waiting_place(request.rules, request.now).await?;
                None
            }
            (Approval::Waiting, Some(_)) => None,
        };
        self.claim_nickname(seat_before.as_ref(), &seat, request.now, &mut writes).await?;
        writes.push(self.put_seat(before.as_ref(), &seat, slot)?);
        self.table.transact(writes).await?;
        Ok(seat)
    }

    /// Records a heartbeat.
    pub async fn heartbeat(&self, player: PlayerId, rules: SeatRules, now: Timestamp) -> Result<Seat, RegistryError> {
        retry_on_conflict(|| self.try_heartbeat(player, rules, now)).await
    }

    async fn try_heartbeat(&self, player: PlayerId, rules: SeatRules, now: Timestamp) -> Result<Seat, RegistryError> {
        let before = self.read(player).await?;
        let seat_before = Seat::require_not_removed(before.as_ref().map(|stored| stored.seat.clone()))?;
        let seat = seat_before.clone().with_heartbeat(rules.admission, now);
        let is_recent = now.millis_since(seat_before.seen_at) < HEARTBEAT_WRITE_MILLIS;
        if is_recent && seat.approval == seat_before.approval {
            return Ok(seat_before);
        }
        let mut writes = Vec::new();
        let slot = match seat.approval {
            Approval::Approved => self.choose_slot(before.as_ref(), player, rules.seats, now, &mut writes).await?,
            Approval::Waiting => None,
        };
        writes.push(self.put_seat(before.as_ref(), &seat, slot)?);
        self.write(writes).await?;
        Ok(seat)
    }

    /// Changes a player's seat, and neither its slot nor its nickname's owner.
    pub async fn change(&self, player: PlayerId, change: impl Fn(Seat) -> Seat + Sync) -> Result<Seat, RegistryError> {
        retry_on_conflict(|| self.try_change(player, &change)).await
    }

    async fn try_change(
        &self,
        player: PlayerId,
        change: &(impl Fn(Seat) -> Seat + Sync),
    ) -> Result<Seat, RegistryError> {
        let before = self.read(player).await?.ok_or(RegistryError::NoSeat)?;
        let seat = change(before.seat.clone());
        self.write(vec![self.put_seat(Some(&before), &seat, before.slot)?]).await?;
        Ok(seat)
    }

    /// Gives a player a nickname.
    pub async fn rename(&self, player: PlayerId, nickname: &Nickname, now: Timestamp) -> Result<Seat, RegistryError> {
        retry_on_conflict(|| self.try_rename(player, nickname, now)).await
    }

    async fn try_rename(&self, player: PlayerId, nickname: &Nickname, now: Timestamp) -> Result<Seat, RegistryError> {
        let before = self.read(player).await?.ok_or(RegistryError::NoSeat)?;
        let seat = before.seat.clone().with_given_nickname(nickname.clone());
        let mut writes = Vec::new();
        self.claim_nickname(Some(&before.seat), &seat, now, &mut writes).await?;
        writes.push(self.put_seat(Some(&before), &seat, before.slot)?);
        self.table.transact(writes).await?;
        Ok(seat)
    }

    /// Applies writes. A single one costs half as much outside a transaction.
    async fn write(&self, mut writes: Vec<Write>) -> Result<(), RegistryError> {
        match (writes.pop(), writes.is_empty()) {
            (Some(Write::Put(item, condition)), true) => Ok(self.table.put(item, condition).await?),
            (last, _) => Ok(self.table.transact(writes.into_iter().chain(last).collect()).await?),
        }
    }
}

/// Repeats an attempt while other requests change the same rows.
async fn retry_on_conflict<T, F>(attempt: impl FnMut() -> F) -> Result<T, RegistryError>
where
    F: Future<Output = Result<T, RegistryError>>,
{
    attempt.retry(BACKOFF).when(|error| *error == RegistryError::Conflict).await
}
