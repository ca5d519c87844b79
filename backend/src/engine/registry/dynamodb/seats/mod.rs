//! The seats, nicknames and tickets of one session.
//!
//! In a session with a limited number of seats, each held seat has a seat slot: a number below the limit that no other
//! held seat has. So no row counts the seats, and players that join at the same time do not write the same row.

mod nicknames;
mod rows;
mod slots;
mod tickets;

use std::time::Duration;

use backon::{ConstantBuilder, Retryable};
use shared::{ids::PlayerId, nickname::Nickname, session::SessionId, time::Timestamp};

use crate::engine::{
    dynamodb::{Table, Write},
    registry::{RegistryError, Seat, SeatRequest},
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

    /// Gives a player a seat with a nickname.
    pub async fn take(&self, request: &SeatRequest) -> Result<Seat, RegistryError> {
        retry_on_conflict(|| self.try_take(request)).await
    }

    async fn try_take(&self, request: &SeatRequest) -> Result<Seat, RegistryError> {
        let before = self.read(request.player).await?;
        let seat_before = before.as_ref().map(|stored| stored.seat.clone());
        if seat_before.is_some() {
            Seat::require_admitted(seat_before.clone())?;
        }
        let mut writes = Vec::new();
        let slot = self.choose_slot(before.as_ref(), request.player, request.seats, request.now, &mut writes).await?;
        let seat = request.clone().seat(seat_before.clone());
        self.claim_nickname(seat_before.as_ref(), &seat, &mut writes).await?;
        writes.push(self.put_seat(before.as_ref(), &seat, slot)?);
        self.table.transact(writes).await?;
        Ok(seat)
    }

    /// Records a heartbeat. `limit` is the number of seats of the session.
    pub async fn heartbeat(&self, player: PlayerId, limit: Option<u32>, now: Timestamp) -> Result<Seat, RegistryError> {
        retry_on_conflict(|| self.try_heartbeat(player, limit, now)).await
    }

    async fn try_heartbeat(&self, player: PlayerId, limit: Option<u32>, now: Timestamp) -> Result<Seat, RegistryError> {
        let before = self.read(player).await?;
        let seat = Seat::require_admitted(before.as_ref().map(|stored| stored.seat.clone()))?;
        if seat.is_held(now) && now.millis_since(seat.seen_at) < HEARTBEAT_WRITE_MILLIS {
            return Ok(seat);
        }
        let mut writes = Vec::new();
        let slot = self.choose_slot(before.as_ref(), player, limit, now, &mut writes).await?;
        let seat = seat.with_heartbeat(now);
        writes.push(self.put_seat(before.as_ref(), &seat, slot)?);
        self.write(writes).await?;
        Ok(seat)
    }

    /// Changes a player's seat, and neither its slot nor its nickname's owner.
    pub async fn change(
        &self,
        player: PlayerId,
        change: impl Fn(Option<Seat>) -> Result<Seat, RegistryError> + Sync,
    ) -> Result<Seat, RegistryError> {
        retry_on_conflict(|| self.try_change(player, &change)).await
    }

    async fn try_change(
        &self,
        player: PlayerId,
        change: &(impl Fn(Option<Seat>) -> Result<Seat, RegistryError> + Sync),
    ) -> Result<Seat, RegistryError> {
        let before = self.read(player).await?;
        let seat = change(before.as_ref().map(|stored| stored.seat.clone()))?;
        let slot = before.as_ref().and_then(|stored| stored.slot);
        self.write(vec![self.put_seat(before.as_ref(), &seat, slot)?]).await?;
        Ok(seat)
    }

    /// Gives a player a nickname.
    pub async fn rename(&self, player: PlayerId, nickname: &Nickname) -> Result<Seat, RegistryError> {
        retry_on_conflict(|| self.try_rename(player, nickname)).await
    }

    async fn try_rename(&self, player: PlayerId, nickname: &Nickname) -> Result<Seat, RegistryError> {
        let before = self.read(player).await?.ok_or(RegistryError::NoSeat)?;
        let seat = before.seat.clone().with_given_nickname(nickname.clone());
        let mut writes = Vec::new();
        self.claim_nickname(Some(&before.seat), &seat, &mut writes).await?;
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
