//! An archive as a read-only stream of one shard, with the records of each game in order, one game after another.
//!
//! An archive may be larger than memory, so its lines are sorted by key on disk.

use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader},
    path::Path,
};

use async_trait::async_trait;
use fjall::{Database, Keyspace, KeyspaceCreateOptions};
use flate2::bufread::MultiGzDecoder;
use shared::record::{Record, RecordError};
use tokio::sync::watch;

use super::{
    ArchiveError,
    layout::{is_hidden, list_files},
    order::{self, Line, in_order},
};
use crate::engine::{
    OperationError,
    stream::{
        ExtendedSequenceNumber, PartitionKey, ReadStatus, RecordBatch, RecordPosition, Shard, ShardId, StoredRecord,
        Stream, StreamError,
    },
};

/// The name of the only shard.
const SHARD: &str = "archive";
/// The first bytes of a compressed file. Firehose's files may have another extension.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// A stream of an archive that this server or Firehose wrote. A record's sequence number is its key, and its
/// subsequence number its index among the records of that key.
pub struct ArchivedStream {
    /// Lines by the record's key and then by their number in the archive.
    sorted: Keyspace,
    /// Deletes its folder when it is dropped.
    _database: Database,
}

impl ArchivedStream {
    /// Opens the archive in `folder`. Its lines are sorted in the folder `sorting`, which is deleted at the end.
    ///
    /// # Errors
    /// [`ArchiveError::Unreadable`] if a file cannot be read, [`ArchiveError::File`] or [`ArchiveError::Stream`] if
    /// `sorting` cannot be written, [`ArchiveError::Stream`] if a newer server wrote a record.
    pub fn open(folder: &Path, sorting: &Path) -> Result<ArchivedStream, ArchiveError> {
        remove_folder(sorting).map_err(|source| ArchiveError::File { path: sorting.to_owned(), source })?;
        let database = Database::builder(sorting).temporary(true).open().map_err(failed_to_sort)?;
        let sorted = database.keyspace("lines", KeyspaceCreateOptions::default).map_err(failed_to_sort)?;
        let stream = ArchivedStream { sorted, _database: database };
        let unreadable = |path: &Path, source| ArchiveError::Unreadable { path: path.to_owned(), source };
        let mut files = list_files(folder).map_err(|source| unreadable(folder, source))?;
        files.retain(|file| !is_hidden(file));
        files.sort();
        let mut number = 0;
        for file in files {
            for line in read_lines(&file).map_err(|source| unreadable(&file, source))? {
                stream.insert(number, &line.map_err(|source| unreadable(&file, source))?)?;
                number += 1;
            }
        }
        Ok(stream)
    }

    /// Inserts a line. A line that is not a record is left out: no table depends on it.
    ///
    /// # Errors
    /// If a newer server wrote the line: without it the tables would be incomplete.
    fn insert(&self, number: u64, line: &[u8]) -> Result<(), StreamError> {
        match Record::decode(line) {
            Ok(record) => {
                let key = [order::key(&record).to_be_bytes(), number.to_be_bytes()].concat();
                self.sorted.insert(key, line).map_err(failed_to_sort)
            }
            Err(error @ RecordError::Newer(_)) => Err(error.into()),
            Err(error @ RecordError::Malformed(_)) => {
                tracing::warn!(%error, "skipping a line of the archive that is not a record");
                Ok(())
            }
        }
    }

    /// The first key with records, from `from` on.
    fn key_from(&self, from: Option<u64>) -> Result<Option<u64>, StreamError> {
        let Some(entry) = from.and_then(|from| self.sorted.range(from.to_be_bytes()..).next()) else {
            return Ok(None);
        };
        let key = entry.key().map_err(failed_to_read)?;
        Ok(key.first_chunk().map(|bytes| u64::from_be_bytes(*bytes)))
    }

    /// The records of a key, in order.
    fn records(&self, key: u64) -> Result<impl Iterator<Item = StoredRecord> + use<>, StreamError> {
        let line = |entry: fjall::Guard| -> Result<Line, StreamError> {
            let line = entry.value().map_err(failed_to_read)?.to_vec();
            Ok((Record::decode(&line)?, line))
        };
        let lines: Vec<Line> = self.sorted.prefix(key.to_be_bytes()).map(line).collect::<Result<_, _>>()?;
        let sequence_number = ExtendedSequenceNumber::numbered(key).sequence_number;
        let at = move |subsequence_number| ExtendedSequenceNumber {
            sequence_number: sequence_number.clone(),
            subsequence_number,
        };
        let records = (0..).zip(in_order(lines));
        Ok(records.map(move |(index, bytes)| StoredRecord { sequence_number: at(index), bytes }))
    }

    fn read_batch(&self, after: Option<&ExtendedSequenceNumber>, limit: usize) -> Result<RecordBatch, StreamError> {
        let mut records = Vec::new();
        let mut from = Some(after.and_then(ExtendedSequenceNumber::number).unwrap_or_default());
        while records.len() <= limit
            && let Some(key) = self.key_from(from)?
        {
            records.extend(self.records(key)?.filter(|record| Some(&record.sequence_number) > after));
            from = key.checked_add(1);
        }
        let status = if records.len() > limit { ReadStatus::More } else { ReadStatus::ShardEnd };
        records.truncate(limit);
        Ok(RecordBatch { records, status })
    }
}

#[async_trait]
impl Stream for ArchivedStream {
    async fn append(&self, _: PartitionKey, _: Vec<u8>) -> Result<(), StreamError> {
        Err(StreamError::ReadOnly)
    }

    async fn shards(&self) -> Result<Vec<Shard>, StreamError> {
        Ok(vec![Shard { id: ShardId(SHARD.to_owned()), parents: Vec::new() }])
    }

    async fn read(
        &self,
        _: &ShardId,
        after: Option<ExtendedSequenceNumber>,
        limit: usize,
    ) -> Result<RecordBatch, StreamError> {
        // This blocks, but nothing else runs on this runtime while the tables are rebuilt.
        self.read_batch(after.as_ref(), limit)
    }

    async fn read_record(&self, position: &RecordPosition) -> Result<Option<Vec<u8>>, StreamError> {
        let Some(key) = position.sequence_number.number().filter(|_| position.shard.0 == SHARD) else {
            return Ok(None);
        };
        let mut records = self.records(key)?;
        let record = records.find(|record| record.sequence_number == position.sequence_number);
        Ok(record.map(|record| record.bytes))
    }

    /// A value that never changes.
    fn subscribe(&self) -> watch::Receiver<u64> {
        watch::channel(0).1
    }
}

fn remove_folder(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// The lines of a file, compressed or not, without empty ones.
fn read_lines(file: &Path) -> io::Result<impl Iterator<Item = io::Result<Vec<u8>>> + use<>> {
    let mut file = BufReader::new(File::open(file)?);
    let text: Box<dyn BufRead> = match file.fill_buf()?.starts_with(&GZIP) {
        true => Box::new(BufReader::new(MultiGzDecoder::new(file))),
        false => Box::new(file),
    };
    Ok(text.split(b'\n').filter(|line| !line.as_ref().is_ok_and(Vec::is_empty)))
}

fn failed_to_sort(error: fjall::Error) -> StreamError {
    OperationError::new("sort the archive on disk", error).into()
}

fn failed_to_read(error: fjall::Error) -> StreamError {
    OperationError::new("read the sorted archive", error).into()
}
