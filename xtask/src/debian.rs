//! Installs Debian packages, but only if the user allows it.

use std::process::{Command, Stdio};

use crate::{error::Error, run};

/// The arguments of `apt-get` before the names of the packages.
const INSTALL: [&str; 3] = ["install", "--yes", "--no-install-recommends"];

/// Whether a task may install Debian packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Install {
    /// The task installs missing packages. It uses `sudo` unless it runs as root.
    Allowed,
    /// The task prints the command that installs missing packages, and fails.
    Forbidden,
}

impl Install {
    /// Installs the packages.
    ///
    /// # Errors
    /// If installation is not allowed, or apt-get fails.
    pub fn packages(self, packages: &[&str]) -> Result<(), Error> {
        let is_root = is_root();
        if self == Install::Forbidden {
            return Err(Error::PackagesMissing {
                packages: packages.join(" "),
                command: command_line(packages, is_root),
            });
        }
        run::step("Updating the list of Debian packages", &mut apt_get(&["update"], is_root))?;
        let title = format!("Installing the Debian packages {}", packages.join(" "));
        run::step(&title, &mut apt_get(&[&INSTALL, packages].concat(), is_root))
    }
}

/// Whether this system has `apt-get`.
pub fn has_apt_get() -> bool {
    run::succeeds(&mut run::program("apt-get", ["--version"]))
}

fn is_root() -> bool {
    run::output(&mut run::program("id", ["-u"])).is_some_and(|id| id == "0")
}

/// The command that a user can copy into a shell.
fn command_line(packages: &[&str], is_root: bool) -> String {
    let apt_get = if is_root { "apt-get" } else { "sudo apt-get" };
    format!("{apt_get} update && {apt_get} {} {}", INSTALL.join(" "), packages.join(" "))
}

fn apt_get(arguments: &[&str], is_root: bool) -> Command {
    let mut command = if is_root { run::program("apt-get", [""; 0]) } else { run::program("sudo", ["apt-get"]) };
    command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").stdout(Stdio::null());
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forbidden_installation_fails_with_the_command() {
        let error = Install::Forbidden.packages(&["chromium", "lld-19"]).unwrap_err();
        let Error::PackagesMissing { packages, command } = error else { panic!("{error}") };
        assert_eq!(packages, "chromium lld-19");
        assert!(command.ends_with("apt-get install --yes --no-install-recommends chromium lld-19"), "{command}");
    }

    #[test]
    fn root_needs_no_sudo() {
        assert!(!command_line(&["chromium"], true).contains("sudo"));
        assert_eq!(command_line(&["chromium"], false).matches("sudo apt-get").count(), 2);
        assert_eq!(apt_get(&["update"], true).get_program(), "apt-get");
        assert_eq!(apt_get(&["update"], false).get_program(), "sudo");
    }
}
