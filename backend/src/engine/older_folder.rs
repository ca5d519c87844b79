//! A data folder of format 1, from a server of rules version 2, to be upgraded.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    DataFolderError, EngineError, TABLES,
    data_folder::{DataFolder, set_current_format},
    open_event_log, open_registry,
    registry::Registry,
    store::Format8Tables,
    stream::{EmbeddedStream, Stream},
};
use crate::engine::MissingParts;

/// The name that the tables of format 8 get in the upgraded folder.
const OLD_TABLES: &str = "tables-v8.redb";

/// An open data folder of format 1. Meanwhile no server can use it.
pub struct OlderFolder {
    folder: DataFolder,
    stream: Arc<dyn Stream>,
    /// Kept open, so that no server starts.
    _registry: Arc<dyn Registry>,
    tables: Option<Format8Tables>,
}

impl OlderFolder {
    /// Opens a folder. `None` if it has the current format, or is new.
    ///
    /// # Errors
    /// If the folder has a later format or has lost a part, or an engine cannot be opened.
    pub fn open(data: &Path) -> Result<Option<OlderFolder>, EngineError> {
        let Some(folder) = DataFolder::open_older(data)? else {
            return Ok(None);
        };
        let stream = open_event_log(&folder, MissingParts::Refuse)?;
        let registry = open_registry(&folder, MissingParts::Refuse)?;
        let tables = data.join(TABLES);
        let tables = match tables.exists() {
            true => Some(Format8Tables::open(&tables)?),
            // An interrupted upgrade has read the tables, or there was never a game.
            false if data.join(OLD_TABLES).exists() || stream.next_number() == 0 => None,
            false => return Err(DataFolderError::NoTables(tables).into()),
        };
        Ok(Some(OlderFolder { folder, stream: Arc::new(stream), _registry: Arc::new(registry), tables }))
    }

    /// The event log.
    pub fn stream(&self) -> &Arc<dyn Stream> {
        &self.stream
    }

    /// The tables. `None` if they were read before.
    pub fn tables(&self) -> Option<&Format8Tables> {
        self.tables.as_ref()
    }

    /// The number of the last record that the tables contain; `None` if they contain none.
    ///
    /// # Errors
    /// If the tables cannot be read.
    pub fn last_processed(&self) -> Result<Option<u64>, EngineError> {
        match &self.tables {
            Some(tables) => Ok(tables.last_processed(EmbeddedStream::SHARD)?),
            None => Ok(None),
        }
    }

    /// Gives the folder the current format. The tables stay under another name, which is returned.
    ///
    /// # Errors
    /// If a file cannot be renamed or written. The same call can be repeated.
    pub fn complete(self) -> Result<Option<PathBuf>, EngineError> {
        let data = self.folder.path();
        let kept = match &self.tables {
            Some(tables) => {
                let kept = data.join(OLD_TABLES);
                let failed = |source| DataFolderError::File { path: kept.clone(), source };
                fs::rename(tables.path(), &kept).map_err(failed)?;
                Some(kept)
            }
            None => None,
        };
        set_current_format(data)?;
        Ok(kept)
    }
}
