//! Rows as JSON in redb tables, and the errors of transactions, for the embedded store and the embedded registry.

use serde::{Serialize, de::DeserializeOwned};

use crate::engine::error::{Cause, OperationError};

/// Why a transaction made no change. `R` is the error of the engine that ran it.
#[derive(Debug)]
pub enum TransactionError<R> {
    /// The change is refused: a condition does not hold.
    Refused(R),
    /// redb failed, or a row is damaged.
    Failed(Cause),
}

impl<R: From<OperationError>> TransactionError<R> {
    /// The engine's error; `operation` completes the sentence "cannot ...".
    pub fn during(self, operation: &'static str) -> R {
        match self {
            TransactionError::Refused(refusal) => refusal,
            TransactionError::Failed(cause) => OperationError::new(operation, cause).into(),
        }
    }
}

impl<R, E: Into<redb::Error>> From<E> for TransactionError<R> {
    fn from(error: E) -> TransactionError<R> {
        TransactionError::Failed(Box::new(error.into()))
    }
}

/// A row that cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[error("a row is damaged")]
struct DamagedRow(#[source] Cause);

/// The error of a transaction that found a damaged row.
pub fn damaged<R>(cause: impl Into<Cause>) -> TransactionError<R> {
    TransactionError::Failed(Box::new(DamagedRow(cause.into())))
}

/// Reads a row.
///
/// # Errors
/// [`TransactionError::Failed`] if it is not a `T` as JSON.
pub fn decode<T: DeserializeOwned, R>(row: &[u8]) -> Result<T, TransactionError<R>> {
    serde_json::from_slice(row).map_err(damaged)
}

/// The bytes of a row.
///
/// # Errors
/// [`TransactionError::Failed`] if it has no form in JSON.
pub fn encode<R>(row: &impl Serialize) -> Result<Vec<u8>, TransactionError<R>> {
    serde_json::to_vec(row).map_err(damaged)
}
