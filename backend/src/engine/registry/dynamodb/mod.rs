//! The registry on DynamoDB: a table `PREFIX-registry`, each row written on the condition that it is as it was read.
//!
//! | what                | `pk`             | `sk`              | read by                          |
//! | ------------------- | ---------------- | ----------------- | -------------------------------- |
//! | account             | `account/NAME`   | `-`               | its key                          |
//! | a player's account  | `player/PLAYER`  | `-`               | its key                          |
//! | grant               | `grant/HASH`     | `-`               | its key; thrown away when worn out |
//! | session             | `sessions`       | `SESSION`         | its key; all in one query        |
//! | session of a code   | `code/CODE`      | `-`               | its key                          |
//! | seat                | `seats/SESSION`  | `PLAYER`          | its key; all in one query        |
//! | place of a seat     | `places/SESSION` | `NUMBER`          | its key                          |
//! | nickname            | `names/SESSION`  | folded nickname   | its key                          |
//!
//! Each is read and written whole, one unit of capacity a kilobyte; a seat is taken by one transaction.

mod room;

use async_trait::async_trait;
use aws_config::SdkConfig;
use aws_sdk_dynamodb::operation::create_table::builders::CreateTableFluentBuilder;
use serde::Serialize;
use shared::{
    account::AccountName,
    ids::PlayerId,
    nickname::Nickname,
    session::{JoinCode, Participant, SessionId},
    time::Timestamp,
};
use tokio::sync::Semaphore;

use self::room::Room;
use super::{Account, Grant, GrantKey, Registry, RegistryError, Seat, SeatRequest, Session, Version};
use crate::engine::dynamodb::{Condition, DynamoError, Item, Key, Range, Table, Write};

/// The partition of all sessions.
const SESSIONS: &str = "sessions";

/// Players who are given seats at once; others wait, since those who come at once want the same places.
const SEATED_AT_ONCE: usize = 16;

/// The registry on DynamoDB.
pub struct DynamoRegistry {
    table: Table,
    turns: Semaphore,
}

impl DynamoRegistry {
    /// Opens the registry; where it is not there, makes it, if asked to.
    ///
    /// # Errors
    /// Where it is not there, or cannot be reached.
    pub async fn open(config: &SdkConfig, prefix: &str, make: bool) -> Result<DynamoRegistry, RegistryError> {
        let table = Table::new(config, format!("{prefix}-registry"));
        let plain = |request: CreateTableFluentBuilder| Ok(request);
        table.ensure(make.then_some(plain)).await?;
        Ok(DynamoRegistry { table, turns: Semaphore::new(SEATED_AT_ONCE) })
    }

    fn room(&self, session: SessionId) -> Room<'_> {
        Room::new(&self.table, session)
    }
}

fn account_key(name: &str) -> Key {
    Key::alone(format!("account/{name}"))
}

fn player_key(player: PlayerId) -> Key {
    Key::alone(format!("player/{player}"))
}

fn grant_key(key: &GrantKey) -> Key {
    let hash: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    Key::alone(format!("grant/{hash}"))
}

fn session_key(session: SessionId) -> Key {
    Key::new(SESSIONS, session.to_string())
}

fn code_key(code: &JoinCode) -> Key {
    Key::alone(format!("code/{}", code.as_str()))
}

/// A row as it becomes.
fn next(key: &Key, row: &impl Serialize, from: Option<u64>) -> Result<Item, DynamoError> {
    Ok(Item::new(key, row)?.at_version(from.map_or(0, |from| from + 1)))
}

fn versioned<T: serde::de::DeserializeOwned>(item: &Item) -> Result<(T, Version), RegistryError> {
    Ok((item.row()?, Version(item.version()?)))
}

#[async_trait]
impl Registry for DynamoRegistry {
    async fn account(&self, name: &AccountName) -> Result<Option<(Account, Version)>, RegistryError> {
        self.table.get(&account_key(name.as_str())).await?.as_ref().map(versioned).transpose()
    }

    async fn account_by_player(&self, player: PlayerId) -> Result<Option<(Account, Version)>, RegistryError> {
        match self.table.get(&player_key(player)).await? {
            Some(item) => self.account(&item.row()?).await,
            None => Ok(None),
        }
    }

    async fn put_account(&self, account: Account, from: Option<Version>) -> Result<(), RegistryError> {
        let from = from.map(|Version(from)| from);
        let key = account_key(account.name.as_str());
        let pointer = Item::new(&player_key(account.player), &account.name)?;
        let writes = vec![
            Write::Put(next(&key, &account, from)?, Condition::as_read(from)),
            Write::Put(pointer, Condition::Free),
        ];
        Ok(self.table.transact(writes).await?)
    }

    async fn put_grant(&self, key: GrantKey, grant: Grant) -> Result<(), RegistryError> {
        let item = Item::new(&grant_key(&key), &grant)?.until(grant.expires_at.0 / 1000);
        Ok(self.table.put(item, Condition::Free).await?)
    }

    async fn take_grant(&self, key: GrantKey) -> Result<Option<Grant>, RegistryError> {
        let taken = self.table.take(&grant_key(&key)).await?;
        Ok(taken.map(|item| item.row()).transpose()?)
    }

    async fn session(&self, session: SessionId) -> Result<Option<(Session, Version)>, RegistryError> {
        self.table.get(&session_key(session)).await?.as_ref().map(versioned).transpose()
    }

    async fn session_by_code(&self, code: &JoinCode) -> Result<Option<(Session, Version)>, RegistryError> {
        match self.table.get(&code_key(code)).await? {
            Some(item) => self.session(item.row()?).await,
            None => Ok(None),
        }
    }

    async fn sessions(&self) -> Result<Vec<(Session, Version)>, RegistryError> {
        self.table.rows(SESSIONS, Range::All).await?.iter().map(versioned).collect()
    }

    async fn put_session(&self, session: Session, from: Option<Version>) -> Result<(), RegistryError> {
        let from = from.map(|Version(from)| from);
        let put = Write::Put(next(&session_key(session.id), &session, from)?, Condition::as_read(from));
        // A session keeps its code, so that only a new one has to claim it.
        let claim = match from {
            None => Some(Write::Put(Item::new(&code_key(&session.code), &session.id)?, Condition::Absent)),
            Some(_) => None,
        };
        Ok(self.table.transact([Some(put), claim].into_iter().flatten().collect()).await?)
    }

    async fn take_seat(&self, request: SeatRequest) -> Result<Seat, RegistryError> {
        let _turn = self.turns.acquire().await.map_err(|closed| RegistryError::Engine(closed.to_string()))?;
        self.room(request.session).take(&request).await
    }

    async fn heartbeat(
        &self,
        participant: Participant,
        seats: Option<u32>,
        now: Timestamp,
    ) -> Result<Seat, RegistryError> {
        self.room(participant.session).heartbeat(participant.player, seats, now).await
    }

    async fn leave(&self, participant: Participant) -> Result<(), RegistryError> {
        let left = |seat: Option<Seat>| seat.map(Seat::left).ok_or(RegistryError::NoSeat);
        match self.room(participant.session).change(participant.player, left).await {
            Ok(_) | Err(RegistryError::NoSeat) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn begin_attempt(
        &self,
        participant: Participant,
        most: Option<u32>,
        now: Timestamp,
    ) -> Result<Seat, RegistryError> {
        let begin = |seat| Seat::welcome(seat)?.begin_attempt(most, now);
        self.room(participant.session).change(participant.player, begin).await
    }

    async fn rename(&self, participant: Participant, nickname: Nickname) -> Result<Seat, RegistryError> {
        self.room(participant.session).rename(participant.player, &nickname).await
    }

    async fn remove(&self, participant: Participant, reason: Option<String>) -> Result<Seat, RegistryError> {
        let remove = |seat: Option<Seat>| Ok(seat.ok_or(RegistryError::NoSeat)?.removed(reason.clone()));
        self.room(participant.session).change(participant.player, remove).await
    }

    async fn seat(&self, participant: Participant) -> Result<Option<Seat>, RegistryError> {
        Ok(self.room(participant.session).read(participant.player).await?.map(|taken| taken.seat))
    }

    async fn seats(&self, session: SessionId) -> Result<Vec<Seat>, RegistryError> {
        let taken = self.room(session).read_all().await?;
        let mut seats: Vec<Seat> = taken.into_iter().map(|taken| taken.seat).collect();
        seats.sort_by_key(|seat| (seat.taken_at, seat.player));
        Ok(seats)
    }
}

impl From<DynamoError> for RegistryError {
    fn from(error: DynamoError) -> RegistryError {
        match error {
            DynamoError::Conflict => RegistryError::Conflict,
            other => RegistryError::Engine(other.to_string()),
        }
    }
}
