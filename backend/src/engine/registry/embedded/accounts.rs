//! Accounts and grants.

use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition, WriteTransaction};
use shared::ids::PlayerId;

use super::{Error, next_version};
use crate::engine::{
    redb_tables::{decode, encode},
    registry::{Account, Grant, GrantKey, Version},
};

/// Versions and accounts by name.
const ACCOUNTS: TableDefinition<&str, (u64, &[u8])> = TableDefinition::new("accounts");
/// Names of accounts by player.
const PLAYERS: TableDefinition<u64, &str> = TableDefinition::new("players");
/// Grants by key.
const GRANTS: TableDefinition<&[u8], &[u8]> = TableDefinition::new("grants");

/// Creates the tables of this file that are missing.
pub fn create_tables(transaction: &WriteTransaction) -> Result<(), Error> {
    transaction.open_table(ACCOUNTS)?;
    transaction.open_table(PLAYERS)?;
    transaction.open_table(GRANTS)?;
    Ok(())
}

/// The account of a name.
pub fn by_name(database: &Database, name: &str) -> Result<Option<(Account, Version)>, Error> {
    let accounts = database.begin_read()?.open_table(ACCOUNTS)?;
    let row = accounts.get(name)?;
    row.map(|row| Ok((decode(row.value().1)?, Version(row.value().0)))).transpose()
}

/// The account of a player.
pub fn by_player(database: &Database, player: PlayerId) -> Result<Option<(Account, Version)>, Error> {
    let players = database.begin_read()?.open_table(PLAYERS)?;
    match players.get(player.0)? {
        Some(name) => by_name(database, name.value()),
        None => Ok(None),
    }
}

/// Writes an account.
pub fn put(transaction: &WriteTransaction, account: &Account, from: Option<Version>) -> Result<(), Error> {
    let mut accounts = transaction.open_table(ACCOUNTS)?;
    let name = account.name.as_str();
    let version = next_version(accounts.get(name)?.map(|row| row.value().0), from)?;
    accounts.insert(name, (version, encode(account)?.as_slice()))?;
    transaction.open_table(PLAYERS)?.insert(account.player.0, name)?;
    Ok(())
}

/// Writes a grant.
pub fn put_grant(transaction: &WriteTransaction, key: &GrantKey, grant: &Grant) -> Result<(), Error> {
    transaction.open_table(GRANTS)?.insert(key.as_slice(), encode(grant)?.as_slice())?;
    Ok(())
}

/// Deletes a grant and returns it.
pub fn take_grant(transaction: &WriteTransaction, key: &GrantKey) -> Result<Option<Grant>, Error> {
    let mut grants = transaction.open_table(GRANTS)?;
    let taken = grants.remove(key.as_slice())?;
    taken.map(|row| decode(row.value())).transpose()
}
