//! Trunk and wasm-bindgen: found on the PATH, or built once into a folder of this project's.

use std::{env, fs, path::PathBuf};

use crate::{error::Error, run, workspace};

const TRUNK: &str = "0.21.14";

/// Makes sure that Trunk and the wasm-bindgen that fits Cargo.lock can be run.
///
/// # Errors
/// Where one is missing and cannot be built.
pub fn ensure() -> Result<(), Error> {
    let lock = workspace::root().join("Cargo.lock");
    let lock = fs::read_to_string(&lock).map_err(Error::file(&lock))?;
    let wasm_bindgen = locked_version(&lock, "wasm-bindgen").ok_or(Error::NotLocked("wasm-bindgen"))?;
    ensure_one("trunk", "trunk", TRUNK, true)?;
    // Its own lock file does not resolve.
    ensure_one("wasm-bindgen-cli", "wasm-bindgen", wasm_bindgen, false)
}

fn ensure_one(package: &'static str, program: &str, version: &str, locked: bool) -> Result<(), Error> {
    if is_version(program, version) {
        return Ok(());
    }
    let mut install = run::cargo(["install", package, "--version", version, "--force", "--root"]);
    install.arg(workspace::tools());
    if locked {
        install.arg("--locked");
    }
    // Their speed hardly matters beside the time that it takes to build them.
    install
        .env("CARGO_TARGET_DIR", workspace::target().join("tools"))
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "0")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .current_dir(env::temp_dir());
    run::step(&format!("Building {package} {version}, once (about 5 minutes on 2 cores)"), &mut install)
        .map_err(|_| Error::NoTool { tool: package, version: version.to_owned() })
}

fn is_version(program: &str, version: &str) -> bool {
    let own = workspace::tools().join("bin").join(program);
    let candidates = [own, PathBuf::from(program)];
    candidates.into_iter().any(|candidate| {
        run::output(&mut run::program(candidate, ["--version"]))
            .is_some_and(|said| said.split_whitespace().nth(1) == Some(version))
    })
}

/// The version of a package in a Cargo.lock.
fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_names_the_version_of_the_very_package() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"1.0.0\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked_version(lock, "wasm"), None);
    }
}
