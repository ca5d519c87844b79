//! `backend rebuild`: the tables computed anew from the stream or the archive alone, beside the old ones, which they then
//! replace.

use std::{fs, path::Path, sync::Arc};

use tokio::sync::watch;

use crate::{
    archive::ArchivedStream,
    config::Config,
    engines::{EngineError, Engines, TABLES},
    processor::Progress,
    serve::ServeError,
    store::EmbeddedStore,
};

/// The tables in the making.
const UNFINISHED: &str = "tables.redb.new";
/// Where an archive is sorted meanwhile.
const SORTING: &str = "archive.sorting";

/// Computes the tables anew, from an archive where one is given; gives how many events that took. The server must not run
/// meanwhile.
///
/// # Errors
/// Where the stream or the archive cannot be read, or the tables not written; the old ones stay then.
pub async fn run(config: &Config, archive: Option<&Path>) -> Result<u64, ServeError> {
    let unfinished = config.data.join(UNFINISHED);
    if unfinished.exists() {
        fs::remove_file(&unfinished).map_err(|source| file(&unfinished, source))?;
    }
    // The old tables are opened, too: a server that still runs would go on writing to them.
    let engines = match archive {
        Some(archive) => over_archive(config, archive)?,
        None => Engines::open(config).await?,
    };
    let events = {
        let store = Arc::new(EmbeddedStore::open(&unfinished).map_err(EngineError::from)?);
        let processor = Engines { store, ..engines.clone() }.processor();
        processor.catch_up(&watch::channel(Progress::CaughtUp).0).await?;
        processor.meter().events()
    };
    drop(engines);
    let tables = config.data.join(TABLES);
    fs::rename(&unfinished, &tables).map_err(|source| file(&tables, source))?;
    Ok(events)
}

/// The server then reads from the stream's beginning what is still there: it changes nothing, or is not archived yet.
fn over_archive(config: &Config, archive: &Path) -> Result<Engines, ServeError> {
    let stream = ArchivedStream::open(archive, &config.data.join(SORTING))?;
    Engines::over(Arc::new(stream), &config.data)
}

fn file(path: &Path, source: std::io::Error) -> ServeError {
    ServeError::File { path: path.to_owned(), source }
}
