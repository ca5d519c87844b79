//! The archive as a stream that can only be read: one shard, in which each game's records stand together, in order.
//!
//! An archive may be larger than the memory, so its lines are sorted on disk, by key.

use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader},
    path::Path,
};

use async_trait::async_trait;
use fjall::{Database, Keyspace, KeyspaceCreateOptions};
use flate2::bufread::MultiGzDecoder;
use shared::record::Record;
use tokio::sync::watch;

use super::{
    ArchiveError, files,
    order::{self, Line, in_order},
};
use crate::engine::stream::{
    ExtendedSequenceNumber, PartitionKey, ReadStatus, RecordBatch, RecordPosition, Shard, ShardId, StoredRecord,
    Stream, StreamError,
};

/// The only shard that there is.
const SHARD: &str = "archive";
/// What a compressed file begins with, whatever its name ends with.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// An archive, ours or Firehose's, to read from. A record's position is its key, and which it is of that key's.
pub struct ArchivedStream {
    /// Lines by the record's key, then by their number in the archive.
    sorted: Keyspace,
    /// Its folder goes when this is dropped.
    _database: Database,
}

impl ArchivedStream {
    /// Opens the archive in `folder`. Its lines are sorted in the folder `sorting`, which is removed in the end.
    ///
    /// # Errors
    /// Where a file cannot be read, or nothing be written to `sorting`.
    pub fn open(folder: &Path, sorting: &Path) -> Result<ArchivedStream, ArchiveError> {
        remove(sorting).map_err(|source| ArchiveError::File { path: sorting.to_owned(), source })?;
        let database = Database::builder(sorting).temporary(true).open().map_err(engine)?;
        let sorted = database.keyspace("lines", KeyspaceCreateOptions::default).map_err(engine)?;
        let stream = ArchivedStream { sorted, _database: database };
        let unreadable = |path: &Path, source| ArchiveError::Unreadable { path: path.to_owned(), source };
        let mut found = files(folder).map_err(|source| unreadable(folder, source))?;
        found.retain(|file| !is_hidden(file));
        found.sort();
        let mut number = 0;
        for file in found {
            for line in lines(&file).map_err(|source| unreadable(&file, source))? {
                stream.take(number, &line.map_err(|source| unreadable(&file, source))?)?;
                number += 1;
            }
        }
        Ok(stream)
    }

    /// Takes a line. What is no record concerns no table.
    fn take(&self, number: u64, line: &[u8]) -> Result<(), StreamError> {
        match serde_json::from_slice::<Record>(line) {
            Ok(record) => {
                let key = [order::key(&record).to_be_bytes(), number.to_be_bytes()].concat();
                self.sorted.insert(key, line).map_err(engine)
            }
            Err(error) => {
                tracing::warn!(%error, "a line of the archive is no record");
                Ok(())
            }
        }
    }

    /// The first key from `from` on that has records.
    fn key_from(&self, from: Option<u64>) -> Result<Option<u64>, StreamError> {
        let Some(entry) = from.and_then(|from| self.sorted.range(from.to_be_bytes()..).next()) else {
            return Ok(None);
        };
        let key = entry.key().map_err(engine)?;
        Ok(key.first_chunk().map(|bytes| u64::from_be_bytes(*bytes)))
    }

    /// The records of a key, in order.
    fn records(&self, key: u64) -> Result<impl Iterator<Item = StoredRecord> + use<>, StreamError> {
        let line = |entry: fjall::Guard| -> Result<Line, StreamError> {
            let line = entry.value().map_err(engine)?.to_vec();
            Ok((serde_json::from_slice(&line)?, line))
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

    fn stretch(&self, after: Option<&ExtendedSequenceNumber>, limit: usize) -> Result<RecordBatch, StreamError> {
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
        // Nobody else waits for this runtime while the tables are rebuilt.
        self.stretch(after.as_ref(), limit)
    }

    async fn read_record(&self, position: &RecordPosition) -> Result<Option<Vec<u8>>, StreamError> {
        let Some(key) = position.sequence_number.number().filter(|_| position.shard.0 == SHARD) else {
            return Ok(None);
        };
        Ok(self
            .records(key)?
            .find(|record| record.sequence_number == position.sequence_number)
            .map(|record| record.bytes))
    }

    /// There is never any.
    fn subscribe(&self) -> watch::Receiver<u64> {
        watch::channel(0).1
    }
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Ours are hidden until they are whole.
fn is_hidden(file: &Path) -> bool {
    file.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

/// The lines of a file, compressed or not.
fn lines(file: &Path) -> io::Result<impl Iterator<Item = io::Result<Vec<u8>>> + use<>> {
    let mut file = BufReader::new(File::open(file)?);
    let text: Box<dyn BufRead> = match file.fill_buf()?.starts_with(&GZIP) {
        true => Box::new(BufReader::new(MultiGzDecoder::new(file))),
        false => Box::new(file),
    };
    Ok(text.split(b'\n').filter(|line| !line.as_ref().is_ok_and(Vec::is_empty)))
}

fn engine(error: impl std::fmt::Display) -> StreamError {
    StreamError::Engine(error.to_string())
}
