//! The data folder: the version of its format, and the parts that it must have.
//!
//! A part that was lost is reported, because an empty one in its place would look like that of a new folder. Only the
//! tables may be missing: they are computed again.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

/// The format of the data folders that this server uses. Folders without the file `format` have format 1.
pub const DATA_FORMAT: u32 = 2;
/// The file with the version of the format.
const FORMAT: &str = "format";
/// The name of that file until all parts of a new folder exist, or an upgrade is complete.
const UNFINISHED: &str = "format.new";
/// What that file says after the number.
const FORMAT_TEXT: &str = "\
The first line is the version of the format of this data folder. Servers of another version refuse to use the folder.
`backend upgrade --data DIR` brings a folder of an earlier version to that of the server.
";

/// The file of the tables in the data folder.
pub const TABLES: &str = "tables.redb";
/// The file of the registry in the data folder.
pub const REGISTRY: &str = "registry.redb";
/// The folder of the event log in the data folder.
pub const EVENT_LOG: &str = "events";
/// The extension of the files to which the event log appends. There is always at least one.
const JOURNAL: &str = "jnl";

/// What to do if a part of a folder that is in use is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MissingParts {
    /// Refuse the folder.
    Refuse,
    /// Create an empty part.
    Create,
}

/// Why a data folder cannot be used, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum DataFolderError {
    /// A file cannot be read or written.
    #[error("cannot use {path}; check its permissions and the free space on its disk")]
    File {
        /// The file or folder.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// An earlier server wrote the folder.
    #[error(
        "the data folder {path} has format {found} of an earlier server, but this one uses format {DATA_FORMAT}; run: \
         backend upgrade --data {path}"
    )]
    Older {
        /// The folder.
        path: PathBuf,
        /// Its format.
        found: u32,
    },
    /// A later server wrote the folder.
    #[error(
        "the data folder {path} has format {found} of a newer server, but this one uses format {DATA_FORMAT}; update this \
         server, or choose another folder with --data"
    )]
    Newer {
        /// The folder.
        path: PathBuf,
        /// Its format.
        found: u32,
    },
    /// The file with the version has another content.
    #[error("{0} does not begin with the version of the data folder's format; restore it from a copy of the folder")]
    NoVersion(PathBuf),
    /// The registry is missing or empty.
    #[error(
        "{0} is missing or empty, although the data folder is in use; restore it from a copy, or start once with \
         --create-missing to begin without accounts and sessions"
    )]
    NoRegistry(PathBuf),
    /// The folder of the event log is missing.
    #[error(
        "{0} is missing, although the data folder is in use; restore it from a copy, rebuild the tables from an archive \
         (backend rebuild --from-archive DIR), or start once with --create-missing to begin without games"
    )]
    NoEventLog(PathBuf),
    /// The folder of the event log has lost its journal.
    #[error(
        "{0} has no journal (*.jnl), so events are missing; restore the folder from a copy, or move it away and rebuild the \
         tables from an archive: backend rebuild --from-archive DIR"
    )]
    NoJournal(PathBuf),
    /// The tables of an older folder are missing.
    #[error(
        "{0} is missing, so the results of the games are not known; start the earlier server once, so that it computes them"
    )]
    NoTables(PathBuf),
    /// The event log has fewer records than the tables were computed from.
    #[error(
        "{path} ends before record {processed}, which the tables contain, so events are missing; restore the folder from a \
         copy, or move it away and rebuild the tables from an archive: backend rebuild --from-archive DIR"
    )]
    LostEvents {
        /// The folder of the event log.
        path: PathBuf,
        /// The number of the last record that was processed.
        processed: u64,
    },
}

/// A data folder of the current format, or a new one.
#[derive(Debug)]
pub struct DataFolder {
    path: PathBuf,
    is_new: bool,
}

impl DataFolder {
    /// Opens a folder, which is created if missing.
    ///
    /// # Errors
    /// If the folder has another format, or cannot be read or created.
    pub fn open(path: &Path) -> Result<DataFolder, DataFolderError> {
        fs::create_dir_all(path).map_err(|source| failed(path, source))?;
        let folder = |is_new| DataFolder { path: path.to_owned(), is_new };
        match read_format(path)? {
            None => {
                // It marks the folder as new until all parts exist, even if the server is killed before that.
                write_format(&path.join(UNFINISHED))?;
                Ok(folder(true))
            }
            Some(DATA_FORMAT) => Ok(folder(false)),
            Some(found) if found > DATA_FORMAT => Err(DataFolderError::Newer { path: path.to_owned(), found }),
            Some(found) => Err(DataFolderError::Older { path: path.to_owned(), found }),
        }
    }

    /// Opens a folder of an earlier format. `None` if it has the current one, or is new.
    ///
    /// # Errors
    /// If the folder has a later format, or cannot be read.
    pub fn open_older(path: &Path) -> Result<Option<DataFolder>, DataFolderError> {
        match read_format(path)? {
            None | Some(DATA_FORMAT) => Ok(None),
            Some(found) if found > DATA_FORMAT => Err(DataFolderError::Newer { path: path.to_owned(), found }),
            Some(_) => Ok(Some(DataFolder { path: path.to_owned(), is_new: false })),
        }
    }

    /// Checks that the registry exists, unless the folder is new or lost parts are to be created.
    ///
    /// # Errors
    /// [`DataFolderError::NoRegistry`].
    pub fn require_registry(&self, missing: MissingParts) -> Result<(), DataFolderError> {
        let registry = self.path.join(REGISTRY);
        match self.is_new || missing == MissingParts::Create || has_content(&registry) {
            true => Ok(()),
            false => Err(DataFolderError::NoRegistry(registry)),
        }
    }

    /// Checks that the event log exists, unless the folder is new or lost parts are to be created. Without a log there may
    /// still be tables: those of an archive.
    ///
    /// # Errors
    /// [`DataFolderError::NoEventLog`] or [`DataFolderError::NoJournal`].
    pub fn require_event_log(&self, missing: MissingParts) -> Result<(), DataFolderError> {
        let events = self.path.join(EVENT_LOG);
        if self.is_new || has_journal(&events) {
            return Ok(());
        }
        if events.exists() {
            return Err(DataFolderError::NoJournal(events));
        }
        match missing == MissingParts::Create || has_content(&self.path.join(TABLES)) {
            true => Ok(()),
            false => Err(DataFolderError::NoEventLog(events)),
        }
    }

    /// Whether the folder of the event log exists.
    pub fn has_event_log(&self) -> bool {
        self.path.join(EVENT_LOG).exists()
    }

    /// Checks that the event log has the last record that was processed; `next` is the number of its next record.
    ///
    /// # Errors
    /// [`DataFolderError::LostEvents`].
    pub fn require_event(&self, processed: u64, next: u64) -> Result<(), DataFolderError> {
        match processed < next {
            true => Ok(()),
            false => Err(DataFolderError::LostEvents { path: self.path.join(EVENT_LOG), processed }),
        }
    }

    /// Logs a warning if a folder in use has no tables. The processor computes them again.
    pub fn warn_of_missing_tables(&self) {
        let tables = self.path.join(TABLES);
        if !self.is_new && !has_content(&tables) {
            tracing::warn!(path = %tables.display(), "the tables are missing; computing them again from the event log");
        }
    }

    /// The path of the folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Marks the folder as complete. All parts exist now.
    ///
    /// # Errors
    /// [`DataFolderError::File`].
    pub fn complete(&self) -> Result<(), DataFolderError> {
        if !self.is_new {
            return Ok(());
        }
        set_current_format(&self.path)
    }
}

/// The version of a folder's format; `None` for a new folder.
///
/// # Errors
/// If the folder cannot be read.
pub fn read_format(path: &Path) -> Result<Option<u32>, DataFolderError> {
    let file = path.join(FORMAT);
    match fs::read_to_string(&file) {
        Ok(text) => {
            let version = text.lines().next().and_then(|line| line.trim().parse().ok());
            version.map(Some).ok_or(DataFolderError::NoVersion(file))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let is_new = path.join(UNFINISHED).exists() || !is_in_use(path);
            Ok((!is_new).then_some(1))
        }
        Err(source) => Err(failed(&file, source)),
    }
}

/// Gives a folder the current format. After a crash it has either the former one or this.
///
/// # Errors
/// [`DataFolderError::File`].
pub fn set_current_format(path: &Path) -> Result<(), DataFolderError> {
    let (unfinished, file) = (path.join(UNFINISHED), path.join(FORMAT));
    write_format(&unfinished)?;
    fs::rename(unfinished, &file).map_err(|source| failed(&file, source))?;
    File::open(path).and_then(|folder| folder.sync_all()).map_err(|source| failed(path, source))
}

/// Whether a server has stored something in the folder that cannot be computed again.
pub fn is_in_use(path: &Path) -> bool {
    [FORMAT, EVENT_LOG, REGISTRY, TABLES].iter().any(|part| path.join(part).exists())
}

fn write_format(file: &Path) -> Result<(), DataFolderError> {
    let write = || {
        let mut file = File::create(file)?;
        file.write_all(format!("{DATA_FORMAT}\n{FORMAT_TEXT}").as_bytes())?;
        file.sync_all()
    };
    write().map_err(|source| failed(file, source))
}

fn has_content(file: &Path) -> bool {
    fs::metadata(file).is_ok_and(|metadata| metadata.len() > 0)
}

fn has_journal(events: &Path) -> bool {
    let is_journal = |entry: io::Result<fs::DirEntry>| {
        entry.is_ok_and(|entry| entry.path().extension().is_some_and(|extension| extension == JOURNAL))
    };
    fs::read_dir(events).is_ok_and(|mut entries| entries.any(is_journal))
}

fn failed(path: &Path, source: io::Error) -> DataFolderError {
    DataFolderError::File { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn folder_with(files: &[(&str, &str)]) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        folder
    }

    #[test]
    fn a_new_folder_gets_the_current_format_when_it_is_complete() {
        let folder = folder_with(&[("key", "k"), ("short.toml", "")]);
        // The server is killed before and after it creates a part.
        assert!(DataFolder::open(folder.path()).unwrap().is_new);
        fs::write(folder.path().join(REGISTRY), "r").unwrap();
        let opened = DataFolder::open(folder.path()).unwrap();
        assert!(opened.is_new);
        opened.complete().unwrap();
        assert!(!DataFolder::open(folder.path()).unwrap().is_new);
        let text = fs::read_to_string(folder.path().join(FORMAT)).unwrap();
        assert!(text.starts_with("2\n") && text.contains("backend upgrade"), "{text}");
    }

    #[test]
    fn a_folder_of_another_format_is_refused_with_the_way() {
        let without = folder_with(&[(REGISTRY, "r")]);
        let error = DataFolder::open(without.path()).unwrap_err().to_string();
        assert!(error.contains("format 1") && error.contains("backend upgrade --data"), "{error}");
        let newer = folder_with(&[(FORMAT, "3\n")]);
        let error = DataFolder::open(newer.path()).unwrap_err().to_string();
        assert!(error.contains("format 3") && error.contains("update this server"), "{error}");
        let damaged = folder_with(&[(FORMAT, "")]);
        assert!(matches!(DataFolder::open(damaged.path()), Err(DataFolderError::NoVersion(_))));
    }

    #[test]
    fn a_lost_part_is_refused() {
        let current = (FORMAT, "2\n");
        let lost = |files: &[(&str, &str)], missing| {
            let folder = folder_with(&[&[current], files].concat());
            let opened = DataFolder::open(folder.path()).unwrap();
            let checked = opened.require_registry(missing).and_then(|()| opened.require_event_log(missing));
            checked.err().map(|error| error.to_string())
        };
        let complete = [(REGISTRY, "r"), ("events/0.jnl", ""), (TABLES, "t")];
        assert_eq!(lost(&complete, MissingParts::Refuse), None);
        assert_eq!(lost(&complete[..2], MissingParts::Refuse), None, "tables are computed again");
        assert_eq!(lost(&[complete[0], complete[2]], MissingParts::Refuse), None, "tables of an archive");
        for (files, words) in [
            (&[(REGISTRY, ""), complete[1]][..], "registry.redb is missing or empty"),
            (&complete[1..], "registry.redb is missing or empty"),
            (&complete[..1], "events is missing"),
            (&[complete[0], ("events/version", ""), complete[2]], "events has no journal"),
        ] {
            let error = lost(files, MissingParts::Refuse).unwrap();
            assert!(error.contains(words), "{error}");
            let is_refused = lost(files, MissingParts::Create).is_some();
            assert_eq!(is_refused, words.contains("journal"), "{words}");
        }
    }
}
