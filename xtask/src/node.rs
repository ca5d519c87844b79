//! Folders with packages of Node.js.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::SystemTime,
};

use crate::{error::Error, run, workspace};

/// A folder of the checkout whose packages are installed as its package-lock.json pins them.
pub struct Packages {
    folder: PathBuf,
}

impl Packages {
    /// Installs them, where that is due.
    ///
    /// # Errors
    /// Where they cannot be installed.
    pub fn ensure(folder: &str) -> Result<Packages, Error> {
        let packages = Packages { folder: workspace::root().join(folder) };
        let installed = modified(&packages.folder.join("node_modules/.package-lock.json"));
        if installed.is_none() || installed < modified(&packages.folder.join("package-lock.json")) {
            run::step(&format!("Installing the packages of {folder}"), &mut packages.npm(&["ci"]))?;
        }
        Ok(packages)
    }

    /// An npm command there.
    pub fn npm(&self, arguments: &[&str]) -> Command {
        self.program("npm".as_ref(), arguments)
    }

    /// A program of theirs.
    pub fn own(&self, name: &str, arguments: &[&str]) -> Command {
        self.program(&self.folder.join("node_modules/.bin").join(name), arguments)
    }

    /// Any program, run there.
    pub fn program(&self, name: &Path, arguments: &[&str]) -> Command {
        let mut program = run::program(name, arguments);
        program.current_dir(&self.folder);
        program
    }
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|file| file.modified()).ok()
}
