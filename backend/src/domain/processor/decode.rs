//! Decodes the records of a batch, up to the first one that only a newer server can process.

use shared::{
    record::{Record, RecordError},
    rules::RULES_VERSION,
};

use crate::engine::stream::{ExtendedSequenceNumber, StoredRecord};

/// A record that only a newer server can process. It is neither skipped nor made a dead letter: a newer processor goes on
/// with the shard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NewerRecord {
    /// The record has a newer version.
    #[error("{}", RecordError::Newer(*.0))]
    Version(u32),
    /// The ticket is for a game of newer rules.
    #[error(
        "a newer server issued a ticket for rules version {0}, but this program has rules version {RULES_VERSION}; update it"
    )]
    Rules(u16),
}

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

/// Decodes records up to the first one that a server with these rules cannot process.
pub fn decode_readable(stored: Vec<StoredRecord>, rules_version: u16) -> ReadableRecords {
    let mut records = Vec::with_capacity(stored.len());
    for StoredRecord { sequence_number, bytes } in stored {
        match decode(&bytes, rules_version) {
            Ok(record) => records.push(DecodedRecord { sequence_number, record }),
            Err(newer) => return ReadableRecords { records, newer: Some(newer) },
        }
    }
    ReadableRecords { records, newer: None }
}

fn decode(bytes: &[u8], rules_version: u16) -> Result<serde_json::Result<Record>, NewerRecord> {
    match Record::decode(bytes) {
        Ok(Record::TicketIssued(ticket)) if ticket.rules_version > rules_version => {
            Err(NewerRecord::Rules(ticket.rules_version))
        }
        Ok(record) => Ok(Ok(record)),
        Err(RecordError::Malformed(error)) => Ok(Err(error)),
        Err(RecordError::Newer(version)) => Err(NewerRecord::Version(version)),
    }
}
