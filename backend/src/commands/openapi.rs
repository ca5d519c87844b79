//! `backend openapi`: the OpenAPI document of the API.

use std::io;

use super::output::print;
use crate::http;

/// Prints the document.
///
/// # Errors
/// If it cannot be printed.
pub fn run() -> io::Result<()> {
    print(&format!("{}\n", http::document().to_pretty_json()?))
}
