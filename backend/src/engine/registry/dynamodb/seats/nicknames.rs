//! Nicknames, each of one player of the session.

use shared::{ids::PlayerId, time::Timestamp};

use super::SessionSeats;
use crate::engine::{
    dynamodb::{Condition, Item, Key, Write},
    registry::{RegistryError, Seat},
};

impl SessionSeats<'_> {
    /// Adds the writes that give the nickname of a seat to its player, and free the nickname of the seat `before`. If an
    /// abandoned seat has the nickname, they delete that seat.
    pub async fn claim_nickname(
        &self,
        before: Option<&Seat>,
        seat: &Seat,
        now: Timestamp,
        writes: &mut Vec<Write>,
    ) -> Result<(), RegistryError> {
        let earlier = before.map(|before| before.nickname.folded());
        let folded = seat.nickname.folded();
        if earlier.as_ref() == Some(&folded) {
            return Ok(());
        }
        let key = self.nickname_key(&folded);
        let owner: Option<PlayerId> = self.table.get(&key).await?.as_ref().map(Item::row).transpose()?;
        match owner {
            Some(owner) if owner == seat.player => {}
            Some(owner) => {
                writes.push(self.delete_last_owner(owner, now).await?);
                writes.push(Write::Put(Item::new(&key, &seat.player)?, Condition::equals(&owner)?));
            }
            None => writes.push(Write::Put(Item::new(&key, &seat.player)?, Condition::Absent)),
        }
        if let Some(earlier) = earlier {
            let is_owner = Condition::equals(&seat.player)?;
            writes.push(Write::Delete(self.nickname_key(&earlier), is_owner));
        }
        Ok(())
    }

    /// Returns the write that deletes the seat of a nickname's owner, if it is abandoned.
    async fn delete_last_owner(&self, owner: PlayerId, now: Timestamp) -> Result<Write, RegistryError> {
        // Without a seat, the owner lost the nickname after it was read.
        let stored = self.read(owner).await?.ok_or(RegistryError::Conflict)?;
        if !stored.seat.is_abandoned(now) {
            return Err(RegistryError::NicknameTaken);
        }
        Ok(Write::Delete(self.seat_key(owner), Condition::Version(stored.version)))
    }

    /// The key of a nickname's owner.
    pub fn nickname_key(&self, folded: &str) -> Key {
        Key::new(format!("names/{}", self.session), folded)
    }
}
