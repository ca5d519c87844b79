//! What can go wrong, each with its mend.

use std::{io, path::PathBuf};

/// Why a task did not get done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A program that a task runs is not there.
    #[error("cannot run {program}: {source}; install it and make sure that it is on the PATH")]
    Missing {
        /// The program.
        program: String,
        /// Why.
        source: io::Error,
    },
    /// A program failed; it has said why.
    #[error("{what} failed; what it said above tells why")]
    Failed {
        /// What was being done.
        what: String,
    },
    /// The port is taken.
    #[error("port {port} is taken; stop what uses it, or choose another: cargo xtask play --port {other}", other = port.saturating_add(1))]
    PortTaken {
        /// The port.
        port: u16,
    },
    /// There is no way to build for the browser.
    #[error(
        "there is no WebAssembly target and no way to get one; run `rustup target add wasm32-unknown-unknown` where \
         the network allows it, or on Debian `apt-get install {debian}`",
        debian = crate::wasm::DEBIAN_PACKAGES.join(" ")
    )]
    NoWasmTarget,
    /// There is no browser to test with.
    #[error("the browser tests need Chromium; install it, or set CHROMIUM to the path of its program")]
    NoChromium,
    /// A tool cannot be built.
    #[error(
        "{tool} {version} could not be installed; install it by `cargo install {tool} --version {version} --locked`"
    )]
    NoTool {
        /// The tool.
        tool: &'static str,
        /// Its version.
        version: String,
    },
    /// Too little space for a build.
    #[error(
        "the disk of {path} has {free_mb} MB left, and a build needs about {needed_mb}; free some, or set CARGO_TARGET_DIR to another disk"
    )]
    DiskFull {
        /// Where the build goes.
        path: PathBuf,
        /// What is left.
        free_mb: u64,
        /// What a build takes.
        needed_mb: u64,
    },
    /// A file cannot be read or written.
    #[error("cannot use {path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Cargo.lock does not name a package that a tool must match.
    #[error("Cargo.lock names no {0}; restore it with git checkout Cargo.lock")]
    NotLocked(&'static str),
}

impl Error {
    /// For `map_err`: the file that could not be used.
    pub fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Error {
        let path = path.into();
        move |source| Error::File { path, source }
    }
}
