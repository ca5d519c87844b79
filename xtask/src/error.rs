//! The errors of all tasks. Each message says what to do.

use std::{io, path::PathBuf};

/// The reason why a task failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A program cannot be started.
    #[error("cannot start {program}; install it, and add its folder to PATH")]
    Start {
        /// The name or path of the program.
        program: String,
        /// The error of the operating system.
        source: io::Error,
    },
    /// A program ended with a failure. It has printed the reason.
    #[error("{title} failed; see its output above")]
    Failed {
        /// The title of the step that ran the program.
        title: String,
    },
    /// A server that a task started does not accept connections.
    #[error("{program} does not listen on port {port} after {seconds} s; run it by hand to see its output")]
    NotListening {
        /// The path of the program.
        program: String,
        /// The port that it should listen on.
        port: u16,
        /// The time that it was given, in seconds.
        seconds: u64,
    },
    /// Another program uses the port.
    #[error(
        "port {port} is in use; stop the program that uses it, or choose another port: cargo xtask play --port {other}",
        other = port.saturating_add(1)
    )]
    PortTaken {
        /// The port that the server cannot listen on.
        port: u16,
    },
    /// Debian packages are missing, and the user did not allow their installation.
    #[error("Debian packages are missing: {packages}\nInstall them: {command}\nOr let this task do it: add --install")]
    PackagesMissing {
        /// The names of the packages, separated by spaces.
        packages: String,
        /// The command that installs them.
        command: String,
    },
    /// No compiler for WebAssembly was found, and none can be installed.
    #[error(
        "no compiler has the target wasm32-unknown-unknown; run `rustup target add wasm32-unknown-unknown`, or use a \
         Debian system, which has the compiler as packages"
    )]
    NoWasmTarget,
    /// Chromium was not found, and it cannot be installed.
    #[error("Chromium was not found; install it, or set CHROMIUM to the path of its program")]
    NoChromium,
    /// A tool cannot be built.
    #[error("cannot install {tool} {version}; run `cargo install {tool} --version {version} --locked`")]
    ToolNotInstalled {
        /// The name of the tool's package.
        tool: &'static str,
        /// The version that this project needs.
        version: String,
        /// The failure of the build.
        #[source]
        source: Box<Error>,
    },
    /// Documents name files that do not exist.
    #[error("documents name {count} files that do not exist, listed above; correct the documents")]
    MissingFiles {
        /// How often they do.
        count: usize,
    },
    /// The disk has too little free space for a build.
    #[error(
        "the disk of {path} has {free_mb} MB free, but a build needs {needed_mb} MB; free some space, or set \
         CARGO_TARGET_DIR to a folder on another disk"
    )]
    DiskFull {
        /// The build folder.
        path: PathBuf,
        /// The free space, in MB.
        free_mb: u64,
        /// The space that a build needs, in MB.
        needed_mb: u64,
    },
    /// A file or folder cannot be read or written.
    #[error("cannot read or write {path}; check that it exists, and its permissions")]
    File {
        /// The path of the file or folder.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// Cargo.lock has no entry for a package.
    #[error("Cargo.lock has no package {0}; restore the file: git checkout Cargo.lock")]
    NotLocked(&'static str),
    /// A source file is not valid Rust.
    #[error("cannot parse {path}:{line}; run `cargo check` for the reason")]
    Syntax {
        /// The source file.
        path: PathBuf,
        /// The line of the error, counted from 1.
        line: usize,
        /// The error of the parser.
        source: syn::Error,
    },
    /// A module has no source file.
    #[error("{declared_in} declares the module {module}, but {first} and {second} do not exist; create one of them")]
    ModuleFileMissing {
        /// The name of the module.
        module: String,
        /// The file with the declaration.
        declared_in: PathBuf,
        /// The first place of the file.
        first: PathBuf,
        /// The second place of the file.
        second: PathBuf,
    },
    /// No crate has the name that the user gave.
    #[error("there is no crate {name}; the crates are {known}")]
    UnknownCrate {
        /// The name that the user gave.
        name: String,
        /// The names of all crates, separated by commas.
        known: String,
    },
    /// Sibling modules import each other in a cycle.
    #[error("sibling modules import each other: {count} cycle(s), listed above; move what both need to a third module")]
    ModuleCycles {
        /// The number of cycles in all crates.
        count: usize,
    },
    /// Steps of `cargo xtask test` failed.
    #[error("{failed} of {total} steps failed: {names}")]
    StepsFailed {
        /// The number of failed steps.
        failed: usize,
        /// The number of all steps, with those that were skipped.
        total: usize,
        /// The names of the failed steps, separated by commas.
        names: String,
    },
}

impl Error {
    /// Returns a function for `map_err` that adds the path to an I/O error.
    pub fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Error {
        let path = path.into();
        move |source| Error::File { path, source }
    }

    /// The message, followed by the messages of all sources.
    pub fn chain(&self) -> String {
        let mut text = self.to_string();
        let mut source = std::error::Error::source(self);
        while let Some(error) = source {
            text.push_str(": ");
            text.push_str(&error.to_string());
            source = error.source();
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chain_contains_the_source() {
        let error = Error::file("a.txt")(io::Error::other("disk removed"));
        assert_eq!(
            error.chain(),
            "cannot read or write a.txt; check that it exists, and its permissions: disk removed"
        );
    }
}
