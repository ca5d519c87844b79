//! Standard output.

use std::io::{self, ErrorKind, Write, stdout};

/// Prints `text`. A closed reader, e.g. `head`, is no error.
///
/// # Errors
/// If the text cannot be written for another reason.
pub fn print(text: &str) -> io::Result<()> {
    let mut stdout = stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}
