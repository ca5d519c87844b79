//! The registry on one machine: tables in one file, each commit fsynced, and all writes that wait share one.

use std::{path::Path, sync::Arc, thread};

use async_trait::async_trait;
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition, WriteTransaction};
use serde::{Serialize, de::DeserializeOwned};
use shared::{
    account::AccountName,
    ids::PlayerId,
    nickname::Nickname,
    session::{JoinCode, Participant, SessionId},
    time::Timestamp,
};
use tokio::sync::{mpsc, oneshot};

use super::{Account, Grant, GrantKey, Registry, RegistryError, Seat, SeatRequest, Session, Version};

/// Rows as JSON, with their versions.
const ACCOUNTS: TableDefinition<&str, (u64, &[u8])> = TableDefinition::new("accounts");
/// The accounts' names by player.
const PLAYERS: TableDefinition<u64, &str> = TableDefinition::new("players");
const GRANTS: TableDefinition<&[u8], &[u8]> = TableDefinition::new("grants");
const SESSIONS: TableDefinition<u64, (u64, &[u8])> = TableDefinition::new("sessions");
const CODES: TableDefinition<&str, u64> = TableDefinition::new("codes");
/// Seats by session and player.
const SEATS: TableDefinition<(u64, u64), &[u8]> = TableDefinition::new("seats");
/// Players by session and folded nickname.
const NICKNAMES: TableDefinition<(u64, &str), u64> = TableDefinition::new("nicknames");

/// Writes that share a commit, at most.
const MOST_JOBS: usize = 512;
/// Writes that may wait.
const WAITING_JOBS: usize = 8192;

/// Tells whoever waits, once the commit is durable or has failed.
type Reply = Box<dyn FnOnce(Option<&RegistryError>) + Send>;
/// A write; it checks everything before it changes anything. The error is the engine's alone.
type Job = Box<dyn FnOnce(&WriteTransaction) -> Result<Reply, RegistryError> + Send>;

/// The embedded registry.
pub struct EmbeddedRegistry {
    database: Arc<Database>,
    jobs: mpsc::Sender<Job>,
}

impl EmbeddedRegistry {
    /// Opens the registry, or makes an empty one.
    ///
    /// # Errors
    /// Where the file cannot be opened, is in use by another process, or is damaged.
    pub fn open(path: &Path) -> Result<EmbeddedRegistry, RegistryError> {
        let database = Arc::new(Database::create(path).map_err(engine)?);
        create_tables(&database)?;
        let (jobs, waiting) = mpsc::channel(WAITING_JOBS);
        let writing = Arc::clone(&database);
        thread::Builder::new().name("registry".to_owned()).spawn(move || write(&writing, waiting)).map_err(engine)?;
        Ok(EmbeddedRegistry { database, jobs })
    }

    async fn read<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Database) -> Result<T, RegistryError> + Send + 'static,
    ) -> Result<T, RegistryError> {
        let database = Arc::clone(&self.database);
        tokio::task::spawn_blocking(move || job(&database)).await.map_err(engine)?
    }

    /// Runs a write in the next commit, and waits until that is durable.
    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&WriteTransaction) -> Result<T, RegistryError> + Send + 'static,
    ) -> Result<T, RegistryError> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |transaction| {
            let outcome = match work(transaction) {
                Err(RegistryError::Engine(why)) => return Err(RegistryError::Engine(why)),
                outcome => outcome,
            };
            // Whoever asked may have gone.
            Ok(Box::new(move |failed| {
                let _ = answer.send(failed.map_or(outcome, |failed| Err(failed.clone())));
            }))
        });
        self.jobs.send(job).await.map_err(engine)?;
        answered.await.map_err(engine)?
    }
}

/// Commits what waits until nobody can ask any more.
fn write(database: &Database, mut waiting: mpsc::Receiver<Job>) {
    while let Some(first) = waiting.blocking_recv() {
        let mut jobs = vec![first];
        while jobs.len() < MOST_JOBS
            && let Ok(job) = waiting.try_recv()
        {
            jobs.push(job);
        }
        if let Err(error) = commit(database, jobs) {
            tracing::error!(%error, "the registry cannot be written");
        }
    }
}

/// On an engine's error nothing is written, and the askers whose jobs were not run hear that theirs was dropped.
fn commit(database: &Database, jobs: Vec<Job>) -> Result<(), RegistryError> {
    let transaction = database.begin_write().map_err(engine)?;
    let mut replies = Vec::with_capacity(jobs.len());
    let mut failed = None;
    for job in jobs {
        match job(&transaction) {
            Ok(reply) => replies.push(reply),
            Err(error) => {
                failed = Some(error);
                break;
            }
        }
    }
    let result = match failed {
        Some(error) => Err(error),
        None => transaction.commit().map_err(engine),
    };
    replies.into_iter().for_each(|reply| reply(result.as_ref().err()));
    result
}

fn create_tables(database: &Database) -> Result<(), RegistryError> {
    let transaction = database.begin_write().map_err(engine)?;
    transaction.open_table(ACCOUNTS).map_err(engine)?;
    transaction.open_table(PLAYERS).map_err(engine)?;
    transaction.open_table(GRANTS).map_err(engine)?;
    transaction.open_table(SESSIONS).map_err(engine)?;
    transaction.open_table(CODES).map_err(engine)?;
    transaction.open_table(SEATS).map_err(engine)?;
    transaction.open_table(NICKNAMES).map_err(engine)?;
    transaction.commit().map_err(engine)
}

#[async_trait]
impl Registry for EmbeddedRegistry {
    async fn account(&self, name: &AccountName) -> Result<Option<(Account, Version)>, RegistryError> {
        let name = name.clone();
        self.read(move |database| read_account(database, name.as_str())).await
    }

    async fn account_by_player(&self, player: PlayerId) -> Result<Option<(Account, Version)>, RegistryError> {
        self.read(move |database| {
            let players = database.begin_read().map_err(engine)?.open_table(PLAYERS).map_err(engine)?;
            match players.get(player.0).map_err(engine)? {
                Some(name) => read_account(database, name.value()),
                None => Ok(None),
            }
        })
        .await
    }

    async fn put_account(&self, account: Account, from: Option<Version>) -> Result<(), RegistryError> {
        self.write(move |transaction| {
            let mut accounts = transaction.open_table(ACCOUNTS).map_err(engine)?;
            let name = account.name.as_str();
            let version = next_version(accounts.get(name).map_err(engine)?.map(|row| row.value().0), from)?;
            accounts.insert(name, (version, encode(&account)?.as_slice())).map_err(engine)?;
            transaction.open_table(PLAYERS).map_err(engine)?.insert(account.player.0, name).map_err(engine)?;
            Ok(())
        })
        .await
    }

    async fn put_grant(&self, key: GrantKey, grant: Grant) -> Result<(), RegistryError> {
        self.write(move |transaction| {
            let mut grants = transaction.open_table(GRANTS).map_err(engine)?;
            grants.insert(key.as_slice(), encode(&grant)?.as_slice()).map_err(engine)?;
            Ok(())
        })
        .await
    }

    async fn take_grant(&self, key: GrantKey) -> Result<Option<Grant>, RegistryError> {
        self.write(move |transaction| {
            let mut grants = transaction.open_table(GRANTS).map_err(engine)?;
            let taken = grants.remove(key.as_slice()).map_err(engine)?;
            taken.map(|row| decode(row.value())).transpose()
        })
        .await
    }

    async fn session(&self, session: SessionId) -> Result<Option<(Session, Version)>, RegistryError> {
        self.read(move |database| read_session(database, session.0)).await
    }

    async fn session_by_code(&self, code: &JoinCode) -> Result<Option<(Session, Version)>, RegistryError> {
        let code = code.clone();
        self.read(move |database| {
            let codes = database.begin_read().map_err(engine)?.open_table(CODES).map_err(engine)?;
            match codes.get(code.as_str()).map_err(engine)? {
                Some(session) => read_session(database, session.value()),
                None => Ok(None),
            }
        })
        .await
    }

    async fn sessions(&self) -> Result<Vec<(Session, Version)>, RegistryError> {
        self.read(|database| {
            let sessions = database.begin_read().map_err(engine)?.open_table(SESSIONS).map_err(engine)?;
            let rows = sessions.iter().map_err(engine)?.map(|entry| {
                let (_, row) = entry.map_err(engine)?;
                let (version, row) = row.value();
                Ok((decode(row)?, Version(version)))
            });
            rows.collect()
        })
        .await
    }

    async fn put_session(&self, session: Session, from: Option<Version>) -> Result<(), RegistryError> {
        self.write(move |transaction| {
            let mut sessions = transaction.open_table(SESSIONS).map_err(engine)?;
            let mut codes = transaction.open_table(CODES).map_err(engine)?;
            let version = next_version(sessions.get(session.id.0).map_err(engine)?.map(|row| row.value().0), from)?;
            let owner = codes.get(session.code.as_str()).map_err(engine)?.map(|owner| owner.value());
            if owner.is_some_and(|owner| owner != session.id.0) {
                return Err(RegistryError::Conflict);
            }
            codes.insert(session.code.as_str(), session.id.0).map_err(engine)?;
            sessions.insert(session.id.0, (version, encode(&session)?.as_slice())).map_err(engine)?;
            Ok(())
        })
        .await
    }

    async fn take_seat(&self, request: SeatRequest) -> Result<Seat, RegistryError> {
        self.write(move |transaction| {
            let mut room = Room::open(transaction, request.session)?;
            let before = room.seat(request.player)?;
            if let Some(reason) = before.as_ref().and_then(|seat| seat.removed.clone()) {
                return Err(RegistryError::Removed(reason));
            }
            if !before.as_ref().is_some_and(|seat| seat.is_held(request.now)) {
                room.check_free(request.seats, request.now)?;
            }
            if !before.as_ref().is_some_and(|seat| seat.renamed) {
                room.claim(request.player, before.as_ref().map(|seat| &seat.nickname), &request.nickname)?;
            }
            room.put(request.seat(before))
        })
        .await
    }

    async fn heartbeat(
        &self,
        participant: Participant,
        seats: Option<u32>,
        now: Timestamp,
    ) -> Result<Seat, RegistryError> {
        self.write(move |transaction| {
            let mut room = Room::open(transaction, participant.session)?;
            let seat = Seat::welcome(room.seat(participant.player)?)?;
            if !seat.is_held(now) {
                room.check_free(seats, now)?;
            }
            room.put(seat.seen(now))
        })
        .await
    }

    async fn leave(&self, participant: Participant) -> Result<(), RegistryError> {
        self.write(move |transaction| {
            let mut room = Room::open(transaction, participant.session)?;
            if let Some(seat) = room.seat(participant.player)? {
                room.put(seat.left())?;
            }
            Ok(())
        })
        .await
    }

    async fn begin_attempt(
        &self,
        participant: Participant,
        most: Option<u32>,
        now: Timestamp,
    ) -> Result<Seat, RegistryError> {
        self.write(move |transaction| {
            let mut room = Room::open(transaction, participant.session)?;
            let seat = Seat::welcome(room.seat(participant.player)?)?;
            room.put(seat.begin_attempt(most, now)?)
        })
        .await
    }

    async fn rename(&self, participant: Participant, nickname: Nickname) -> Result<Seat, RegistryError> {
        self.write(move |transaction| {
            let mut room = Room::open(transaction, participant.session)?;
            let seat = room.seat(participant.player)?.ok_or(RegistryError::NoSeat)?;
            room.claim(participant.player, Some(&seat.nickname), &nickname)?;
            room.put(seat.renamed(nickname))
        })
        .await
    }

    async fn remove(&self, participant: Participant, reason: Option<String>) -> Result<Seat, RegistryError> {
        self.write(move |transaction| {
            let mut room = Room::open(transaction, participant.session)?;
            let seat = room.seat(participant.player)?.ok_or(RegistryError::NoSeat)?;
            room.put(seat.removed(reason))
        })
        .await
    }

    async fn seat(&self, participant: Participant) -> Result<Option<Seat>, RegistryError> {
        self.read(move |database| {
            let seats = database.begin_read().map_err(engine)?.open_table(SEATS).map_err(engine)?;
            let row = seats.get((participant.session.0, participant.player.0)).map_err(engine)?;
            row.map(|row| decode(row.value())).transpose()
        })
        .await
    }

    async fn seats(&self, session: SessionId) -> Result<Vec<Seat>, RegistryError> {
        self.read(move |database| {
            let table = database.begin_read().map_err(engine)?.open_table(SEATS).map_err(engine)?;
            let mut seats = all_seats(&table, session)?;
            seats.sort_by_key(|seat| (seat.taken_at, seat.player));
            Ok(seats)
        })
        .await
    }
}

/// One session's seats and nicknames, in a transaction that has them to itself.
struct Room<'t> {
    session: SessionId,
    seats: redb::Table<'t, (u64, u64), &'static [u8]>,
    nicknames: redb::Table<'t, (u64, &'static str), u64>,
}

impl<'t> Room<'t> {
    fn open(transaction: &'t WriteTransaction, session: SessionId) -> Result<Room<'t>, RegistryError> {
        let seats = transaction.open_table(SEATS).map_err(engine)?;
        let nicknames = transaction.open_table(NICKNAMES).map_err(engine)?;
        Ok(Room { session, seats, nicknames })
    }

    fn seat(&self, player: PlayerId) -> Result<Option<Seat>, RegistryError> {
        let row = self.seats.get((self.session.0, player.0)).map_err(engine)?;
        row.map(|row| decode(row.value())).transpose()
    }

    fn put(&mut self, seat: Seat) -> Result<Seat, RegistryError> {
        self.seats.insert((self.session.0, seat.player.0), encode(&seat)?.as_slice()).map_err(engine)?;
        Ok(seat)
    }

    /// Whether one of so many seats is not held.
    fn check_free(&self, seats: Option<u32>, now: Timestamp) -> Result<(), RegistryError> {
        let Some(seats) = seats else {
            return Ok(());
        };
        let held = all_seats(&self.seats, self.session)?.iter().filter(|seat| seat.is_held(now)).count();
        if held < seats as usize { Ok(()) } else { Err(RegistryError::SeatsTaken) }
    }

    /// Makes a nickname the player's, in place of an earlier one.
    fn claim(&mut self, player: PlayerId, before: Option<&Nickname>, nickname: &Nickname) -> Result<(), RegistryError> {
        let folded = nickname.folded();
        let owner = self.nicknames.get((self.session.0, &*folded)).map_err(engine)?.map(|owner| owner.value());
        if owner.is_some_and(|owner| owner != player.0) {
            return Err(RegistryError::NicknameTaken);
        }
        if let Some(before) = before {
            self.nicknames.remove((self.session.0, &*before.folded())).map_err(engine)?;
        }
        self.nicknames.insert((self.session.0, &*folded), player.0).map_err(engine)?;
        Ok(())
    }
}

fn all_seats(
    table: &impl ReadableTable<(u64, u64), &'static [u8]>,
    session: SessionId,
) -> Result<Vec<Seat>, RegistryError> {
    let rows = table.range((session.0, 0)..=(session.0, u64::MAX)).map_err(engine)?;
    rows.map(|entry| decode(entry.map_err(engine)?.1.value())).collect()
}

fn read_account(database: &Database, name: &str) -> Result<Option<(Account, Version)>, RegistryError> {
    let accounts = database.begin_read().map_err(engine)?.open_table(ACCOUNTS).map_err(engine)?;
    let row = accounts.get(name).map_err(engine)?;
    row.map(|row| Ok((decode(row.value().1)?, Version(row.value().0)))).transpose()
}

fn read_session(database: &Database, session: u64) -> Result<Option<(Session, Version)>, RegistryError> {
    let sessions = database.begin_read().map_err(engine)?.open_table(SESSIONS).map_err(engine)?;
    let row = sessions.get(session).map_err(engine)?;
    row.map(|row| Ok((decode(row.value().1)?, Version(row.value().0)))).transpose()
}

/// The version of a row after this write, if the write is of the row as it is.
fn next_version(is: Option<u64>, from: Option<Version>) -> Result<u64, RegistryError> {
    if is == from.map(|from| from.0) { Ok(is.map_or(0, |is| is + 1)) } else { Err(RegistryError::Conflict) }
}

fn decode<T: DeserializeOwned>(row: &[u8]) -> Result<T, RegistryError> {
    serde_json::from_slice(row).map_err(engine)
}

fn encode(row: &impl Serialize) -> Result<Vec<u8>, RegistryError> {
    serde_json::to_vec(row).map_err(engine)
}

fn engine(error: impl std::fmt::Display) -> RegistryError {
    RegistryError::Engine(error.to_string())
}
