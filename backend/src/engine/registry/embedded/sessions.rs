//! Sessions and their join codes.

use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition, WriteTransaction};
use shared::session::{JoinCode, SessionId};

use super::{Error, next_version};
use crate::engine::{
    redb_tables::{decode, encode},
    registry::{RegistryError, Session, Version},
};

/// Versions and sessions by ID.
const SESSIONS: TableDefinition<u64, (u64, &[u8])> = TableDefinition::new("sessions");
/// IDs of sessions by join code.
const CODES: TableDefinition<&str, u64> = TableDefinition::new("codes");

/// Creates the tables of this file that are missing.
pub fn create_tables(transaction: &WriteTransaction) -> Result<(), Error> {
    transaction.open_table(SESSIONS)?;
    transaction.open_table(CODES)?;
    Ok(())
}

/// The session of an ID.
pub fn by_id(database: &Database, session: SessionId) -> Result<Option<(Session, Version)>, Error> {
    let sessions = database.begin_read()?.open_table(SESSIONS)?;
    let row = sessions.get(session.0)?;
    row.map(|row| Ok((decode(row.value().1)?, Version(row.value().0)))).transpose()
}

/// The session of a join code.
pub fn by_code(database: &Database, code: &JoinCode) -> Result<Option<(Session, Version)>, Error> {
    let codes = database.begin_read()?.open_table(CODES)?;
    match codes.get(code.as_str())? {
        Some(session) => by_id(database, SessionId(session.value())),
        None => Ok(None),
    }
}

/// All sessions.
pub fn all(database: &Database) -> Result<Vec<(Session, Version)>, Error> {
    let sessions = database.begin_read()?.open_table(SESSIONS)?;
    let rows = sessions.iter()?.map(|entry| {
        let (_, row) = entry?;
        let (version, row) = row.value();
        Ok((decode(row)?, Version(version)))
    });
    rows.collect()
}

/// Writes a session.
pub fn put(transaction: &WriteTransaction, session: &Session, from: Option<Version>) -> Result<(), Error> {
    let mut sessions = transaction.open_table(SESSIONS)?;
    let mut codes = transaction.open_table(CODES)?;
    let version = next_version(sessions.get(session.id.0)?.map(|row| row.value().0), from)?;
    let owner = codes.get(session.code.as_str())?.map(|owner| owner.value());
    if owner.is_some_and(|owner| owner != session.id.0) {
        return Err(Error::Refused(RegistryError::Conflict));
    }
    codes.insert(session.code.as_str(), session.id.0)?;
    sessions.insert(session.id.0, (version, encode(session)?.as_slice()))?;
    Ok(())
}
