//! Programs from Python's packages, each set in a virtual environment of its own in our folder of tools.

use std::{fs, path::PathBuf};

use crate::{error::Error, run, workspace};

/// The folder with the programs of the set `name`, once they are there as the file `requirements` pins them.
///
/// # Errors
/// Where they cannot be installed.
pub fn ensure(name: &str, requirements: &str) -> Result<PathBuf, Error> {
    let requirements = workspace::root().join(requirements);
    let pinned = fs::read_to_string(&requirements).map_err(Error::file(&requirements))?;
    let folder = workspace::tools().join(name);
    let (programs, stamp) = (folder.join("bin"), folder.join("requirements.txt"));
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == pinned) {
        return Ok(programs);
    }
    let make = ["-m", "venv", "--clear"].map(PathBuf::from).into_iter().chain([folder]);
    run::step(&format!("Making room for {name}"), &mut run::program("python3", make))?;
    let mut install = run::program(programs.join("pip"), ["install", "--quiet", "--requirement"]);
    run::step(&format!("Installing {name}"), install.arg(&requirements))?;
    // Last, so that half of it is not taken for all.
    fs::write(&stamp, pinned).map_err(Error::file(&stamp))?;
    Ok(programs)
}
