//! Building the game and the pages for the browser.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::SystemTime,
};

use crate::{error::Error, pages, run, tools, wasm::Compiler, workspace};

/// How the game is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Quick to build.
    Dev,
    /// Small, and slow to build.
    Ship,
}

impl Profile {
    /// The name in Cargo.toml.
    fn name(self) -> &'static str {
        match self {
            Profile::Dev => "web-dev",
            Profile::Ship => "web",
        }
    }
}

/// What the pages are made from.
const SOURCES: [&str; 9] =
    ["art", "gallery", "game", "shared", "web", "index.html", "Trunk.toml", "Cargo.toml", "Cargo.lock"];

/// Builds the pages, unless they are newer than all that they are made from.
///
/// # Errors
/// Where a tool is missing and cannot be got, or the build fails.
pub fn build(profile: Profile) -> Result<(), Error> {
    if is_fresh(profile) {
        return Ok(());
    }
    workspace::check_space()?;
    let compiler = Compiler::ensure()?;
    tools::ensure()?;
    let stamp = stamp();
    // Whoever stops here must not find half a build taken for a whole one.
    if stamp.exists() {
        fs::remove_file(&stamp).map_err(Error::file(&stamp))?;
    }
    let own = workspace::tools().join("bin/trunk");
    let trunk = if own.exists() { own } else { PathBuf::from("trunk") };
    let mut build = run::program(trunk, ["build", "--cargo-profile", profile.name()]);
    build.args(["--offline", "--skip-version-check"]).env_remove("NO_COLOR");
    compiler.set_up(&mut build);
    // Trunk is kept from downloading tools; what cargo needs it may get.
    run::step("Fetching the game's dependencies", &mut run::cargo(["fetch", "--locked"]))?;
    run::step("Building the game for the browser (the first time takes 10 to 20 minutes on 2 cores)", &mut build)?;
    pages::finish(&workspace::dist(), profile)?;
    fs::write(&stamp, profile.name()).map_err(Error::file(&stamp))
}

/// Lints what draws, which compiles for the browser alone.
///
/// # Errors
/// Where a lint is not satisfied.
pub fn lint() -> Result<(), Error> {
    let compiler = Compiler::ensure()?;
    let mut clippy =
        run::cargo(["clippy", "--package", "gallery", "--package", "game", "--target", "wasm32-unknown-unknown"]);
    clippy.args(["--profile", Profile::Dev.name(), "--", "--deny", "warnings"]);
    compiler.set_up(&mut clippy);
    run::step("Linting the game and the gallery", &mut clippy)
}

/// Says which profile the pages were built by, once they are whole.
fn stamp() -> PathBuf {
    workspace::dist().join(".profile")
}

fn is_fresh(profile: Profile) -> bool {
    let stamp = stamp();
    let built = fs::metadata(&stamp).and_then(|file| file.modified());
    let by = fs::read_to_string(&stamp).unwrap_or_default();
    let newest = SOURCES.iter().map(|source| newest_below(&workspace::root().join(source))).max();
    match (built, newest) {
        // What is fit to be deployed is fit for the daily loop, too.
        (Ok(built), Some(Ok(newest))) => (by == profile.name() || by == Profile::Ship.name()) && newest < built,
        _ => false,
    }
}

/// When the newest file in a folder, or the file itself, was changed.
fn newest_below(path: &Path) -> Result<SystemTime, io::ErrorKind> {
    let own = fs::metadata(path).and_then(|file| file.modified()).map_err(|error| error.kind())?;
    if !path.is_dir() {
        return Ok(own);
    }
    let entries = fs::read_dir(path).map_err(|error| error.kind())?;
    entries.flatten().try_fold(own, |newest, entry| Ok(newest.max(newest_below(&entry.path())?)))
}
