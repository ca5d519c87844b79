//! The archive: what is on the stream as compressed files of JSON lines, for questions that come later. The layout is the
//! one in which Firehose delivers on AWS, by day: `year=2026/month=11/day=24/SHARD_FIRST_LAST.json.gz`.
//!
//! A file's name says from where to where it reaches, so the archive itself tells where to go on.

mod order;
mod reader;

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use flate2::{Compression, write::GzEncoder};
use jiff::{civil::Date, tz::TimeZone};
use serde::Deserialize;
use shared::time::Timestamp;

pub use reader::ArchivedStream;

use crate::{
    clock,
    engine::stream::{ExtendedSequenceNumber, ReadStatus, ShardId, StoredRecord, Stream, StreamError},
};

/// A file is written this often, where there is anything to write.
const EVERY: Duration = Duration::from_secs(60);
/// A file holds about so much at most, bytes before compression.
const FULL: usize = 16 * 1024 * 1024;
/// Records read at once.
const STRETCH: usize = 1_000;
const ENDING: &str = ".json.gz";

/// Why the archive did not grow, or cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The stream cannot be read.
    #[error(transparent)]
    Stream(#[from] StreamError),
    /// A file cannot be written.
    #[error("cannot write below {path}: {source}; check its permissions and the free space on its disk")]
    File {
        /// The archive's folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file or a folder cannot be read.
    #[error("cannot read {path}: {source}; a file that is damaged can be fetched again, or left out by moving it away")]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Keeps the archive of a stream.
pub struct Archive {
    stream: Arc<dyn Stream>,
    folder: PathBuf,
    /// Up to where each shard is archived.
    ends: BTreeMap<ShardId, ExtendedSequenceNumber>,
}

/// A file in the making: records of one shard and one day.
struct Chapter {
    day: Date,
    first: ExtendedSequenceNumber,
    last: ExtendedSequenceNumber,
    lines: GzEncoder<Vec<u8>>,
    bytes: usize,
}

impl Archive {
    /// The archive of `stream` in a folder, which is made if missing. It goes on where it ended.
    ///
    /// # Errors
    /// Where the folder cannot be read.
    pub fn open(stream: Arc<dyn Stream>, folder: PathBuf) -> Result<Archive, ArchiveError> {
        let failed = |source| ArchiveError::File { path: folder.clone(), source };
        fs::create_dir_all(&folder).map_err(failed)?;
        let mut ends = BTreeMap::new();
        for (shard, last) in files(&folder).map_err(failed)?.iter().filter_map(|file| reach(file)) {
            let end = ends.entry(shard).or_insert_with(|| last.clone());
            *end = last.max(end.clone());
        }
        Ok(Archive { stream, folder, ends })
    }

    /// Archives for ever.
    pub async fn run(&mut self) {
        loop {
            tokio::time::sleep(EVERY).await;
            if let Err(error) = self.catch_up().await {
                tracing::error!(%error, "the archive does not grow; trying again");
            }
        }
    }

    /// Archives all that is on the stream now.
    ///
    /// # Errors
    /// Where the stream cannot be read or a file not written; what was written until then stays.
    pub async fn catch_up(&mut self) -> Result<(), ArchiveError> {
        for shard in self.stream.shards().await? {
            let mut status = ReadStatus::More;
            while status == ReadStatus::More {
                status = self.write_next(&shard.id).await?;
            }
        }
        Ok(())
    }

    /// Writes the next file of a shard, if there is anything for one; gives what comes after it.
    async fn write_next(&mut self, shard: &ShardId) -> Result<ReadStatus, ArchiveError> {
        let mut chapter: Option<Chapter> = None;
        let mut after = self.ends.get(shard).cloned();
        let status = 'reading: loop {
            let stretch = self.stream.read(shard, after.clone(), STRETCH).await?;
            for record in stretch.records {
                let day = day(&record).or(chapter.as_ref().map(|chapter| chapter.day)).unwrap_or_else(today);
                let chapter = chapter.get_or_insert_with(|| Chapter::begin(day, &record.sequence_number));
                if chapter.day != day || chapter.bytes > FULL {
                    break 'reading ReadStatus::More;
                }
                after = Some(record.sequence_number.clone());
                chapter.add(record).map_err(|source| self.failed(source))?;
            }
            if stretch.status != ReadStatus::More {
                break stretch.status;
            }
        };
        if let Some(chapter) = chapter {
            let last = chapter.last.clone();
            let (folder, shard_id) = (self.folder.clone(), shard.clone());
            let written = tokio::task::spawn_blocking(move || chapter.write(&folder, &shard_id)).await;
            written.map_err(io::Error::other).flatten().map_err(|source| self.failed(source))?;
            self.ends.insert(shard.clone(), last);
        }
        Ok(status)
    }

    fn failed(&self, source: io::Error) -> ArchiveError {
        ArchiveError::File { path: self.folder.clone(), source }
    }
}

impl Chapter {
    fn begin(day: Date, first: &ExtendedSequenceNumber) -> Chapter {
        let lines = GzEncoder::new(Vec::new(), Compression::default());
        Chapter { day, first: first.clone(), last: first.clone(), lines, bytes: 0 }
    }

    /// Adds a line; what is no JSON object is left to the stream, since it would spoil the file for every reader.
    fn add(&mut self, StoredRecord { sequence_number, bytes }: StoredRecord) -> io::Result<()> {
        self.last = sequence_number;
        if serde_json::from_slice::<BTreeMap<&str, &serde_json::value::RawValue>>(&bytes).is_ok() {
            self.bytes += bytes.len();
            self.lines.write_all(&bytes)?;
            self.lines.write_all(b"\n")?;
        }
        Ok(())
    }

    /// Writes the file durably, and whole or not at all.
    fn write(self, folder: &Path, shard: &ShardId) -> io::Result<()> {
        let (year, month, day) = (self.day.year(), self.day.month(), self.day.day());
        let folder = folder.join(format!("year={year:04}/month={month:02}/day={day:02}"));
        fs::create_dir_all(&folder)?;
        let name = format!("{shard}_{}_{}{ENDING}", self.first, self.last);
        let unfinished = folder.join(format!(".{name}"));
        let mut file = File::create(&unfinished)?;
        file.write_all(&self.lines.finish()?)?;
        file.sync_all()?;
        fs::rename(unfinished, folder.join(name))?;
        File::open(folder)?.sync_all()
    }
}

/// The day of a record, by the time that it bears.
fn day(record: &StoredRecord) -> Option<Date> {
    #[derive(Deserialize)]
    struct Dated {
        received_at: Option<Timestamp>,
        started_at: Option<Timestamp>,
    }
    let dated: Dated = serde_json::from_slice(&record.bytes).ok()?;
    date(dated.received_at.or(dated.started_at)?)
}

fn date(at: Timestamp) -> Option<Date> {
    let instant = jiff::Timestamp::from_millisecond(i64::try_from(at.0).ok()?).ok()?;
    Some(TimeZone::UTC.to_datetime(instant).date())
}

fn today() -> Date {
    date(clock::now()).unwrap_or(Date::MAX)
}

/// The shard of a file, and the last position in it; none for other files.
fn reach(file: &Path) -> Option<(ShardId, ExtendedSequenceNumber)> {
    let name = file.file_name()?.to_str()?;
    let mut parts = name.strip_suffix(ENDING)?.split('_');
    let (shard, _, last) = (parts.next()?, parts.next()?, parts.next()?);
    (!shard.starts_with('.')).then(|| Some((ShardId(shard.to_owned()), last.parse().ok()?)))?
}

fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        match path.is_dir() {
            true => found.extend(files(&path)?),
            false => found.push(path),
        }
    }
    Ok(found)
}
