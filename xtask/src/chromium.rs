//! Finds or installs the browser that the tests use.

use std::env;

use crate::{
    debian::{self, Install},
    error::Error,
    run,
};

const PACKAGES: [&str; 1] = ["chromium"];

/// Returns the path of Chromium: the value of `CHROMIUM`, a program on the PATH, or the installed Debian package.
///
/// # Errors
/// If there is no Chromium, and it may not or cannot be installed.
pub fn ensure(install: Install) -> Result<String, Error> {
    if let Some(path) = find() {
        return Ok(path);
    }
    if !debian::has_apt_get() {
        return Err(Error::NoChromium);
    }
    install.packages(&PACKAGES)?;
    find().ok_or(Error::NoChromium)
}

/// The Debian packages that [`ensure`] would install.
pub fn missing_packages() -> &'static [&'static str] {
    if find().is_some() { &[] } else { &PACKAGES }
}

fn find() -> Option<String> {
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    env::var("CHROMIUM")
        .ok()
        .or_else(|| names.into_iter().find_map(|name| run::output(&mut run::program("which", [name]))))
}
