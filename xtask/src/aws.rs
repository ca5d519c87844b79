//! The local AWS that the tests of the AWS engine run on, in a virtual environment of Python's in our folder of tools.

use std::{fs, path::PathBuf};

use crate::{error::Error, run, workspace};

/// The folder with the programs of the local AWS, once it is there as it is pinned.
///
/// # Errors
/// Where it cannot be installed.
pub fn ensure() -> Result<PathBuf, Error> {
    let requirements = workspace::root().join("backend/tests/requirements.txt");
    let pinned = fs::read_to_string(&requirements).map_err(Error::file(&requirements))?;
    let folder = workspace::tools().join("aws");
    let (programs, stamp) = (folder.join("bin"), folder.join("requirements.txt"));
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == pinned) {
        return Ok(programs);
    }
    let make = ["-m", "venv", "--clear"].map(PathBuf::from).into_iter().chain([folder]);
    run::step("Making room for a local AWS", &mut run::program("python3", make))?;
    let mut install = run::program(programs.join("pip"), ["install", "--quiet", "--requirement"]);
    run::step("Installing the local AWS", install.arg(&requirements))?;
    // Last, so that half of it is not taken for all.
    fs::write(&stamp, pinned).map_err(Error::file(&stamp))?;
    Ok(programs)
}
