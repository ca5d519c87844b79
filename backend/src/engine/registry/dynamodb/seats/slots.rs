//! Seat slots.

use std::collections::HashSet;

use shared::{ids::PlayerId, time::Timestamp};

use super::{super::put_next, SessionSeats, rows::StoredSeat};
use crate::engine::{
    dynamodb::{Condition, Item, Key, Write},
    registry::RegistryError,
};

impl SessionSeats<'_> {
    /// The slot of a player's seat: the one of the held seat, or a free one with the writes that claim it. `None` if the
    /// session has no limit.
    pub async fn choose_slot(
        &self,
        before: Option<&StoredSeat>,
        player: PlayerId,
        limit: Option<u32>,
        now: Timestamp,
        writes: &mut Vec<Write>,
    ) -> Result<Option<u32>, RegistryError> {
        let held = before.filter(|stored| stored.seat.is_held(now));
        match (held, limit) {
            (Some(stored), _) => Ok(stored.slot),
            (None, None) => Ok(None),
            (None, Some(limit)) => Ok(Some(self.claim_free_slot(player, limit, now, writes).await?)),
        }
    }

    /// Chooses a free slot at random, so that players that join at the same time choose different ones.
    async fn claim_free_slot(
        &self,
        player: PlayerId,
        limit: u32,
        now: Timestamp,
        writes: &mut Vec<Write>,
    ) -> Result<u32, RegistryError> {
        let seats = self.read_all().await?;
        let held: HashSet<u32> =
            seats.iter().filter(|stored| stored.seat.is_held(now)).filter_map(|stored| stored.slot).collect();
        let free = (0..limit).filter(|slot| !held.contains(slot));
        let slot = fastrand::choice(free.collect::<Vec<u32>>()).ok_or(RegistryError::SeatsTaken)?;
        let key = self.slot_key(slot);
        let item = self.table.get(&key).await?;
        let owner: Option<PlayerId> = item.as_ref().map(Item::row).transpose()?;
        if let Some(owner) = owner.filter(|owner| *owner != player) {
            writes.extend(self.check_owner_left(owner, slot, &seats)?);
        }
        let version = item.as_ref().map(Item::version).transpose()?;
        writes.push(put_next(&key, &player, version)?);
        Ok(slot)
    }

    /// The check that the last owner of a slot does not return before the transaction: a heartbeat would hold the seat
    /// again.
    fn check_owner_left(
        &self,
        owner: PlayerId,
        slot: u32,
        seats: &[StoredSeat],
    ) -> Result<Option<Write>, RegistryError> {
        // An owner without a seat joined after the seats were read.
        let seat = seats.iter().find(|stored| stored.seat.player == owner).ok_or(RegistryError::Conflict)?;
        let check = Write::Check(self.seat_key(owner), Condition::Version(seat.version));
        Ok((seat.slot == Some(slot)).then_some(check))
    }

    fn slot_key(&self, slot: u32) -> Key {
        Key::new(format!("places/{}", self.session), slot.to_string())
    }
}
