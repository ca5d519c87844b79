//! The latest time in the stored data. A server whose machine's clock was set back continues from there.

use shared::{
    record::Record,
    session::{GRACE_MILLIS, START_DELAY_MILLIS, SessionId, Stage},
    time::Timestamp,
};

use super::{
    Engines,
    registry::{RegistryError, Session},
    store::StoreError,
    stream::{StoredRecord, StreamError},
};

/// The number of newest records that are read. Requests stamp their records in another order than they are appended, and
/// some records have no time.
const MAX_RECORDS: usize = 256;

/// Why the latest time cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum LatestTimeError {
    /// The stream failed.
    #[error(transparent)]
    Stream(#[from] StreamError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The registry failed.
    #[error(transparent)]
    Registry(#[from] RegistryError),
}

impl Engines {
    /// Returns the latest time in the stored data: of the newest records, of the last processed batches, of sessions, and
    /// of heartbeats in open sessions.
    ///
    /// Kinesis has no way to read the newest records first. The last processed batches take their place there: a processor
    /// is seldom more than seconds behind.
    ///
    /// # Errors
    /// If an engine fails.
    pub async fn latest_time(&self) -> Result<Timestamp, LatestTimeError> {
        let records = self.stream.newest(MAX_RECORDS).await?;
        let mut latest = records.iter().filter_map(time_of_record).max().unwrap_or_default();
        for row in self.store.shards().await?.into_values() {
            latest = latest.max(row.progress.at);
        }
        for (session, _) in self.registry.sessions().await? {
            latest = latest.max(time_of_session(&session));
            if session.stage.is_open() {
                let seats = self.registry.seats(session.id).await?;
                latest = seats.iter().map(|seat| seat.seen_at).fold(latest, Timestamp::max);
            }
        }
        Ok(latest)
    }
}

/// Returns a time that had passed when the record was appended; `None` if the record has no time.
fn time_of_record(record: &StoredRecord) -> Option<Timestamp> {
    match Record::decode(&record.bytes).ok()? {
        Record::Events { received_at, .. } => Some(received_at),
        Record::TicketIssued(ticket) if ticket.session == SessionId::OPEN_PLAY => Some(ticket.started_at),
        // The game may start at the session's common start, which was still to come.
        Record::TicketIssued(ticket) => Some(before(ticket.started_at, START_DELAY_MILLIS)),
        Record::GameEnded(ended) => Some(ended.ended_at),
        Record::GameModerated(moderation) => Some(moderation.decided_at),
        Record::GameMarked(mark) => Some(mark.marked_at),
        Record::Moderated(_) => None,
    }
}

/// Returns a time that had passed when the session was last moved.
fn time_of_session(session: &Session) -> Timestamp {
    let stage = match session.stage {
        Stage::Planned | Stage::Lobby => None,
        Stage::Running { starts_at, .. } => Some(before(starts_at, START_DELAY_MILLIS)),
        Stage::Closing { settles_at } => Some(before(settles_at, GRACE_MILLIS)),
        Stage::Closed { settled_at } => Some(settled_at),
    };
    [stage, session.reopened_at].into_iter().flatten().fold(session.made_at, Timestamp::max)
}

fn before(time: Timestamp, millis: u64) -> Timestamp {
    Timestamp(time.0.saturating_sub(millis))
}
