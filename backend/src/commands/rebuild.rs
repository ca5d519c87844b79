//! `backend rebuild`: the tables computed anew from the stream or the archive alone.

use std::{fs, path::Path, sync::Arc};

use tokio::sync::watch;

use crate::{
    archive::ArchivedStream,
    domain::{
        processor::{Processor, Progress},
        processor_status::ProcessorStatus,
    },
    engine::{EngineError, EngineSettings, Engines, TABLES, store::EmbeddedStore},
    server::ServeError,
    settings::Config,
};

/// The tables in the making.
const UNFINISHED: &str = "tables.redb.new";
/// Where an archive is sorted meanwhile.
const SORTING: &str = "archive.sorting";

/// Computes the tables anew, from an archive where one is given; gives how many events that took. No server and no
/// processor may run meanwhile.
///
/// # Errors
/// Where the stream or the archive cannot be read, or the tables not written; the old ones stay then.
pub async fn run(config: &Config, archive: Option<&Path>) -> Result<u64, ServeError> {
    let settings = config.engine()?;
    let engines = match archive {
        // The server then reads from the stream's beginning what is still there: it changes nothing, or is new.
        Some(archive) => {
            let stream = Arc::new(ArchivedStream::open(archive, &config.data.join(SORTING))?);
            match &settings {
                EngineSettings::Embedded { data } => Engines::with_embedded_tables(stream, data)?,
                EngineSettings::Aws(aws) => Engines::with_dynamodb_tables(stream, aws).await?,
            }
        }
        None => Engines::open(&settings).await?,
    };
    match settings {
        EngineSettings::Embedded { .. } => beside(config, engines).await,
        // A DynamoDB table cannot replace another one: the operator has deleted it before.
        EngineSettings::Aws(_) => replay(&engines).await,
    }
}

/// Computes tables beside the old ones, which they then replace.
async fn beside(config: &Config, old: Engines) -> Result<u64, ServeError> {
    let unfinished = config.data.join(UNFINISHED);
    if unfinished.exists() {
        fs::remove_file(&unfinished).map_err(|source| file(&unfinished, source))?;
    }
    let events = {
        let store = Arc::new(EmbeddedStore::open(&unfinished).map_err(EngineError::from)?);
        replay(&Engines { store, ..old.clone() }).await?
    };
    // Until here the old tables were open, so that no server could go on writing to them.
    drop(old);
    let tables = config.data.join(TABLES);
    fs::rename(&unfinished, &tables).map_err(|source| file(&tables, source))?;
    Ok(events)
}

async fn replay(engines: &Engines) -> Result<u64, ServeError> {
    let status = ProcessorStatus::new(Arc::clone(&engines.store));
    let passed = async || status.progress().await.map_err(EngineError::from);
    let before = passed().await?;
    Processor::new(&engines).catch_up(&watch::channel(Progress::CaughtUp).0).await?;
    Ok(passed().await?.events - before.events)
}

fn file(path: &Path, source: std::io::Error) -> ServeError {
    ServeError::File { path: path.to_owned(), source }
}
