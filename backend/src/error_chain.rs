//! Formats an error together with its causes for the log.

use std::error::Error;

/// Returns the error's message followed by the messages of its causes, separated by `: `.
///
/// A cause is left out if its message already contains it, as in `cannot read FILE: CAUSE`.
pub fn error_chain(error: &dyn Error) -> String {
    let mut chain = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let message = cause.to_string();
        if !chain.contains(&message) {
            chain = format!("{chain}: {message}");
        }
        source = cause.source();
    }
    chain
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("cannot open the file")]
    struct Outer(#[source] io::Error);

    #[derive(Debug, thiserror::Error)]
    #[error("cannot open the file: {0}")]
    struct OuterWithCause(#[source] io::Error);

    #[test]
    fn each_cause_is_named_once() {
        let expected = "cannot open the file: permission denied";
        assert_eq!(error_chain(&Outer(io::Error::other("permission denied"))), expected);
        assert_eq!(error_chain(&OuterWithCause(io::Error::other("permission denied"))), expected);
    }
}
