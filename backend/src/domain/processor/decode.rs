//! Decodes the records of a batch, up to the first one that only a newer server can read.

use shared::record::{Record, RecordError};

use crate::engine::stream::{ExtendedSequenceNumber, StoredRecord};

/// A record that a newer server wrote, with its version. It is neither skipped nor dead-lettered: the games of the shard go
/// on with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}; the records after it wait", RecordError::Newer(*.0))]
pub struct NewerRecord(pub u32);

/// A record of a shard, or the reason why it is not one.
pub struct DecodedRecord {
    pub sequence_number: ExtendedSequenceNumber,
    pub record: serde_json::Result<Record>,
}

/// The records of a batch that this server can process.
pub struct ReadableRecords {
    pub records: Vec<DecodedRecord>,
    /// The record after them, if it ends the batch for this server.
    pub newer: Option<NewerRecord>,
}

/// Decodes records up to the first one that a newer server wrote.
pub fn decode_readable(stored: Vec<StoredRecord>) -> ReadableRecords {
    let mut records = Vec::with_capacity(stored.len());
    for StoredRecord { sequence_number, bytes } in stored {
        let record = match Record::decode(&bytes) {
            Ok(record) => Ok(record),
            Err(RecordError::Malformed(error)) => Err(error),
            Err(RecordError::Newer(version)) => return ReadableRecords { records, newer: Some(NewerRecord(version)) },
        };
        records.push(DecodedRecord { sequence_number, record });
    }
    ReadableRecords { records, newer: None }
}
