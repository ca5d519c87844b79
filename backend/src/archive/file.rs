//! One file of the archive: records of one shard and one day, as compressed JSON lines.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Write},
    path::Path,
};

use flate2::{Compression, write::GzEncoder};
use jiff::{civil::Date, tz::TimeZone};
use serde::Deserialize;
use shared::time::Timestamp;

use super::layout::{day_folder, file_name};
use crate::engine::stream::{ExtendedSequenceNumber, ShardId, StoredRecord};

/// Bytes before compression from which a file takes no more records.
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// A file that is being filled, in memory.
pub struct ArchiveFile {
    day: Date,
    first: ExtendedSequenceNumber,
    last: ExtendedSequenceNumber,
    lines: GzEncoder<Vec<u8>>,
    bytes: usize,
}

impl ArchiveFile {
    /// An empty file for records from `first` on.
    pub fn new(day: Date, first: &ExtendedSequenceNumber) -> ArchiveFile {
        let lines = GzEncoder::new(Vec::new(), Compression::default());
        ArchiveFile { day, first: first.clone(), last: first.clone(), lines, bytes: 0 }
    }

    /// The sequence number of the last record.
    pub fn last(&self) -> &ExtendedSequenceNumber {
        &self.last
    }

    /// Whether a record of that day can be added.
    pub fn accepts(&self, day: Date) -> bool {
        self.day == day && self.bytes <= MAX_BYTES
    }

    /// Adds a record as a line. Data that is not a JSON object is left out, because readers reject a file with such a
    /// line.
    ///
    /// # Errors
    /// If compression fails.
    pub fn add(&mut self, StoredRecord { sequence_number, bytes }: StoredRecord) -> io::Result<()> {
        self.last = sequence_number;
        if serde_json::from_slice::<BTreeMap<&str, &serde_json::value::RawValue>>(&bytes).is_ok() {
            self.bytes += bytes.len();
            self.lines.write_all(&bytes)?;
            self.lines.write_all(b"\n")?;
        }
        Ok(())
    }

    /// Writes the file durably. After a crash it is complete, or only a hidden file of it exists.
    ///
    /// # Errors
    /// If a folder or the file cannot be written.
    pub fn write(self, archive: &Path, shard: &ShardId) -> io::Result<()> {
        let folder = day_folder(archive, self.day);
        fs::create_dir_all(&folder)?;
        let name = file_name(shard, &self.first, &self.last);
        let incomplete = folder.join(format!(".{name}"));
        let mut file = File::create(&incomplete)?;
        file.write_all(&self.lines.finish()?)?;
        file.sync_all()?;
        fs::rename(incomplete, folder.join(name))?;
        File::open(folder)?.sync_all()
    }
}

/// The day of a record: of the time in it or, if it has none, of the file that is being filled, or `now`.
pub fn day_of(record: &StoredRecord, file: Option<&ArchiveFile>, now: Timestamp) -> Date {
    let day = timestamp(record).and_then(date).or(file.map(|file| file.day));
    day.or_else(|| date(now)).unwrap_or(Date::MAX)
}

fn timestamp(record: &StoredRecord) -> Option<Timestamp> {
    #[derive(Deserialize)]
    struct Dated {
        received_at: Option<Timestamp>,
        opened_at: Option<Timestamp>,
        ended_at: Option<Timestamp>,
    }
    // Records of newer servers are archived as well, so this reads no more than the times.
    let dated: Dated = serde_json::from_slice(&record.bytes).ok()?;
    dated.received_at.or(dated.opened_at).or(dated.ended_at)
}

fn date(at: Timestamp) -> Option<Date> {
    let instant = jiff::Timestamp::from_millisecond(i64::try_from(at.0).ok()?).ok()?;
    Some(TimeZone::UTC.to_datetime(instant).date())
}
