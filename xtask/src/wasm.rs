//! Finds or installs a compiler for the browser: rustup's WebAssembly target, or the packages of Debian.

use std::{env, ffi::OsString, path::Path, process::Command};

use crate::{
    debian::{self, Install},
    error::Error,
    run, workspace,
};

const TARGET: &str = "wasm32-unknown-unknown";

/// Debian's compiler, its linker, and the source of the standard library, which cargo then builds with the game.
const DEBIAN_PACKAGES: [&str; 5] = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-clippy", "lld-19"];

/// A compiler for the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compiler {
    /// The compiler that runs this task. It has the target.
    Rustup,
    /// Debian's compiler in `/usr/bin`. It comes before others on the PATH.
    Debian,
}

impl Compiler {
    /// Finds a compiler, or installs one.
    ///
    /// # Errors
    /// If there is no compiler, and none may or can be installed.
    pub fn ensure(install: Install) -> Result<Compiler, Error> {
        if let Some(compiler) = find().or_else(add_target) {
            return Ok(compiler);
        }
        if !debian::has_apt_get() {
            return Err(Error::NoWasmTarget);
        }
        install.packages(&DEBIAN_PACKAGES)?;
        find().ok_or(Error::NoWasmTarget)
    }

    /// Sets the environment of a command so that it compiles for the browser with the tools of this project.
    pub fn set_up(self, command: &mut Command) {
        // If two compilers shared a build folder, each would discard the other's builds.
        command.env("CARGO_TARGET_DIR", workspace::target().join("web"));
        let mut path = vec![workspace::tools().join("bin")];
        if self == Compiler::Debian {
            path.push("/usr/bin".into());
            command
                // Building the standard library needs unstable features.
                .env("RUSTC_BOOTSTRAP", "1")
                .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld-19");
        }
        let inherited = env::var_os("PATH").unwrap_or_default();
        path.extend(env::split_paths(&inherited));
        // `join_paths` fails only for a folder with a colon in its name.
        let path: OsString = env::join_paths(path).unwrap_or(inherited);
        command.env("PATH", path);
        // The outer cargo sets these. They would select its compiler again.
        command.env_remove("RUSTUP_TOOLCHAIN").env_remove("CARGO").env_remove("RUSTC");
    }
}

/// Tries to add rustup's target, and returns the Debian packages that [`Compiler::ensure`] would still have to install.
pub fn add_target_or_list_packages() -> &'static [&'static str] {
    if find().or_else(add_target).is_some() { &[] } else { &DEBIAN_PACKAGES }
}

fn find() -> Option<Compiler> {
    if has_target() {
        Some(Compiler::Rustup)
    } else if has_debian() {
        Some(Compiler::Debian)
    } else {
        None
    }
}

fn add_target() -> Option<Compiler> {
    eprintln!("==> Adding the target {TARGET} by rustup");
    if run::succeeds(&mut run::program("rustup", ["target", "add", TARGET])) && has_target() {
        return Some(Compiler::Rustup);
    }
    eprintln!("    rustup cannot add it; Debian's compiler is needed");
    None
}

fn has_target() -> bool {
    run::output(&mut run::program("rustc", ["--print", "target-libdir", "--target", TARGET]))
        .is_some_and(|folder| Path::new(&folder).is_dir())
}

fn has_debian() -> bool {
    let source = run::output(&mut run::program("/usr/bin/rustc", ["--print", "sysroot"]))
        .is_some_and(|sysroot| Path::new(&sysroot).join("lib/rustlib/src/rust/library/std").is_dir());
    source
        && Path::new("/usr/bin/cargo").exists()
        && Path::new("/usr/bin/cargo-clippy").exists()
        && Path::new("/usr/bin/wasm-ld-19").exists()
}
