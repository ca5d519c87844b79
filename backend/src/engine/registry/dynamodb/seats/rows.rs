//! The rows of seats.

use serde::{Deserialize, Serialize};
use shared::ids::PlayerId;

use super::{super::put_next, SessionSeats};
use crate::engine::{
    dynamodb::{Item, Key, Range, Write},
    registry::{RegistryError, Seat},
};

/// A seat as the table holds it.
#[derive(Debug, Clone)]
pub struct StoredSeat {
    /// The seat.
    pub seat: Seat,
    /// The number of its slot, from 0. `None` if the session has no limit.
    pub slot: Option<u32>,
    /// The row's version.
    pub version: u64,
}

#[derive(Serialize, Deserialize)]
struct SeatRow {
    #[serde(flatten)]
    seat: Seat,
    #[serde(rename = "place")]
    slot: Option<u32>,
}

impl StoredSeat {
    fn of(item: &Item) -> Result<StoredSeat, RegistryError> {
        let SeatRow { seat, slot } = item.row()?;
        Ok(StoredSeat { seat, slot, version: item.version()? })
    }
}

impl SessionSeats<'_> {
    /// A player's seat.
    pub async fn read(&self, player: PlayerId) -> Result<Option<StoredSeat>, RegistryError> {
        self.table.get(&self.seat_key(player)).await?.as_ref().map(StoredSeat::of).transpose()
    }

    /// All seats.
    pub async fn read_all(&self) -> Result<Vec<StoredSeat>, RegistryError> {
        self.table.query(&self.seats_pk(), Range::All).await?.iter().map(StoredSeat::of).collect()
    }

    /// The write of a seat, on the condition that it is still `before`.
    pub fn put_seat(
        &self,
        before: Option<&StoredSeat>,
        seat: &Seat,
        slot: Option<u32>,
    ) -> Result<Write, RegistryError> {
        let row = SeatRow { seat: seat.clone(), slot };
        Ok(put_next(&self.seat_key(seat.player), &row, before.map(|stored| stored.version))?)
    }

    /// The key of a player's seat.
    pub fn seat_key(&self, player: PlayerId) -> Key {
        Key::new(self.seats_pk(), player.to_string())
    }

    fn seats_pk(&self) -> String {
        format!("seats/{}", self.session)
    }
}
