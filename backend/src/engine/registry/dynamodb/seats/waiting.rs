//! Places for players who wait for approval: a session has a limited number of them.

use shared::time::Timestamp;

use super::{SessionSeats, rows::StoredSeat};
use crate::engine::{
    dynamodb::{Condition, Write},
    registry::{RegistryError, SeatRules},
};

impl SessionSeats<'_> {
    /// Checks that one more player may wait. If as many wait as may, deletes an abandoned seat. Players who join at the same
    /// time may exceed the limit by their number.
    pub async fn free_waiting_place(&self, rules: SeatRules, now: Timestamp) -> Result<(), RegistryError> {
        let mut waiting = self.read_all().await?;
        waiting.retain(|stored| stored.seat.is_waiting());
        if waiting.len() < rules.max_waiting as usize {
            return Ok(());
        }
        // A random one, so that players who join at the same time choose different ones.
        waiting.retain(|stored| stored.seat.is_abandoned(now));
        let abandoned = fastrand::choice(&waiting).ok_or(RegistryError::TooManyWaiting)?;
        self.delete(abandoned).await
    }

    /// Deletes a seat and frees its nickname.
    async fn delete(&self, stored: &StoredSeat) -> Result<(), RegistryError> {
        let seat = &stored.seat;
        let is_owner = Condition::equals(&seat.player)?;
        let writes = vec![
            Write::Delete(self.seat_key(seat.player), Condition::Version(stored.version)),
            Write::Delete(self.nickname_key(&seat.nickname.folded()), is_owner),
        ];
        Ok(self.table.transact(writes).await?)
    }
}
