//! Runs other programs, and prints a title and the time for each.

use std::{
    ffi::OsStr,
    process::{Command, Stdio},
    time::Instant,
};

use crate::{error::Error, workspace};

/// Returns a cargo command that runs in the root folder of the workspace.
pub fn cargo<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Command {
    program("cargo", arguments)
}

/// Returns a command that runs in the root folder of the workspace.
pub fn program<A: AsRef<OsStr>>(name: impl AsRef<OsStr>, arguments: impl IntoIterator<Item = A>) -> Command {
    let mut command = Command::new(name);
    command.args(arguments).current_dir(workspace::root());
    command
}

/// Prints the title, runs the command to its end, and prints the time.
///
/// # Errors
/// If the command cannot be started, or ends with a failure.
pub fn step(title: &str, command: &mut Command) -> Result<(), Error> {
    eprintln!("==> {title}");
    let started = Instant::now();
    let status = command.status().map_err(|source| {
        let program = command.get_program().to_string_lossy().into_owned();
        Error::Start { program, source }
    })?;
    eprintln!("    {title}: {:.0?}", started.elapsed());
    if status.success() { Ok(()) } else { Err(Error::Failed { title: title.to_owned() }) }
}

/// Runs the command without output. Returns whether it succeeds.
pub fn succeeds(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// Runs the command and returns its standard output without surrounding whitespace, or `None` if it fails.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
