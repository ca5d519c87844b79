//! The engines behind the interfaces, as the settings ask for them.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{
    aws,
    config::Config,
    processor::Processor,
    registry::{DynamoRegistry, EmbeddedRegistry, Registry, RegistryError},
    store::{DynamoStore, EmbeddedStore, Store, StoreError},
    stream::{EmbeddedStream, KinesisStream, Stream, StreamError},
};

/// The file of the tables in the data folder.
pub const TABLES: &str = "tables.redb";

/// Why an engine cannot be used, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The data folder cannot be used.
    #[error("cannot use {path}: {source}; check that it exists, its permissions, and the free space on its disk")]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The event log cannot be opened.
    #[error("{0}; if another server uses this data folder, stop it or choose another with --data")]
    Stream(#[from] StreamError),
    /// The Kinesis stream cannot be used.
    #[error(
        "cannot use the Kinesis stream {stream}: {source}; check the region and the credentials, and that it is there, or have it made by --kinesis-shards"
    )]
    Kinesis {
        /// Its name.
        stream: String,
        /// Why.
        source: StreamError,
    },
    /// The tables cannot be opened.
    #[error("{0}; the tables can be thrown away: delete tables.redb in the data folder and start again")]
    Store(#[from] StoreError),
    /// The registry cannot be opened.
    #[error("{0}; the registry is registry.redb in the data folder: put back a copy of it, if you have one")]
    Registry(#[from] RegistryError),
    /// Tables on AWS cannot be used.
    #[error("{0}; check the region and the credentials, and that it is there, or have it made by --dynamodb-create")]
    Aws(String),
    /// Nothing is shared, where something must be.
    #[error("this needs a stream and tables that are shared: give --kinesis and --dynamodb")]
    NotShared,
}

/// What was received, what follows from it, and what people have decided.
#[derive(Clone)]
pub struct Engines {
    /// What was received.
    pub stream: Arc<dyn Stream>,
    /// What follows from that.
    pub store: Arc<dyn Store>,
    /// What people have decided.
    pub registry: Arc<dyn Registry>,
}

impl Engines {
    /// The engines that the settings ask for.
    ///
    /// # Errors
    /// Where one cannot be opened.
    pub async fn open(config: &Config) -> Result<Engines, EngineError> {
        match &config.kinesis {
            Some(stream) => Engines::over(Arc::new(kinesis(stream, config.kinesis_shards).await?), config).await,
            None => Engines::embedded(&config.data),
        }
    }

    /// A stream, with the tables and the registry that the settings ask for.
    ///
    /// # Errors
    /// Where one cannot be opened.
    pub async fn over(stream: Arc<dyn Stream>, config: &Config) -> Result<Engines, EngineError> {
        match &config.dynamodb {
            Some(prefix) => Engines::on_dynamodb(stream, prefix, config.dynamodb_create).await,
            None => Engines::in_folder(stream, &config.data),
        }
    }

    /// The event log, the tables and the registry of a data folder.
    ///
    /// # Errors
    /// Where one cannot be opened.
    pub fn embedded(data: &Path) -> Result<Engines, EngineError> {
        let folder = |source| EngineError::Folder { path: data.to_owned(), source };
        fs::create_dir_all(data).map_err(folder)?;
        Engines::in_folder(Arc::new(EmbeddedStream::open(&data.join("events"))?), data)
    }

    /// Everything on AWS, which several processes can share, and the stream itself.
    ///
    /// # Errors
    /// Where something is missing or cannot be reached, or the settings name none of it.
    pub async fn on_aws(config: &Config) -> Result<(Engines, Arc<KinesisStream>), EngineError> {
        let (Some(stream), Some(prefix)) = (&config.kinesis, &config.dynamodb) else {
            return Err(EngineError::NotShared);
        };
        let stream = Arc::new(kinesis(stream, config.kinesis_shards).await?);
        let engines = Engines::on_dynamodb(Arc::clone(&stream) as _, prefix, config.dynamodb_create).await?;
        Ok((engines, stream))
    }

    async fn on_dynamodb(stream: Arc<dyn Stream>, prefix: &str, make: bool) -> Result<Engines, EngineError> {
        let sdk = aws::config().await;
        let store = DynamoStore::open(&sdk, prefix, make).await.map_err(|error| EngineError::Aws(error.to_string()))?;
        let registry = DynamoRegistry::open(&sdk, prefix, make).await;
        let registry = registry.map_err(|error| EngineError::Aws(error.to_string()))?;
        Ok(Engines { stream, store: Arc::new(store), registry: Arc::new(registry) })
    }

    fn in_folder(stream: Arc<dyn Stream>, data: &Path) -> Result<Engines, EngineError> {
        let folder = |source| EngineError::Folder { path: data.to_owned(), source };
        fs::create_dir_all(data).map_err(folder)?;
        Ok(Engines {
            stream,
            store: Arc::new(EmbeddedStore::open(&data.join(TABLES))?),
            registry: Arc::new(EmbeddedRegistry::open(&data.join("registry.redb"))?),
        })
    }

    /// What keeps the tables.
    pub fn processor(&self) -> Processor {
        Processor::new(Arc::clone(&self.stream), Arc::clone(&self.store), Arc::clone(&self.registry))
    }
}

async fn kinesis(stream: &str, shards: Option<u16>) -> Result<KinesisStream, EngineError> {
    let opened = KinesisStream::open(&aws::config().await, stream, shards).await;
    opened.map_err(|source| EngineError::Kinesis { stream: stream.to_owned(), source })
}
