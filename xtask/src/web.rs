//! Builds and lints the game and the gallery for the browser.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::SystemTime,
};

use crate::{debian::Install, dist, error::Error, profile::Profile, run, tools, wasm::Compiler, workspace};

/// The files and folders that the pages are built from.
const SOURCES: [&str; 9] =
    ["art", "gallery", "game", "shared", "web", "index.html", "Trunk.toml", "Cargo.toml", "Cargo.lock"];

/// Builds the game, the gallery and the pages, unless they are newer than their sources.
///
/// # Errors
/// If a tool is missing and cannot be installed, the disk is full, or the build fails.
pub fn build(profile: Profile, install: Install) -> Result<(), Error> {
    if is_fresh(profile) {
        return Ok(());
    }
    workspace::check_space()?;
    let compiler = Compiler::ensure(install)?;
    tools::ensure_web_tools()?;
    let stamp = stamp();
    // Removed first, so that the next run does not take an interrupted build for a complete one.
    if stamp.exists() {
        fs::remove_file(&stamp).map_err(Error::file(&stamp))?;
    }
    let own = workspace::tools().join("bin/trunk");
    let trunk = if own.exists() { own } else { PathBuf::from("trunk") };
    let mut build = run::program(trunk, ["build", "--cargo-profile", profile.name()]);
    build.args(["--offline", "--skip-version-check"]).env_remove("NO_COLOR");
    if profile == Profile::DevTools {
        build.args(["--features", "dev"]);
    }
    compiler.set_up(&mut build);
    // Trunk runs offline so that it downloads no tools. Cargo fetches the dependencies before.
    run::step("Fetching the dependencies of the game", &mut run::cargo(["fetch", "--locked"]))?;
    run::step("Building the game for the browser (the first build takes 10 to 20 minutes on 2 cores)", &mut build)?;
    dist::finish(&workspace::dist(), profile)?;
    fs::write(&stamp, profile.stamp()).map_err(Error::file(&stamp))
}

/// Lints the game and the gallery, which compile only for the browser.
///
/// # Errors
/// If there is no compiler for the browser, or clippy reports a warning.
pub fn lint(install: Install) -> Result<(), Error> {
    let compiler = Compiler::ensure(install)?;
    for (title, features) in [("the game and the gallery", ""), ("the game with its tools for developers", "game/dev")]
    {
        let mut clippy = run::cargo(["clippy", "--package", "gallery", "--package", "game", "--features", features]);
        clippy.args(["--target", "wasm32-unknown-unknown", "--profile", Profile::Dev.name()]);
        clippy.args(["--", "--deny", "warnings"]);
        compiler.set_up(&mut clippy);
        run::step(&format!("Linting {title}"), &mut clippy)?;
    }
    Ok(())
}

/// The file with the profile of the last complete build.
fn stamp() -> PathBuf {
    workspace::dist().join(".profile")
}

fn is_fresh(profile: Profile) -> bool {
    let stamp = stamp();
    let built = fs::metadata(&stamp).and_then(|file| file.modified());
    let profile_built = fs::read_to_string(&stamp).unwrap_or_default();
    let newest = SOURCES.iter().map(|source| newest_below(&workspace::root().join(source))).max();
    match (built, newest) {
        // A build for deployment also serves for development.
        (Ok(built), Some(Ok(newest))) => {
            let serves = profile == Profile::Dev && profile_built == Profile::Ship.stamp();
            (profile_built == profile.stamp() || serves) && newest < built
        }
        _ => false,
    }
}

/// The time of the latest change of a file, or in a folder. Skips npm packages, which are not part of the pages.
fn newest_below(path: &Path) -> Result<SystemTime, io::ErrorKind> {
    let own = fs::metadata(path).and_then(|file| file.modified()).map_err(|error| error.kind())?;
    if !path.is_dir() {
        return Ok(own);
    }
    let entries = fs::read_dir(path).map_err(|error| error.kind())?;
    let mut paths = entries.flatten().map(|entry| entry.path()).filter(|path| !path.ends_with("node_modules"));
    paths.try_fold(own, |newest, path| Ok(newest.max(newest_below(&path)?)))
}
