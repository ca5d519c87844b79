//! Errors with their causes, for the log and for the terminal.

use std::error::Error;

/// The message of `error` and the messages of its causes, separated by colons. A cause that the message already contains is
/// left out.
pub fn error_chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let message = cause.to_string();
        if !text.contains(&message) {
            text = format!("{text}: {message}");
        }
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("the disk is full")]
    struct Cause;

    #[derive(Debug, thiserror::Error)]
    enum Failure {
        #[error("cannot write the file")]
        Bare(#[source] Cause),
        #[error("cannot write the file: {0}; free some space")]
        Complete(#[source] Cause),
    }

    #[test]
    fn every_cause_is_printed_once() {
        assert_eq!(error_chain(&Failure::Bare(Cause)), "cannot write the file: the disk is full");
        assert_eq!(error_chain(&Failure::Complete(Cause)), "cannot write the file: the disk is full; free some space");
    }
}
