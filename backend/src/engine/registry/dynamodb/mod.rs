//! The registry on DynamoDB: a table `PREFIX-registry`. Each row is written on the condition that it is as it was read.
//!
//! | Row                  | `pk`             | `sk`            | Read by                           |
//! | -------------------- | ---------------- | --------------- | --------------------------------- |
//! | account              | `account/NAME`   | `-`             | its key                           |
//! | account of a player  | `player/PLAYER`  | `-`             | its key                           |
//! | grant                | `grant/HASH`     | `-`             | its key; deleted after its expiry |
//! | session              | `sessions`       | `SESSION`       | its key; all in one query         |
//! | session of a code    | `code/CODE`      | `-`             | its key                           |
//! | seat                 | `seats/SESSION`  | `PLAYER`        | its key; all in one query         |
//! | seat slot            | `places/SESSION` | `NUMBER`        | its key                           |
//! | nickname             | `names/SESSION`  | folded nickname | its key                           |
//! | tickets of a player  | `tickets/SESSION`| `PLAYER`        | its key                           |
//!
//! A read or write of a row costs one unit of capacity per kilobyte. One transaction takes a seat, and one uses a
//! ticket.

mod seats;

use async_trait::async_trait;
use aws_config::SdkConfig;
use aws_sdk_dynamodb::operation::create_table::builders::CreateTableFluentBuilder;
use serde::{Serialize, de::DeserializeOwned};
use shared::{
    account::AccountName,
    ids::{GameId, PlayerId},
    nickname::Nickname,
    session::{JoinCode, Participant, SessionId},
    time::Timestamp,
};
use tokio::sync::Semaphore;

use self::seats::SessionSeats;
use super::{
    Account, Grant, GrantKey, NumberedTicket, Registry, RegistryError, Seat, SeatRequest, SeatRules, Session,
    TicketNumber, TicketRequest, TicketRow, Version,
};
use crate::engine::{
    dynamodb::{Condition, DynamoError, Item, Key, Range, Table, Write},
    error::OperationError,
};

/// The partition of all sessions.
const SESSIONS: &str = "sessions";
/// Maximum number of seat requests that this server handles at the same time. Further ones wait. Without this limit most
/// of their transactions conflict at the start of a session, because they request the same slots.
const MAX_CONCURRENT_SEAT_REQUESTS: usize = 16;

/// The registry on DynamoDB.
pub struct DynamoRegistry {
    table: Table,
    seat_requests: Semaphore,
}

impl DynamoRegistry {
    /// Opens the table whose name begins with `prefix`. If it does not exist and `create` is set, creates it.
    ///
    /// # Errors
    /// [`RegistryError::Engine`] if it does not exist, or DynamoDB fails.
    pub async fn open(config: &SdkConfig, prefix: &str, create: bool) -> Result<DynamoRegistry, RegistryError> {
        let table = Table::new(config, format!("{prefix}-registry"));
        let without_indexes = |request: CreateTableFluentBuilder| Ok(request);
        table.ensure(create.then_some(without_indexes)).await?;
        Ok(DynamoRegistry { table, seat_requests: Semaphore::new(MAX_CONCURRENT_SEAT_REQUESTS) })
    }

    fn seats_of(&self, session: SessionId) -> SessionSeats<'_> {
        SessionSeats::new(&self.table, session)
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

/// Writes the version of a row that follows version `from`, on the condition that the table holds `from`.
fn put_next(key: &Key, row: &impl Serialize, from: Option<u64>) -> Result<Write, DynamoError> {
    let item = Item::new(key, row)?.with_version(from.map_or(0, |from| from + 1));
    Ok(Write::Put(item, Condition::unchanged(from)))
}

fn read_versioned<T: DeserializeOwned>(item: &Item) -> Result<(T, Version), RegistryError> {
    Ok((item.row()?, Version(item.version()?)))
}

#[async_trait]
impl Registry for DynamoRegistry {
    async fn account(&self, name: &AccountName) -> Result<Option<(Account, Version)>, RegistryError> {
        self.table.get(&account_key(name.as_str())).await?.as_ref().map(read_versioned).transpose()
    }

    async fn account_by_player(&self, player: PlayerId) -> Result<Option<(Account, Version)>, RegistryError> {
        match self.table.get(&player_key(player)).await? {
            Some(item) => self.account(&item.row()?).await,
            None => Ok(None),
        }
    }

    async fn put_account(&self, account: Account, from: Option<Version>) -> Result<(), RegistryError> {
        let put = put_next(&account_key(account.name.as_str()), &account, from.map(|Version(from)| from))?;
        let pointer = Item::new(&player_key(account.player), &account.name)?;
        Ok(self.table.transact(vec![put, Write::Put(pointer, Condition::Any)]).await?)
    }

    async fn put_grant(&self, key: GrantKey, grant: Grant) -> Result<(), RegistryError> {
        let item = Item::new(&grant_key(&key), &grant)?.with_expiry(grant.expires_at.0 / 1000);
        Ok(self.table.put(item, Condition::Any).await?)
    }

    async fn take_grant(&self, key: GrantKey) -> Result<Option<Grant>, RegistryError> {
        let taken = self.table.take(&grant_key(&key)).await?;
        Ok(taken.map(|item| item.row()).transpose()?)
    }

    async fn session(&self, session: SessionId) -> Result<Option<(Session, Version)>, RegistryError> {
        self.table.get(&session_key(session)).await?.as_ref().map(read_versioned).transpose()
    }

    async fn session_by_code(&self, code: &JoinCode) -> Result<Option<(Session, Version)>, RegistryError> {
        match self.table.get(&code_key(code)).await? {
            Some(item) => self.session(item.row()?).await,
            None => Ok(None),
        }
    }

    async fn sessions(&self) -> Result<Vec<(Session, Version)>, RegistryError> {
        self.table.query(SESSIONS, Range::All).await?.iter().map(read_versioned).collect()
    }

    async fn put_session(&self, session: Session, from: Option<Version>) -> Result<(), RegistryError> {
        let mut writes = vec![put_next(&session_key(session.id), &session, from.map(|Version(from)| from))?];
        // A session keeps its code, so only a new one claims it.
        if from.is_none() {
            writes.push(Write::Put(Item::new(&code_key(&session.code), &session.id)?, Condition::Absent));
        }
        Ok(self.table.transact(writes).await?)
    }

    async fn take_seat(&self, request: SeatRequest) -> Result<Seat, RegistryError> {
        let permit = self.seat_requests.acquire().await;
        let _permit = permit.map_err(|closed| OperationError::new("take a seat", closed))?;
        self.seats_of(request.session).take(&request).await
    }

    async fn heartbeat(
        &self,
        participant: Participant,
        rules: SeatRules,
        now: Timestamp,
    ) -> Result<Seat, RegistryError> {
        self.seats_of(participant.session).heartbeat(participant.player, rules, now).await
    }

    async fn leave(&self, participant: Participant) -> Result<(), RegistryError> {
        match self.seats_of(participant.session).change(participant.player, Seat::freed).await {
            Ok(_) | Err(RegistryError::NoSeat) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn issue_ticket(&self, request: TicketRequest) -> Result<NumberedTicket, RegistryError> {
        self.seats_of(request.participant.session).issue_ticket(&request).await
    }

    async fn use_ticket(
        &self,
        participant: Participant,
        game: GameId,
        number: TicketNumber,
        max_attempts: Option<u32>,
    ) -> Result<(), RegistryError> {
        self.seats_of(participant.session).use_ticket(participant.player, game, number, max_attempts).await
    }

    async fn tickets(&self, participant: Participant) -> Result<TicketRow, RegistryError> {
        self.seats_of(participant.session).tickets(participant.player).await
    }

    async fn rename(
        &self,
        participant: Participant,
        nickname: Nickname,
        now: Timestamp,
    ) -> Result<Seat, RegistryError> {
        self.seats_of(participant.session).rename(participant.player, &nickname, now).await
    }

    async fn remove(&self, participant: Participant, reason: String) -> Result<Seat, RegistryError> {
        let remove = |seat: Seat| seat.with_removal(reason.clone());
        self.seats_of(participant.session).change(participant.player, remove).await
    }

    async fn approve(&self, participant: Participant) -> Result<Seat, RegistryError> {
        self.seats_of(participant.session).change(participant.player, Seat::with_approval).await
    }

    async fn seat(&self, participant: Participant) -> Result<Option<Seat>, RegistryError> {
        Ok(self.seats_of(participant.session).read(participant.player).await?.map(|stored| stored.seat))
    }

    async fn seats(&self, session: SessionId) -> Result<Vec<Seat>, RegistryError> {
        let stored = self.seats_of(session).read_all().await?;
        let mut seats: Vec<Seat> = stored.into_iter().map(|stored| stored.seat).collect();
        seats.sort_by_key(|seat| (seat.taken_at, seat.player));
        Ok(seats)
    }
}

impl From<DynamoError> for RegistryError {
    fn from(error: DynamoError) -> RegistryError {
        match error {
            DynamoError::Conflict => RegistryError::Conflict,
            other => OperationError::new("use the registry on DynamoDB", other).into(),
        }
    }
}
