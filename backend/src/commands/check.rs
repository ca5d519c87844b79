//! `backend check`: checks a tuning file.

use std::{error::Error, path::PathBuf};

use clap::Args;

use super::output::print;
use crate::domain::tuning_file;

/// Arguments of `backend check`.
#[derive(Debug, Args)]
pub struct Options {
    /// Tuning file, e.g. presets/arcade.toml
    file: PathBuf,
}

/// Prints the parameters of the tuning with their ranges.
///
/// # Errors
/// If the file cannot be read or is invalid. The error lists all validation errors.
pub fn run(options: &Options) -> Result<(), Box<dyn Error + Send + Sync>> {
    print(&tuning_file::explain(&tuning_file::read(&options.file)?))?;
    Ok(())
}
