//! Dead letters.

use async_trait::async_trait;
use redb::{ReadableDatabase, ReadableTable, TableDefinition, WriteTransaction};

use super::{EmbeddedStore, Error};
use crate::engine::{
    redb_tables::damaged,
    store::{DeadLetter, DeadLetters, StoreError},
    stream::{ExtendedSequenceNumber, RecordPosition, ShardId},
};

/// Shard, sequence number and subsequence number.
type Key<'k> = (&'k str, &'k str, u32);
/// Reasons by position.
const DEAD_LETTERS: TableDefinition<Key<'static>, &str> = TableDefinition::new("dead_letters");

/// Creates the table of this file if it is missing.
pub fn create_tables(transaction: &WriteTransaction) -> Result<(), Error> {
    transaction.open_table(DEAD_LETTERS)?;
    Ok(())
}

/// Writes dead letters, over those of the same positions.
pub fn write_dead_letters(transaction: &WriteTransaction, dead_letters: &[DeadLetter]) -> Result<(), Error> {
    let mut table = transaction.open_table(DEAD_LETTERS)?;
    for DeadLetter { position, reason } in dead_letters {
        table.insert(key(position), reason.as_str())?;
    }
    Ok(())
}

#[async_trait]
impl DeadLetters for EmbeddedStore {
    async fn dead_letters(&self, limit: usize) -> Result<Vec<DeadLetter>, StoreError> {
        self.run("read the dead letters", move |database| {
            let table = database.begin_read()?.open_table(DEAD_LETTERS)?;
            let mut dead_letters = Vec::new();
            for entry in table.iter()?.take(limit) {
                let (key, reason) = entry?;
                dead_letters.push(DeadLetter { position: position(key.value())?, reason: reason.value().to_owned() });
            }
            Ok(dead_letters)
        })
        .await
    }

    async fn forget_dead_letter(&self, position: &RecordPosition) -> Result<(), StoreError> {
        let position = position.clone();
        self.run("delete a dead letter", move |database| {
            let transaction = database.begin_write()?;
            transaction.open_table(DEAD_LETTERS)?.remove(key(&position))?;
            transaction.commit()?;
            Ok(())
        })
        .await
    }
}

fn key(RecordPosition { shard, sequence_number }: &RecordPosition) -> Key<'_> {
    (&shard.0, sequence_number.sequence_number.as_str(), sequence_number.subsequence_number)
}

fn position((shard, sequence_number, subsequence_number): Key) -> Result<RecordPosition, Error> {
    let sequence_number = sequence_number.parse().map_err(damaged)?;
    let sequence_number = ExtendedSequenceNumber { sequence_number, subsequence_number };
    Ok(RecordPosition { shard: ShardId(shard.to_owned()), sequence_number })
}
