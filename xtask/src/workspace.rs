//! Where things are.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use crate::error::Error;

/// What a build of everything takes at most.
const NEEDED_MB: u64 = 6_000;

/// The top of the checkout.
pub fn root() -> PathBuf {
    // Cargo names the folder of this package, which is one below.
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(PathBuf::new, Path::to_owned)
}

/// Cargo's build folder.
pub fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// The built pages.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// Where tools are kept, for all checkouts: they take minutes to build.
pub fn tools() -> PathBuf {
    let home = env::var_os("HOME").map_or_else(|| PathBuf::from("."), PathBuf::from);
    let cache = env::var_os("XDG_CACHE_HOME").map_or_else(|| home.join(".cache"), PathBuf::from);
    cache.join("alien-attack/tools")
}

/// Refuses to begin a build that the disk cannot hold.
///
/// # Errors
/// Where less than a build's worth is free, unless the build folder holds one already.
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
