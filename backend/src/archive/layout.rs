//! The folders and file names of an archive.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use jiff::civil::Date;

use crate::engine::stream::{ExtendedSequenceNumber, ShardId};

const EXTENSION: &str = ".json.gz";

/// The folder of a day, below the archive's folder.
pub fn day_folder(archive: &Path, day: Date) -> PathBuf {
    let (year, month, day) = (day.year(), day.month(), day.day());
    archive.join(format!("year={year:04}/month={month:02}/day={day:02}"))
}

/// The name of a file with the records of a shard from `first` to `last`.
pub fn file_name(shard: &ShardId, first: &ExtendedSequenceNumber, last: &ExtendedSequenceNumber) -> String {
    format!("{shard}_{first}_{last}{EXTENSION}")
}

/// The shard and the last sequence number in a file's name. `None` for files that this server did not write, and for
/// incomplete ones.
pub fn parse_name(file: &Path) -> Option<(ShardId, ExtendedSequenceNumber)> {
    if is_hidden(file) {
        return None;
    }
    let name = file.file_name()?.to_str()?;
    let mut parts = name.strip_suffix(EXTENSION)?.split('_');
    let (shard, _, last) = (parts.next()?, parts.next()?, parts.next()?);
    Some((ShardId(shard.to_owned()), last.parse().ok()?))
}

/// Whether a file is hidden. Files are hidden until they are complete.
pub fn is_hidden(file: &Path) -> bool {
    file.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

/// All files below a folder, in any order.
pub fn list_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        match path.is_dir() {
            true => files.extend(list_files(&path)?),
            false => files.push(path),
        }
    }
    Ok(files)
}
