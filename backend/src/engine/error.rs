//! Errors of the engines: they keep their cause, and a log line prints the whole chain.

use std::{borrow::Cow, error::Error, sync::Arc};

/// The cause of an error, of any type.
pub type Cause = Box<dyn Error + Send + Sync>;

/// An operation of an engine that failed, with its cause.
///
/// Clones share the cause, so that all requests that waited for one commit get the same error. Two of them are equal if
/// the same operation failed, regardless of the cause.
#[derive(Debug, Clone, thiserror::Error)]
#[error("cannot {operation}")]
pub struct OperationError {
    operation: Cow<'static, str>,
    source: Arc<dyn Error + Send + Sync>,
}

impl OperationError {
    /// The error of an operation; `operation` completes the sentence "cannot ...".
    pub fn new(operation: impl Into<Cow<'static, str>>, cause: impl Into<Cause>) -> OperationError {
        OperationError { operation: operation.into(), source: cause.into().into() }
    }
}

impl PartialEq for OperationError {
    fn eq(&self, other: &OperationError) -> bool {
        self.operation == other.operation
    }
}

impl Eq for OperationError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error_chain::error_chain;

    #[test]
    fn error_chain_names_the_operation_and_every_cause() {
        let inner = OperationError::new("write to disk", "no space left");
        let outer = OperationError::new("read a game", inner);
        assert_eq!(error_chain(&outer), "cannot read a game: cannot write to disk: no space left");
    }
}
