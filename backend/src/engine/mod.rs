//! The interfaces to all stored data, and the engines behind them: the stream of records, the store of derived tables,
//! and the registry of accounts, sessions and seats. Engines are embedded, in a data folder, or on AWS.

mod aws;
mod data_folder;
mod dynamodb;
mod error;
mod latest_time;
mod older_folder;
mod redb_tables;
pub mod registry;
pub mod store;
pub mod stream;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

pub use data_folder::{DataFolder, DataFolderError, MissingParts, TABLES, is_in_use};
pub use error::OperationError;
pub use latest_time::LatestTimeError;
pub use older_folder::OlderFolder;

use self::{
    data_folder::{EVENT_LOG, REGISTRY},
    registry::{DynamoRegistry, EmbeddedRegistry, Registry, RegistryError},
    store::{DynamoStore, EmbeddedStore, Store, StoreError},
    stream::{EmbeddedStream, KinesisStream, Stream, StreamError},
};

/// Which engines to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EngineSettings {
    /// Stream, store and registry in a data folder of this machine, for one process.
    Embedded {
        /// The data folder; created if missing.
        data: PathBuf,
        /// What to do if a part of the folder is missing.
        missing: MissingParts,
    },
    /// Kinesis, DynamoDB and SQS, shared by any number of processes.
    Aws(AwsSettings),
}

/// The names of the resources on AWS. Region, credentials and endpoint come from the AWS SDK's usual sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwsSettings {
    /// The Kinesis stream.
    pub stream: String,
    /// Shards of the stream if it has to be created; `None` to require that it exists.
    pub create_shards: Option<u16>,
    /// The prefix of the DynamoDB tables `PREFIX-tables` and `PREFIX-registry` and of the SQS queue
    /// `PREFIX-dead-letters`.
    pub prefix: String,
    /// Whether to create tables and queue if they do not exist.
    pub create_tables: bool,
}

/// Why an engine cannot be opened, and what to do about it. [`error_chain`](crate::error_chain::error_chain) adds the causes.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The data folder cannot be used.
    #[error(transparent)]
    Folder(#[from] DataFolderError),
    /// The event log cannot be opened.
    #[error("cannot use the event log; if another server uses this data folder, stop it or choose another with --data")]
    Stream(#[from] StreamError),
    /// The Kinesis stream cannot be opened.
    #[error(
        "cannot use the Kinesis stream {stream}; check region, credentials and name, or create the stream with --kinesis-shards"
    )]
    Kinesis {
        /// The name of the stream.
        stream: String,
        /// The cause.
        source: StreamError,
    },
    /// The tables cannot be used.
    #[error("cannot use the tables; stop the server and compute them again: backend rebuild --data DIR")]
    Store(#[from] StoreError),
    /// The registry cannot be used.
    #[error(
        "cannot use registry.redb in the data folder; if another server uses this data folder, stop it; if the file is \
         damaged, restore a copy of it"
    )]
    Registry(#[from] RegistryError),
    /// The tables on DynamoDB cannot be used.
    #[error("cannot use the tables; check region, credentials and prefix, or create the tables with --dynamodb-create")]
    DynamoStore(#[source] StoreError),
    /// The registry on DynamoDB cannot be used.
    #[error(
        "cannot use the registry; check region, credentials and prefix, or create the tables with --dynamodb-create"
    )]
    DynamoRegistry(#[source] RegistryError),
}

/// Stream and registry, from which the tables can be computed again.
pub type SourceEngines = (Arc<dyn Stream>, Arc<dyn Registry>);

/// The open engines.
#[derive(Clone)]
pub struct Engines {
    /// The log of all records.
    pub stream: Arc<dyn Stream>,
    /// The tables that are derived from the stream.
    pub store: Arc<dyn Store>,
    /// Accounts, sessions and seats.
    pub registry: Arc<dyn Registry>,
}

impl Engines {
    /// Opens the engines that the settings name.
    ///
    /// # Errors
    /// [`EngineError`] if one cannot be opened.
    pub async fn open(settings: &EngineSettings) -> Result<Engines, EngineError> {
        match settings {
            EngineSettings::Embedded { data, missing } => Engines::in_folder(data, *missing),
            EngineSettings::Aws(aws) => Ok(Engines::on_aws(aws).await?.0),
        }
    }

    /// Opens stream, store and registry in a data folder that has all its parts, or is new.
    ///
    /// # Errors
    /// [`EngineError`] if the folder cannot be used, has another format or has lost a part, or an engine cannot be opened.
    pub fn embedded(data: &Path) -> Result<Engines, EngineError> {
        Engines::in_folder(data, MissingParts::Refuse)
    }

    fn in_folder(data: &Path, missing: MissingParts) -> Result<Engines, EngineError> {
        let folder = DataFolder::open(data)?;
        folder.require_registry(missing)?;
        folder.require_event_log(missing)?;
        folder.warn_of_missing_tables();
        let tables = data.join(TABLES);
        if !folder.has_event_log() {
            // Before the log is opened, because that creates an empty one.
            require_processed_events(&folder, &EmbeddedStore::open(&tables)?, 0)?;
        }
        let stream = open_event_log(&folder, missing)?;
        let store = EmbeddedStore::open(&tables)?;
        require_processed_events(&folder, &store, stream.next_number())?;
        let registry = open_registry(&folder, missing)?;
        folder.complete()?;
        Ok(Engines { stream: Arc::new(stream), store: Arc::new(store), registry: Arc::new(registry) })
    }

    /// Opens stream and registry of a data folder, to compute its tables again. The tables are not opened. Meanwhile no
    /// server can use the folder. An `archive` replaces the event log.
    ///
    /// # Errors
    /// As [`Engines::embedded`].
    pub fn without_tables(
        data: &Path,
        archive: Option<Arc<dyn Stream>>,
        missing: MissingParts,
    ) -> Result<SourceEngines, EngineError> {
        let folder = DataFolder::open(data)?;
        let stream = match archive {
            Some(archive) => archive,
            None => Arc::new(open_event_log(&folder, missing)?),
        };
        let registry = open_registry(&folder, missing)?;
        folder.complete()?;
        Ok((stream, Arc::new(registry)))
    }

    /// Opens all engines on AWS; also returns the Kinesis stream under its own type.
    ///
    /// # Errors
    /// [`EngineError`] if something does not exist or AWS fails.
    pub async fn on_aws(aws: &AwsSettings) -> Result<(Engines, Arc<KinesisStream>), EngineError> {
        let stream = KinesisStream::open(&aws::config().await, &aws.stream, aws.create_shards).await;
        let stream = stream.map_err(|source| EngineError::Kinesis { stream: aws.stream.clone(), source })?;
        let stream = Arc::new(stream);
        let engines = Engines::with_dynamodb_tables(Arc::clone(&stream) as _, aws).await?;
        Ok((engines, stream))
    }

    /// Opens store and registry on DynamoDB, over another stream.
    ///
    /// # Errors
    /// [`EngineError`] if a table or the queue does not exist or AWS fails.
    pub async fn with_dynamodb_tables(stream: Arc<dyn Stream>, aws: &AwsSettings) -> Result<Engines, EngineError> {
        let sdk = aws::config().await;
        let store = DynamoStore::open(&sdk, &aws.prefix, aws.create_tables).await.map_err(EngineError::DynamoStore)?;
        let registry = DynamoRegistry::open(&sdk, &aws.prefix, aws.create_tables).await;
        let registry = registry.map_err(EngineError::DynamoRegistry)?;
        Ok(Engines { stream, store: Arc::new(store), registry: Arc::new(registry) })
    }
}

fn open_event_log(folder: &DataFolder, missing: MissingParts) -> Result<EmbeddedStream, EngineError> {
    folder.require_event_log(missing)?;
    Ok(EmbeddedStream::open(&folder.path().join(EVENT_LOG))?)
}

fn open_registry(folder: &DataFolder, missing: MissingParts) -> Result<EmbeddedRegistry, EngineError> {
    folder.require_registry(missing)?;
    Ok(EmbeddedRegistry::open(&folder.path().join(REGISTRY))?)
}

/// Checks that an event log, which ends before the number `next`, has all events that the tables were computed from.
fn require_processed_events(folder: &DataFolder, store: &EmbeddedStore, next: u64) -> Result<(), EngineError> {
    match store.last_processed(EmbeddedStream::SHARD)? {
        Some(processed) => Ok(folder.require_event(processed, next)?),
        None => Ok(()),
    }
}
