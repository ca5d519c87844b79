//! The folders of the workspace, and the space on their disk.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use crate::error::Error;

/// The space that a complete build needs, in MB.
const NEEDED_MB: u64 = 6_000;

/// The root folder of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(PathBuf::new, Path::to_owned)
}

/// The build folder of cargo.
pub fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// The folder with the built pages.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// The folder with the installed tools. All checkouts share it, because some tools take minutes to build.
pub fn tools() -> PathBuf {
    let home = env::var_os("HOME").map_or_else(|| PathBuf::from("."), PathBuf::from);
    let cache = env::var_os("XDG_CACHE_HOME").map_or_else(|| home.join(".cache"), PathBuf::from);
    cache.join("alien-attack/tools")
}

/// Checks that the disk has enough space for a build. Skips the check if the build folder already has a build.
///
/// # Errors
/// If there is too little space, or the build folder cannot be created.
pub fn check_space() -> Result<(), Error> {
    let path = target();
    if path.join("web").exists() {
        return Ok(());
    }
    fs::create_dir_all(&path).map_err(Error::file(&path))?;
    let free_mb = fs4::available_space(&path).map_err(Error::file(&path))? / 1_000_000;
    if free_mb < NEEDED_MB {
        return Err(Error::DiskFull { path, free_mb, needed_mb: NEEDED_MB });
    }
    Ok(())
}
