//! Seat slots: the numbers, below a session's limit of seats, of which each held seat has one of its own.

use std::collections::HashSet;

use shared::{ids::PlayerId, time::Timestamp};

use super::{super::put_next, SessionSeats, rows::StoredSeat};
use crate::engine::{
    dynamodb::{Condition, Item, Key, Write},
    registry::RegistryError,
};

impl SessionSeats<'_> {
    /// Returns the slot for a player's seat. A held seat keeps its slot. Otherwise a free slot is chosen, and the writes that
    /// claim it are added to `writes`. `None` if the session has no limit.
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

    /// Returns a condition on the seat of a slot's last owner: it must not change before the transaction. A late heartbeat
    /// would hold that seat, and its slot, again. No condition is needed if the last owner has another slot by now.
    fn check_owner_left(
        &self,
        owner: PlayerId,
        slot: u32,
        seats: &[StoredSeat],
    ) -> Result<Option<Write>, RegistryError> {
        // If the owner has no seat here, it joined after the seats were read.
        let seat = seats.iter().find(|stored| stored.seat.player == owner).ok_or(RegistryError::Conflict)?;
        let check = Write::Check(self.seat_key(owner), Condition::Version(seat.version));
        Ok((seat.slot == Some(slot)).then_some(check))
    }

    fn slot_key(&self, slot: u32) -> Key {
        // Stored keys keep the earlier name of a slot.
        Key::new(format!("places/{}", self.session), slot.to_string())
    }
}
