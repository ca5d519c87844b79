//! Nicknames, each of one player of the session.

use shared::ids::PlayerId;

use super::SessionSeats;
use crate::engine::{
    dynamodb::{Condition, Item, Key, Write},
    registry::{RegistryError, Seat},
};

impl SessionSeats<'_> {
    /// Adds the writes that give the nickname of a seat to its player, and free the nickname of the seat `before`.
    pub async fn claim_nickname(
        &self,
        before: Option<&Seat>,
        seat: &Seat,
        writes: &mut Vec<Write>,
    ) -> Result<(), RegistryError> {
        let earlier = before.map(|before| before.nickname.folded());
        let folded = seat.nickname.folded();
        if earlier.as_ref() == Some(&folded) {
            return Ok(());
        }
        let key = self.nickname_key(&folded);
        match self.table.get(&key).await? {
            Some(owner) if owner.row::<PlayerId>()? != seat.player => return Err(RegistryError::NicknameTaken),
            Some(_) => {}
            None => writes.push(Write::Put(Item::new(&key, &seat.player)?, Condition::Absent)),
        }
        if let Some(earlier) = earlier {
            let is_owner = Condition::equals(&seat.player)?;
            writes.push(Write::Delete(self.nickname_key(&earlier), is_owner));
        }
        Ok(())
    }

    fn nickname_key(&self, folded: &str) -> Key {
        Key::new(format!("names/{}", self.session), folded)
    }
}
