//! Running other programs, saying what is being done and how long it took.

use std::{
    ffi::OsStr,
    process::{Command, Stdio},
    time::Instant,
};

use crate::{error::Error, workspace};

/// Cargo at the top of the checkout.
pub fn cargo<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Command {
    program("cargo", arguments)
}

/// A program at the top of the checkout.
pub fn program<A: AsRef<OsStr>>(name: impl AsRef<OsStr>, arguments: impl IntoIterator<Item = A>) -> Command {
    let mut command = Command::new(name);
    command.args(arguments).current_dir(workspace::root());
    command
}

/// Runs a command to its end and says how long it took.
///
/// # Errors
/// Where it cannot be run, or fails.
pub fn step(what: &str, command: &mut Command) -> Result<(), Error> {
    eprintln!("==> {what}");
    let started = Instant::now();
    let status = command.status().map_err(|source| missing(command, source))?;
    eprintln!("    {what}: {:.0?}", started.elapsed());
    if status.success() { Ok(()) } else { Err(Error::Failed { what: what.to_owned() }) }
}

/// Whether a command runs and succeeds, without a word.
pub fn succeeds(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// What a command prints, if it succeeds.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Installs Debian packages, where this is Debian and it is allowed.
pub fn apt_install(what: &str, packages: &[&str]) -> bool {
    if !succeeds(&mut program("apt-get", ["--version"])) {
        return false;
    }
    let is_root = output(&mut program("id", ["-u"])).is_some_and(|id| id == "0");
    let apt = |arguments: &[&str]| {
        let mut command = if is_root { program("apt-get", arguments) } else { program("sudo", ["apt-get"]) };
        if !is_root {
            command.args(arguments);
        }
        command.env("DEBIAN_FRONTEND", "noninteractive").stdout(Stdio::null());
        command
    };
    let install = [&["install", "--yes", "--no-install-recommends"], packages].concat();
    step("Updating the list of Debian packages", &mut apt(&["update"])).is_ok()
        && step(&format!("Installing {what} from Debian's packages"), &mut apt(&install)).is_ok()
}

fn missing(command: &Command, source: std::io::Error) -> Error {
    Error::Missing { program: command.get_program().to_string_lossy().into_owned(), source }
}
