//! Installs and runs Node.js packages in a folder of the workspace.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::SystemTime,
};

use crate::{error::Error, run, workspace};

/// A folder whose Node.js packages are installed with the versions of its `package-lock.json`.
pub struct Packages {
    folder: PathBuf,
}

impl Packages {
    /// Installs the packages of a folder, given relative to the workspace's root, unless they are up to date.
    ///
    /// # Errors
    /// If `npm ci` cannot be started or fails.
    pub fn ensure(folder: &str) -> Result<Packages, Error> {
        let packages = Packages { folder: workspace::root().join(folder) };
        let installed = modified(&packages.folder.join("node_modules/.package-lock.json"));
        if installed.is_none() || installed < modified(&packages.folder.join("package-lock.json")) {
            run::step(&format!("Installing the npm packages of {folder}"), &mut packages.npm(&["ci"]))?;
        }
        Ok(packages)
    }

    /// Returns an npm command that runs in the folder.
    pub fn npm(&self, arguments: &[&str]) -> Command {
        self.program("npm".as_ref(), arguments)
    }

    /// Returns a command of an installed package.
    pub fn installed(&self, name: &str, arguments: &[&str]) -> Command {
        self.program(&self.folder.join("node_modules/.bin").join(name), arguments)
    }

    /// Returns a command of any program that runs in the folder.
    pub fn program(&self, name: &Path, arguments: &[&str]) -> Command {
        let mut program = run::program(name, arguments);
        program.current_dir(&self.folder);
        program
    }
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|file| file.modified()).ok()
}
