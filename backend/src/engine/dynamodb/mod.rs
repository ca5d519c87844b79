//! DynamoDB tables as the store and the registry use them: rows under two keys, written on conditions, and in one
//! transaction only where several must change together.
//!
//! All tables have the same keys: `pk`, the partition, and `sk`, the sort key within it.

mod batch;
mod capacity;
mod create;
mod item;
mod table;
mod transaction;
mod write;

use std::time::Duration;

use super::error::Cause;

pub use create::{attribute, key};
pub use item::{Item, Key, ROW};
pub use table::{Index, Range, Table};
pub use write::{Condition, Write};

/// Name of the partition key of each table.
const PK: &str = "pk";
/// Name of the sort key of each table.
const SK: &str = "sk";
/// Maximum number of concurrent calls for one operation.
pub const MAX_CONCURRENT_CALLS: usize = 32;

/// Why an operation on a table failed.
#[derive(Debug, thiserror::Error)]
pub enum DynamoError {
    /// The condition of a write does not hold, or another transaction changes the same row at this moment. Read the row
    /// again and retry.
    #[error("another writer changed a row")]
    Conflict,
    /// The table does not exist.
    #[error("the DynamoDB table {0} does not exist")]
    Missing(String),
    /// The table was created, and does not become active.
    #[error("the DynamoDB table {table} is not active {after:?} after its creation")]
    NotActive {
        /// The name of the table.
        table: String,
        /// The time since its creation.
        after: Duration,
    },
    /// DynamoDB accepted only a part of a batch, time after time.
    #[error("the DynamoDB table {table} left a part of a batch unprocessed {attempts} times")]
    Unprocessed {
        /// The name of the table.
        table: String,
        /// The number of attempts.
        attempts: usize,
    },
    /// A row has another form than it was written in.
    #[error("a row is damaged")]
    Damaged(#[source] Cause),
    /// A newer server wrote a row.
    #[error(
        "a row has format {found} of a newer server, but this one reads formats up to {supported}; update this server"
    )]
    Newer {
        /// The format of the row.
        found: u64,
        /// The last format that this server reads.
        supported: u64,
    },
    /// A request has no valid form.
    #[error("a request to DynamoDB is invalid")]
    Request(#[from] aws_sdk_dynamodb::error::BuildError),
    /// A call failed, and the SDK's retries as well.
    #[error("{call} on the DynamoDB table {table} failed")]
    Call {
        /// The name of the call in DynamoDB's API.
        call: &'static str,
        /// The name of the table.
        table: String,
        /// The error of the SDK.
        source: Cause,
    },
}

/// The error of a row that has another form than it was written in.
pub fn damaged(cause: impl Into<Cause>) -> DynamoError {
    DynamoError::Damaged(cause.into())
}
