//! Installs Python packages, each set in a virtual environment in the folder of tools.

use std::{fs, path::PathBuf};

use crate::{error::Error, run, workspace};

/// Installs the packages of the file `requirements`, unless they are up to date, and returns the folder with their
/// programs.
///
/// `name` is the name of the virtual environment. `requirements` is relative to the workspace's root.
///
/// # Errors
/// If the file cannot be read, or the packages cannot be installed.
pub fn ensure(name: &str, requirements: &str) -> Result<PathBuf, Error> {
    let requirements = workspace::root().join(requirements);
    let pinned = fs::read_to_string(&requirements).map_err(Error::file(&requirements))?;
    let folder = workspace::tools().join(name);
    let (programs, stamp) = (folder.join("bin"), folder.join("requirements.txt"));
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == pinned) {
        return Ok(programs);
    }
    let create = ["-m", "venv", "--clear"].map(PathBuf::from).into_iter().chain([folder]);
    run::step(&format!("Creating the Python environment {name}"), &mut run::program("python3", create))?;
    let mut install = run::program(programs.join("pip"), ["install", "--quiet", "--requirement"]);
    run::step(&format!("Installing the Python packages of {name}"), install.arg(&requirements))?;
    // Written last, so that the next run repeats an interrupted installation.
    fs::write(&stamp, pinned).map_err(Error::file(&stamp))?;
    Ok(programs)
}
