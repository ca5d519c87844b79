//! `backend schema`: the JSON Schema of tuning files.

use std::io;

use super::output::print;
use crate::domain::tuning_file;

/// Prints the schema.
///
/// # Errors
/// If it cannot be printed.
pub fn run() -> io::Result<()> {
    print(&format!("{:#}\n", tuning_file::schema()))
}
