//! The registry on one machine: tables in one file. Writes share fsynced commits.

mod accounts;
mod seats;
mod sessions;
mod tickets;
mod writer;

use std::{path::Path, sync::Arc, thread};

use async_trait::async_trait;
use redb::{Database, TableDefinition, WriteTransaction};
use shared::{
    account::AccountName,
    ids::{GameId, PlayerId},
    nickname::Nickname,
    session::{JoinCode, Participant, SessionId},
    time::Timestamp,
};
use tokio::sync::{mpsc, oneshot};

use self::writer::Job;
use super::{
    Account, Grant, GrantKey, NumberedTicket, Registry, RegistryError, Seat, SeatRequest, SeatRules, Session,
    TicketNumber, TicketRequest, TicketRow, Version,
};
use crate::engine::{
    error::{Cause, OperationError},
    redb_tables::TransactionError,
};

/// Maximum number of writes in the queue of the writer. Further ones wait to enter it.
const MAX_QUEUED_JOBS: usize = 8192;

/// The version of the rows' format. Rows of earlier versions are read; without a version they are of version 1.
const FORMAT_VERSION: u64 = 2;
const FORMAT_VERSIONS: TableDefinition<(), u64> = TableDefinition::new("version");

/// A newer server wrote the registry.
#[derive(Debug, thiserror::Error)]
#[error(
    "the registry has format {0} of a newer server, but this one reads formats up to {FORMAT_VERSION}; update this server"
)]
struct NewerFormat(u64);

/// An error inside a transaction.
type Error = TransactionError<RegistryError>;

/// The embedded registry.
pub struct EmbeddedRegistry {
    database: Arc<Database>,
    jobs: mpsc::Sender<Job>,
}

impl EmbeddedRegistry {
    /// Opens the registry, or creates an empty one.
    ///
    /// # Errors
    /// [`RegistryError::Engine`] if the file cannot be opened, is in use by another process, or is damaged.
    pub fn open(path: &Path) -> Result<EmbeddedRegistry, RegistryError> {
        let failed = |cause: Cause| OperationError::new(format!("open the registry {}", path.display()), cause);
        let database = Arc::new(Database::create(path).map_err(|error| failed(error.into()))?);
        create_tables(&database).map_err(|error| error.during("create the tables of the registry"))?;
        let (jobs, queue) = mpsc::channel(MAX_QUEUED_JOBS);
        let writer = Arc::clone(&database);
        let thread = thread::Builder::new().name("registry".to_owned());
        thread.spawn(move || writer::run(&writer, queue)).map_err(|error| failed(error.into()))?;
        Ok(EmbeddedRegistry { database, jobs })
    }

    /// Runs a reading transaction where it may block; `operation` completes the sentence "cannot ...".
    async fn read<T: Send + 'static>(
        &self,
        operation: &'static str,
        transaction: impl FnOnce(&Database) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, RegistryError> {
        let database = Arc::clone(&self.database);
        let result = tokio::task::spawn_blocking(move || transaction(&database)).await;
        let result = result.map_err(|error| OperationError::new(operation, error))?;
        result.map_err(|error| error.during(operation))
    }

    /// Runs a write in the next commit, and waits until that is durable; `operation` completes the sentence
    /// "cannot ...".
    async fn write<T: Send + 'static>(
        &self,
        operation: &'static str,
        write: impl FnOnce(&WriteTransaction) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, RegistryError> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |transaction| {
            let outcome = match write(transaction) {
                Ok(written) => Ok(written),
                Err(Error::Refused(refusal)) => Err(refusal),
                Err(failed) => return Err(failed.during(operation)),
            };
            Ok(Box::new(move |failed| {
                // The receiver is gone if the request was given up.
                let _ = answer.send(failed.map_or(outcome, |failed| Err(failed.clone())));
            }))
        });
        self.jobs.send(job).await.map_err(|_| OperationError::new(operation, "the registry's writer has stopped"))?;
        answered.await.map_err(|_| OperationError::new(operation, "the commit failed; the log has its cause"))?
    }
}

fn create_tables(database: &Database) -> Result<(), Error> {
    let transaction = database.begin_write()?;
    set_format(&transaction)?;
    accounts::create_tables(&transaction)?;
    sessions::create_tables(&transaction)?;
    seats::create_tables(&transaction)?;
    tickets::create_tables(&transaction)?;
    transaction.commit()?;
    Ok(())
}

/// Sets the format that this server writes.
///
/// # Errors
/// [`NewerFormat`] if the registry has a later one.
fn set_format(transaction: &WriteTransaction) -> Result<(), Error> {
    let mut versions = transaction.open_table(FORMAT_VERSIONS)?;
    let before = versions.insert((), FORMAT_VERSION)?.map_or(1, |version| version.value());
    if before > FORMAT_VERSION { Err(Error::Failed(Box::new(NewerFormat(before)))) } else { Ok(()) }
}

/// The version of a row after a write.
///
/// # Errors
/// [`RegistryError::Conflict`] if the row's version is not the one that was read.
fn next_version(current: Option<u64>, from: Option<Version>) -> Result<u64, Error> {
    if current == from.map(|from| from.0) {
        Ok(current.map_or(0, |current| current + 1))
    } else {
        Err(Error::Refused(RegistryError::Conflict))
    }
}

#[async_trait]
impl Registry for EmbeddedRegistry {
    async fn account(&self, name: &AccountName) -> Result<Option<(Account, Version)>, RegistryError> {
        let name = name.clone();
        self.read("read an account", move |database| accounts::by_name(database, name.as_str())).await
    }

    async fn account_by_player(&self, player: PlayerId) -> Result<Option<(Account, Version)>, RegistryError> {
        self.read("read the account of a player", move |database| accounts::by_player(database, player)).await
    }

    async fn put_account(&self, account: Account, from: Option<Version>) -> Result<(), RegistryError> {
        self.write("write an account", move |transaction| accounts::put(transaction, &account, from)).await
    }

    async fn put_grant(&self, key: GrantKey, grant: Grant) -> Result<(), RegistryError> {
        self.write("write a grant", move |transaction| accounts::put_grant(transaction, &key, &grant)).await
    }

    async fn take_grant(&self, key: GrantKey) -> Result<Option<Grant>, RegistryError> {
        self.write("delete a grant", move |transaction| accounts::take_grant(transaction, &key)).await
    }

    async fn session(&self, session: SessionId) -> Result<Option<(Session, Version)>, RegistryError> {
        self.read("read a session", move |database| sessions::by_id(database, session)).await
    }

    async fn session_by_code(&self, code: &JoinCode) -> Result<Option<(Session, Version)>, RegistryError> {
        let code = code.clone();
        self.read("read the session of a join code", move |database| sessions::by_code(database, &code)).await
    }

    async fn sessions(&self) -> Result<Vec<(Session, Version)>, RegistryError> {
        self.read("read the sessions", sessions::all).await
    }

    async fn put_session(&self, session: Session, from: Option<Version>) -> Result<(), RegistryError> {
        self.write("write a session", move |transaction| sessions::put(transaction, &session, from)).await
    }

    async fn take_seat(&self, request: SeatRequest) -> Result<Seat, RegistryError> {
        self.write("take a seat", move |transaction| seats::take(transaction, request)).await
    }

    async fn heartbeat(
        &self,
        participant: Participant,
        rules: SeatRules,
        now: Timestamp,
    ) -> Result<Seat, RegistryError> {
        self.write("record a heartbeat", move |transaction| seats::heartbeat(transaction, participant, rules, now))
            .await
    }

    async fn leave(&self, participant: Participant) -> Result<(), RegistryError> {
        self.write("free a seat", move |transaction| seats::leave(transaction, participant)).await
    }

    async fn issue_ticket(&self, request: TicketRequest) -> Result<NumberedTicket, RegistryError> {
        self.write("issue a ticket", move |transaction| tickets::issue(transaction, &request)).await
    }

    async fn use_ticket(
        &self,
        participant: Participant,
        game: GameId,
        number: TicketNumber,
        max_attempts: Option<u32>,
    ) -> Result<(), RegistryError> {
        let use_ticket =
            move |transaction: &_| tickets::use_ticket(transaction, participant, game, number, max_attempts);
        self.write("use a ticket", use_ticket).await
    }

    async fn tickets(&self, participant: Participant) -> Result<TicketRow, RegistryError> {
        self.read("read the tickets of a player", move |database| tickets::of_player(database, participant)).await
    }

    async fn rename(
        &self,
        participant: Participant,
        nickname: Nickname,
        now: Timestamp,
    ) -> Result<Seat, RegistryError> {
        self.write("rename a player", move |transaction| seats::rename(transaction, participant, &nickname, now)).await
    }

    async fn remove(&self, participant: Participant, reason: String) -> Result<Seat, RegistryError> {
        let remove = |seat: Seat| seat.with_removal(reason);
        self.write("remove a player", move |transaction| seats::change(transaction, participant, remove)).await
    }

    async fn approve(&self, participant: Participant) -> Result<Seat, RegistryError> {
        self.write("approve a player", move |transaction| seats::change(transaction, participant, Seat::with_approval))
            .await
    }

    async fn seat(&self, participant: Participant) -> Result<Option<Seat>, RegistryError> {
        self.read("read a seat", move |database| seats::of_player(database, participant)).await
    }

    async fn seats(&self, session: SessionId) -> Result<Vec<Seat>, RegistryError> {
        self.read("read the seats", move |database| seats::of_session(database, session)).await
    }
}
