//! The compiler for the browser: rustup's WebAssembly target where it can be had, Debian's packages where not.

use std::{env, ffi::OsString, path::Path, process::Command};

use crate::{error::Error, run, workspace};

const TARGET: &str = "wasm32-unknown-unknown";

/// A compiler, linker and the standard library's source, which is then built along with the game.
pub const DEBIAN_PACKAGES: [&str; 5] = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-clippy", "lld-19"];

/// A way to compile for the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compiler {
    /// The compiler in use has the target.
    Rustup,
    /// Debian's compiler, ahead of the one in use.
    Debian,
}

impl Compiler {
    /// Finds one, or gets one.
    ///
    /// # Errors
    /// Where none can be had.
    pub fn ensure() -> Result<Compiler, Error> {
        if has_target() {
            return Ok(Compiler::Rustup);
        }
        if has_debian() {
            return Ok(Compiler::Debian);
        }
        eprintln!("==> Getting the WebAssembly target");
        if run::succeeds(&mut run::program("rustup", ["target", "add", TARGET])) && has_target() {
            return Ok(Compiler::Rustup);
        }
        eprintln!("    rustup cannot get it here");
        if run::apt_install("a compiler for WebAssembly", &DEBIAN_PACKAGES) && has_debian() {
            return Ok(Compiler::Debian);
        }
        Err(Error::NoWasmTarget)
    }

    /// Lets a command, and what it runs, compile for the browser with the tools of this project.
    pub fn set_up(self, command: &mut Command) {
        // A build folder of its own: two compilers in one would build everything again in turns.
        command.env("CARGO_TARGET_DIR", workspace::target().join("web"));
        let mut path = vec![workspace::tools().join("bin")];
        if self == Compiler::Debian {
            path.push("/usr/bin".into());
            command
                .env("RUSTC_BOOTSTRAP", "1")
                .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld-19");
        }
        let inherited = env::var_os("PATH").unwrap_or_default();
        path.extend(env::split_paths(&inherited));
        // Only a path with a colon in it cannot be joined, and those were split.
        let path: OsString = env::join_paths(path).unwrap_or(inherited);
        command.env("PATH", path);
        // Set by the cargo that runs this: they would bring its own compiler back.
        command.env_remove("RUSTUP_TOOLCHAIN").env_remove("CARGO").env_remove("RUSTC");
    }
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
