//! One session's seats and nicknames. Where seats are counted they have numbered places, each of which one seat has at
//! most: so no row counts the others, and players who come at once do not wait for each other.

use std::{collections::HashSet, time::Duration};

use serde::{Deserialize, Serialize};
use shared::{ids::PlayerId, nickname::Nickname, session::SessionId, time::Timestamp};

use super::next;
use crate::engine::{
    dynamodb::{Condition, Item, Key, Range, Table, Write},
    registry::{RegistryError, Seat, SeatRequest},
};

/// Tries for a place that others want, too: each one that fails, somebody else's succeeds.
const TRIES: usize = 200;
/// Between two of them, at most.
const PAUSE: Duration = Duration::from_millis(60);
/// A browser's sign of life is written down where the last one is so old, milliseconds: well before the seat is lost.
const HEARTBEAT_WRITE_MILLIS: u64 = 10_000;

/// A session's seats.
pub struct Room<'t> {
    table: &'t Table,
    session: SessionId,
}

/// A seat as it is kept.
#[derive(Debug, Clone)]
pub struct Taken {
    /// The seat.
    pub seat: Seat,
    /// Its place, where seats are counted.
    place: Option<u32>,
    version: u64,
}

#[derive(Serialize, Deserialize)]
struct SeatRow {
    #[serde(flatten)]
    seat: Seat,
    place: Option<u32>,
}

impl Taken {
    fn of(item: &Item) -> Result<Taken, RegistryError> {
        let SeatRow { seat, place } = item.row()?;
        Ok(Taken { seat, place, version: item.version()? })
    }
}

impl<'t> Room<'t> {
    /// The seats of a session.
    pub fn new(table: &'t Table, session: SessionId) -> Room<'t> {
        Room { table, session }
    }

    /// A player's seat.
    pub async fn read(&self, player: PlayerId) -> Result<Option<Taken>, RegistryError> {
        self.table.get(&self.seat_key(player)).await?.as_ref().map(Taken::of).transpose()
    }

    /// All seats.
    pub async fn read_all(&self) -> Result<Vec<Taken>, RegistryError> {
        self.table.rows(&format!("seats/{}", self.session), Range::All).await?.iter().map(Taken::of).collect()
    }

    /// Gives a player a seat, with the nickname.
    pub async fn take(&self, request: &SeatRequest) -> Result<Seat, RegistryError> {
        retry_on_conflict(|| self.try_to_take(request)).await
    }

    async fn try_to_take(&self, request: &SeatRequest) -> Result<Seat, RegistryError> {
        let before = self.read(request.player).await?;
        let seated = before.as_ref().map(|taken| taken.seat.clone());
        if seated.is_some() {
            Seat::welcome(seated.clone())?;
        }
        let mut writes = Vec::new();
        let place = self.settle(before.as_ref(), request.player, request.seats, request.now, &mut writes).await?;
        let seat = request.clone().seat(seated.clone());
        self.claim(seated.as_ref(), &seat, &mut writes).await?;
        writes.push(self.put(before.as_ref(), &seat, place)?);
        self.table.transact(writes).await?;
        Ok(seat)
    }

    /// Hears of a player's browser.
    pub async fn heartbeat(&self, player: PlayerId, seats: Option<u32>, now: Timestamp) -> Result<Seat, RegistryError> {
        retry_on_conflict(|| self.try_heartbeat(player, seats, now)).await
    }

    async fn try_heartbeat(&self, player: PlayerId, seats: Option<u32>, now: Timestamp) -> Result<Seat, RegistryError> {
        let before = self.read(player).await?;
        let seat = Seat::welcome(before.as_ref().map(|taken| taken.seat.clone()))?;
        if seat.is_held(now) && now.millis_since(seat.seen_at) < HEARTBEAT_WRITE_MILLIS {
            return Ok(seat);
        }
        let mut writes = Vec::new();
        let place = self.settle(before.as_ref(), player, seats, now, &mut writes).await?;
        let seat = seat.seen(now);
        writes.push(self.put(before.as_ref(), &seat, place)?);
        self.write(writes).await?;
        Ok(seat)
    }

    /// Changes a player's seat alone.
    pub async fn change(
        &self,
        player: PlayerId,
        change: impl Fn(Option<Seat>) -> Result<Seat, RegistryError> + Sync,
    ) -> Result<Seat, RegistryError> {
        retry_on_conflict(|| self.try_to_change(player, &change)).await
    }

    async fn try_to_change(
        &self,
        player: PlayerId,
        change: &(impl Fn(Option<Seat>) -> Result<Seat, RegistryError> + Sync),
    ) -> Result<Seat, RegistryError> {
        let before = self.read(player).await?;
        let seat = change(before.as_ref().map(|taken| taken.seat.clone()))?;
        let place = before.as_ref().and_then(|taken| taken.place);
        self.write(vec![self.put(before.as_ref(), &seat, place)?]).await?;
        Ok(seat)
    }

    /// Gives a player another nickname.
    pub async fn rename(&self, player: PlayerId, nickname: &Nickname) -> Result<Seat, RegistryError> {
        retry_on_conflict(|| self.try_to_rename(player, nickname)).await
    }

    async fn try_to_rename(&self, player: PlayerId, nickname: &Nickname) -> Result<Seat, RegistryError> {
        let before = self.read(player).await?.ok_or(RegistryError::NoSeat)?;
        let seat = before.seat.clone().renamed(nickname.clone());
        let mut writes = Vec::new();
        self.claim(Some(&before.seat), &seat, &mut writes).await?;
        writes.push(self.put(Some(&before), &seat, before.place)?);
        self.table.transact(writes).await?;
        Ok(seat)
    }

    /// The place of a player's seat: the one that is held, or a free one, where seats are counted.
    async fn settle(
        &self,
        before: Option<&Taken>,
        player: PlayerId,
        seats: Option<u32>,
        now: Timestamp,
        writes: &mut Vec<Write>,
    ) -> Result<Option<u32>, RegistryError> {
        let held = before.filter(|taken| taken.seat.is_held(now));
        match (held, seats) {
            (Some(taken), _) => Ok(taken.place),
            (None, None) => Ok(None),
            (None, Some(seats)) => Ok(Some(self.free_place(player, seats, now, writes).await?)),
        }
    }

    /// A free place, any of them, and what must hold for it to be the player's.
    async fn free_place(
        &self,
        player: PlayerId,
        seats: u32,
        now: Timestamp,
        writes: &mut Vec<Write>,
    ) -> Result<u32, RegistryError> {
        let all = self.read_all().await?;
        let held: HashSet<u32> =
            all.iter().filter(|taken| taken.seat.is_held(now)).filter_map(|taken| taken.place).collect();
        let free: Vec<u32> = (0..seats).filter(|place| !held.contains(place)).collect();
        let place = *free.get(chance(free.len())?).ok_or(RegistryError::SeatsTaken)?;
        let key = self.place_key(place);
        let item = self.table.get(&key).await?;
        let owner: Option<PlayerId> = item.as_ref().map(Item::row).transpose()?;
        let version = item.as_ref().map(Item::version).transpose()?;
        if let Some(owner) = owner.filter(|owner| *owner != player) {
            // Whoever is not among those that were read has just come.
            let last = all.iter().find(|taken| taken.seat.player == owner).ok_or(RegistryError::Conflict)?;
            if last.place == Some(place) {
                // Whoever had it last may come back in this very moment.
                writes.push(Write::Check(self.seat_key(owner), Condition::Version(last.version)));
            }
        }
        writes.push(Write::Put(next(&key, &player, version)?, Condition::as_read(version)));
        Ok(place)
    }

    /// Makes the nickname of a seat its player's, in place of an earlier one.
    async fn claim(&self, before: Option<&Seat>, seat: &Seat, writes: &mut Vec<Write>) -> Result<(), RegistryError> {
        let earlier = before.map(|before| before.nickname.folded());
        let folded = seat.nickname.folded();
        if earlier.as_ref() == Some(&folded) {
            return Ok(());
        }
        let key = self.name_key(&folded);
        match self.table.get(&key).await? {
            Some(owner) if owner.row::<PlayerId>()? != seat.player => return Err(RegistryError::NicknameTaken),
            Some(_) => {}
            None => writes.push(Write::Put(Item::new(&key, &seat.player)?, Condition::Absent)),
        }
        if let Some(earlier) = earlier {
            let mine = Condition::row(&seat.player).map_err(RegistryError::from)?;
            writes.push(Write::Delete(self.name_key(&earlier), mine));
        }
        Ok(())
    }

    fn put(&self, before: Option<&Taken>, seat: &Seat, place: Option<u32>) -> Result<Write, RegistryError> {
        let from = before.map(|taken| taken.version);
        let row = SeatRow { seat: seat.clone(), place };
        Ok(Write::Put(next(&self.seat_key(seat.player), &row, from)?, Condition::as_read(from)))
    }

    /// One write costs half of what a transaction does.
    async fn write(&self, mut writes: Vec<Write>) -> Result<(), RegistryError> {
        match (writes.pop(), writes.is_empty()) {
            (Some(Write::Put(item, condition)), true) => Ok(self.table.put(item, condition).await?),
            (last, _) => Ok(self.table.transact(writes.into_iter().chain(last).collect()).await?),
        }
    }

    fn seat_key(&self, player: PlayerId) -> Key {
        Key::new(format!("seats/{}", self.session), player.to_string())
    }

    fn place_key(&self, place: u32) -> Key {
        Key::new(format!("places/{}", self.session), place.to_string())
    }

    fn name_key(&self, folded: &str) -> Key {
        Key::new(format!("names/{}", self.session), folded)
    }
}

/// Does it again for as long as others change the same rows.
async fn retry_on_conflict<T, F>(work: impl Fn() -> F) -> Result<T, RegistryError>
where
    F: Future<Output = Result<T, RegistryError>>,
{
    for _ in 0..TRIES {
        match work().await {
            Err(RegistryError::Conflict) => {}
            done => return done,
        }
        tokio::time::sleep(PAUSE.mul_f64(chance(1000)? as f64 / 1000.0)).await;
    }
    Err(RegistryError::Conflict)
}

/// Any number below that one; 0 below 0.
fn chance(below: usize) -> Result<usize, RegistryError> {
    let random = getrandom::u32().map_err(|error| RegistryError::Engine(error.to_string()))?;
    Ok(random as usize % below.max(1))
}
