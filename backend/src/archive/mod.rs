//! The archive: a copy of the stream as compressed files of JSON lines, for later analysis. The layout is that of
//! Amazon Data Firehose, by day: `year=2026/month=11/day=24/SHARD_FIRST_LAST.json.gz`.
//!
//! The name of a file contains its first and last sequence number. The archive needs no other state to continue.

mod file;
mod layout;
mod order;
mod reader;

use std::{collections::BTreeMap, fs, io, path::PathBuf, sync::Arc, time::Duration};

use self::file::ArchiveFile;
use crate::{
    clock::Clock,
    engine::stream::{ExtendedSequenceNumber, ReadStatus, ShardId, Stream, StreamError},
    error_chain::error_chain,
};

pub use reader::ArchivedStream;

/// The interval between two checks for new records. Each shard with new records then gets a file.
const WRITE_INTERVAL: Duration = Duration::from_secs(60);
/// Maximum number of records in one read of the stream.
const READ_LIMIT: usize = 1_000;

/// Why the archive cannot be written or read. [`error_chain`] adds the causes.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The stream cannot be read.
    #[error(transparent)]
    Stream(#[from] StreamError),
    /// A file or folder cannot be written.
    #[error("cannot write below {path}; check its permissions and the free space on its disk")]
    File {
        /// The folder of the archive, or the folder in which it is sorted.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// A file or folder cannot be read.
    #[error("cannot read {path}; if it is damaged, fetch it again or move it out of the archive")]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
}

/// Writes the archive of a stream.
pub struct Archive {
    stream: Arc<dyn Stream>,
    folder: PathBuf,
    /// The last archived record of each shard.
    ends: BTreeMap<ShardId, ExtendedSequenceNumber>,
    clock: Clock,
}

impl Archive {
    /// Opens the archive of `stream` in a folder, which is created if missing. It continues after the last archived
    /// records.
    ///
    /// # Errors
    /// [`ArchiveError::File`] if the folder cannot be created or read.
    pub fn open(stream: Arc<dyn Stream>, folder: PathBuf, clock: Clock) -> Result<Archive, ArchiveError> {
        let failed = |source| ArchiveError::File { path: folder.clone(), source };
        fs::create_dir_all(&folder).map_err(failed)?;
        let mut ends = BTreeMap::new();
        let files = layout::list_files(&folder).map_err(failed)?;
        for (shard, last) in files.iter().filter_map(|file| layout::parse_name(file)) {
            let end = ends.entry(shard).or_insert_with(|| last.clone());
            *end = last.max(end.clone());
        }
        Ok(Archive { stream, folder, ends, clock })
    }

    /// Archives new records at intervals. Never returns.
    pub async fn run(&mut self) {
        loop {
            tokio::time::sleep(WRITE_INTERVAL).await;
            if let Err(error) = self.catch_up().await {
                tracing::error!(error = error_chain(&error), "cannot archive new records; trying again");
            }
        }
    }

    /// Archives all records that are on the stream now.
    ///
    /// # Errors
    /// [`ArchiveError::Stream`] if the stream cannot be read, [`ArchiveError::File`] if a file cannot be written. Files
    /// that are complete stay.
    pub async fn catch_up(&mut self) -> Result<(), ArchiveError> {
        for shard in self.stream.shards().await? {
            while self.write_next_file(&shard.id).await? == ReadStatus::More {}
        }
        Ok(())
    }

    /// Writes the next file of a shard if there are new records; returns what follows them.
    async fn write_next_file(&mut self, shard: &ShardId) -> Result<ReadStatus, ArchiveError> {
        let (file, status) = self.fill_next_file(shard).await?;
        if let Some(file) = file {
            let last = file.last().clone();
            let (folder, shard_id) = (self.folder.clone(), shard.clone());
            let written = tokio::task::spawn_blocking(move || file.write(&folder, &shard_id)).await;
            written.map_err(io::Error::other).flatten().map_err(|source| self.failed(source))?;
            self.ends.insert(shard.clone(), last);
        }
        Ok(status)
    }

    /// Reads records of a shard until a file is full, the day changes, or there are no more.
    async fn fill_next_file(&self, shard: &ShardId) -> Result<(Option<ArchiveFile>, ReadStatus), ArchiveError> {
        let mut file: Option<ArchiveFile> = None;
        let mut after = self.ends.get(shard).cloned();
        loop {
            let batch = self.stream.read(shard, after.clone(), READ_LIMIT).await?;
            for record in batch.records {
                let day = file::day_of(&record, file.as_ref(), self.clock.now());
                let current = file.get_or_insert_with(|| ArchiveFile::new(day, &record.sequence_number));
                if !current.accepts(day) {
                    return Ok((file, ReadStatus::More));
                }
                after = Some(record.sequence_number.clone());
                current.add(record).map_err(|source| self.failed(source))?;
            }
            if batch.status != ReadStatus::More {
                return Ok((file, batch.status));
            }
        }
    }

    fn failed(&self, source: io::Error) -> ArchiveError {
        ArchiveError::File { path: self.folder.clone(), source }
    }
}
