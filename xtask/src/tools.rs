//! Finds or builds the tools that cargo installs: Trunk, wasm-bindgen, and subcommands of cargo.

use std::{env, fs, path::PathBuf};

use crate::{error::Error, run, workspace};

const TRUNK_VERSION: &str = "0.21.14";

/// Ensures that Trunk and wasm-bindgen are installed. wasm-bindgen has the version of Cargo.lock.
///
/// # Errors
/// If a tool is missing and cannot be built.
pub fn ensure_web_tools() -> Result<(), Error> {
    let lock = workspace::root().join("Cargo.lock");
    let lock = fs::read_to_string(&lock).map_err(Error::file(&lock))?;
    let wasm_bindgen = locked_version(&lock, "wasm-bindgen").ok_or(Error::NotLocked("wasm-bindgen"))?;
    ensure_tool("trunk", "trunk", TRUNK_VERSION, true)?;
    // The lock file that wasm-bindgen-cli ships does not resolve.
    ensure_tool("wasm-bindgen-cli", "wasm-bindgen", wasm_bindgen, false)
}

/// Ensures that `cargo NAME` is installed, in any version.
///
/// # Errors
/// If it is missing and cannot be built.
pub fn ensure_cargo_command(name: &str) -> Result<(), Error> {
    if run::succeeds(&mut run::cargo([name, "--version"])) {
        return Ok(());
    }
    let package = format!("cargo-{name}");
    run::step(&format!("Building {package} (only once)"), &mut run::cargo(["install", &package, "--locked"]))
}

fn ensure_tool(package: &'static str, program: &str, version: &str, locked: bool) -> Result<(), Error> {
    if is_installed(program, version) {
        return Ok(());
    }
    let mut install = run::cargo(["install", package, "--version", version, "--force", "--root"]);
    install.arg(workspace::tools());
    if locked {
        install.arg("--locked");
    }
    // Without optimisation the tools build much faster, and they are fast enough.
    install
        .env("CARGO_TARGET_DIR", workspace::target().join("tools"))
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "0")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .current_dir(env::temp_dir());
    let title = format!("Building {package} {version} (only once; about 5 minutes on 2 cores)");
    run::step(&title, &mut install).map_err(|error| Error::ToolNotInstalled {
        tool: package,
        version: version.to_owned(),
        source: Box::new(error),
    })
}

fn is_installed(program: &str, version: &str) -> bool {
    let own = workspace::tools().join("bin").join(program);
    let candidates = [own, PathBuf::from(program)];
    candidates.into_iter().any(|candidate| {
        run::output(&mut run::program(candidate, ["--version"]))
            .is_some_and(|text| text.split_whitespace().nth(1) == Some(version))
    })
}

/// The version of a package in the text of a Cargo.lock.
fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locked_version_matches_the_whole_package_name() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"1.0.0\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked_version(lock, "wasm"), None);
    }
}
