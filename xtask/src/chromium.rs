//! The browser for the tests.

use std::env;

use crate::{error::Error, run};

/// The path of a Chromium: the one that CHROMIUM names, one on the PATH, or Debian's, which is then installed.
///
/// # Errors
/// Where there is none.
pub fn ensure() -> Result<String, Error> {
    if let Ok(path) = env::var("CHROMIUM") {
        return Ok(path);
    }
    if let Some(path) = find() {
        return Ok(path);
    }
    run::apt_install("Chromium", &["chromium"]);
    find().ok_or(Error::NoChromium)
}

fn find() -> Option<String> {
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    names.into_iter().find_map(|name| run::output(&mut run::program("which", [name])))
}
