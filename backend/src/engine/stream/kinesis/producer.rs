//! Sends records to Kinesis: gathered for a moment, aggregated by shard, and tried again one by one until they are
//! acknowledged or too old.
//!
//! Whoever appends waits for the answer, and a game's next batch is taken only with what that answer brings: none overtakes
//! what is tried again.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use aws_sdk_kinesis::{
    Client,
    error::ProvideErrorMetadata,
    primitives::Blob,
    types::{PutRecordsRequestEntry, PutRecordsResultEntry},
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot},
    time::Instant,
};

use super::{
    aggregate::{self, UserRecord},
    call, engine,
    shards::{Range, ShardMap},
    topology::Topology,
};
use crate::engine::stream::{ShardId, StreamError};

/// How long a record waits for others that go with it.
const LINGER: Duration = Duration::from_millis(25);
/// An aggregated record is about so large at most, in bytes; the Kinesis Producer Library's default.
const AGGREGATED: usize = 50 * 1024;
/// What a record costs besides its data when it is aggregated, in bytes: key, index and lengths.
const OVERHEAD: usize = 64;
/// Records in one call, at most: <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html>.
const CALL_RECORDS: usize = 500;
/// Bytes in one call, at most; the service takes more today, local ones 5 MiB.
const CALL_BYTES: usize = 4 * 1024 * 1024;
/// Bytes that wait for their acknowledgement, at most; beyond that the stream is busy.
const ROOM: usize = 64 * 1024 * 1024;
/// Calls under way, at most.
const CALLS: usize = 16;
/// A record that is not acknowledged by then is given up: whoever sent it sends it again.
const PATIENCE: Duration = Duration::from_secs(5);
/// The first pause before another try; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// The error of a shard that is asked to take more than it can.
const THROTTLED: &str = "ProvisionedThroughputExceededException";

/// Where appends go.
pub struct Producer {
    queue: mpsc::UnboundedSender<Append>,
    room: Arc<Semaphore>,
}

/// A record that waits for its acknowledgement.
struct Append {
    record: UserRecord,
    hash: u128,
    since: Instant,
    done: oneshot::Sender<Result<(), StreamError>>,
    _room: OwnedSemaphorePermit,
}

/// Records that are sent as one.
struct Entry {
    shard: Range,
    appends: Vec<Append>,
    bytes: usize,
}

/// Why a record is not durable yet.
#[derive(Debug, Clone)]
enum Setback {
    Throttled,
    /// It is on a shard that does not own it, where no reader takes it.
    Misplaced,
    Failed(String),
}

impl Producer {
    /// A producer for a stream, at work from now on.
    pub fn start(client: Client, stream: String, topology: Arc<Topology>) -> Producer {
        let (queue, appends) = mpsc::unbounded_channel();
        let sender = Sender { client, stream, topology, calls: Arc::new(Semaphore::new(CALLS)) };
        tokio::spawn(gather(Arc::new(sender), appends));
        Producer { queue, room: Arc::new(Semaphore::new(ROOM)) }
    }

    /// Appends a record. When this returns, Kinesis has acknowledged it.
    ///
    /// # Errors
    /// Where it has not, or it is not known to have.
    pub async fn append(&self, record: UserRecord) -> Result<(), StreamError> {
        let bytes = (record.data.len() + OVERHEAD) as u32;
        let room = Arc::clone(&self.room).try_acquire_many_owned(bytes).map_err(|_| StreamError::Busy)?;
        let (done, answer) = oneshot::channel();
        let append = Append { hash: record.hash(), record, since: Instant::now(), done, _room: room };
        self.queue.send(append).map_err(|_| engine("its producer has stopped"))?;
        answer.await.map_err(|_| engine("its producer has stopped"))?
    }
}

/// Gathers appends for a moment, and sends them, until the producer is dropped.
async fn gather(sender: Arc<Sender>, mut queue: mpsc::UnboundedReceiver<Append>) {
    while let Some(first) = queue.recv().await {
        let mut gathered = vec![first];
        let until = Instant::now() + LINGER;
        while let Ok(Some(next)) = tokio::time::timeout_at(until, queue.recv()).await {
            gathered.push(next);
        }
        tokio::spawn(Arc::clone(&sender).send(gathered));
    }
}

struct Sender {
    client: Client,
    stream: String,
    topology: Arc<Topology>,
    calls: Arc<Semaphore>,
}

impl Sender {
    /// Sends until each is acknowledged or too old.
    async fn send(self: Arc<Self>, mut appends: Vec<Append>) {
        let mut pause = FIRST_PAUSE;
        while !appends.is_empty() {
            let back = self.try_all(appends).await;
            appends = Vec::new();
            for (append, setback) in back {
                if append.since.elapsed() > PATIENCE {
                    append.answer(Err(setback.into()));
                } else {
                    appends.push(append);
                }
            }
            if !appends.is_empty() {
                tokio::time::sleep(jittered(pause)).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        }
    }

    /// Tries each once; gives back what is not durable, and why.
    async fn try_all(&self, appends: Vec<Append>) -> Vec<(Append, Setback)> {
        let map = match self.topology.map().await {
            Ok(map) => map,
            Err(error) => return set_back(appends, &Setback::Failed(error.to_string())).collect(),
        };
        let mut back = Vec::new();
        let (entries, homeless) = aggregated(appends, &map);
        if !homeless.is_empty() {
            self.topology.forget();
            back.extend(set_back(homeless, &Setback::Misplaced));
        }
        for call in calls(entries) {
            let _place = self.calls.acquire().await;
            back.extend(self.put(call).await);
        }
        back
    }

    /// One call; gives back what is not durable.
    async fn put(&self, entries: Vec<Entry>) -> Vec<(Append, Setback)> {
        let records: Result<Vec<_>, _> = entries.iter().map(Entry::request).collect();
        let sent = entries.iter().map(|entry| entry.bytes).sum::<usize>();
        metrics::counter!("alien_kinesis_put_calls_total").increment(1);
        metrics::counter!("alien_kinesis_put_records_total").increment(entries.len() as u64);
        metrics::counter!("alien_kinesis_put_bytes_total").increment(sent as u64);
        let answer = self.client.put_records().stream_name(&self.stream).set_records(records.ok()).send().await;
        let results = match answer {
            Ok(answer) => answer.records,
            Err(error) => {
                let setback = if error.code() == Some(THROTTLED) {
                    Setback::Throttled
                } else {
                    Setback::Failed(call(error).to_string())
                };
                return entries.into_iter().flat_map(|entry| set_back(entry.appends, &setback)).collect();
            }
        };
        let mut back = Vec::new();
        for (entry, result) in entries.into_iter().zip(results) {
            back.extend(self.settle(entry, &result).await);
        }
        back
    }

    /// Answers whoever waits for what has become durable where its readers look for it; gives back the others.
    async fn settle(&self, entry: Entry, result: &PutRecordsResultEntry) -> Vec<(Append, Setback)> {
        let Some(landed) = result.shard_id() else {
            let setback = match result.error_code() {
                Some(THROTTLED) => Setback::Throttled,
                code => Setback::Failed(code.unwrap_or("no reason was given").to_owned()),
            };
            return set_back(entry.appends, &setback).collect();
        };
        let hashes = if landed == entry.shard.shard.id.0 {
            entry.shard.hashes
        } else {
            // The stream was split or merged in between.
            self.topology.forget();
            let map = self.topology.map().await.unwrap_or_default();
            match map.get(&ShardId(landed.to_owned())) {
                Some(range) => range.hashes.clone(),
                None => return set_back(entry.appends, &Setback::Misplaced).collect(),
            }
        };
        let (owned, strayed): (Vec<_>, Vec<_>) =
            entry.appends.into_iter().partition(|append| hashes.contains(&append.hash));
        for append in owned {
            append.answer(Ok(()));
        }
        set_back(strayed, &Setback::Misplaced).collect()
    }
}

impl Append {
    fn answer(self, result: Result<(), StreamError>) {
        // Whoever no longer waits for the answer has given up on this request.
        let _ = self.done.send(result);
    }
}

impl Entry {
    fn request(&self) -> Result<PutRecordsRequestEntry, aws_sdk_kinesis::error::BuildError> {
        let data = aggregate::encode(self.appends.iter().map(|append| append.record.clone()));
        let key = self.appends.first().map_or("a", |append| append.record.key.as_str());
        PutRecordsRequestEntry::builder()
            .partition_key(key)
            .explicit_hash_key(self.shard.hashes.start().to_string())
            .data(Blob::new(data))
            .build()
    }
}

impl From<Setback> for StreamError {
    fn from(setback: Setback) -> StreamError {
        match setback {
            Setback::Throttled => StreamError::Busy,
            Setback::Misplaced => engine("the stream is being split or merged"),
            Setback::Failed(why) => StreamError::Engine(why),
        }
    }
}

fn set_back(appends: Vec<Append>, setback: &Setback) -> impl Iterator<Item = (Append, Setback)> {
    let setback = setback.clone();
    appends.into_iter().map(move |append| (append, setback.clone()))
}

/// Puts together what goes to one shard, in the order of the appends; gives the rest, which no shard owns, back.
fn aggregated(appends: Vec<Append>, map: &ShardMap) -> (Vec<Entry>, Vec<Append>) {
    let mut full = Vec::new();
    let mut open: BTreeMap<ShardId, Entry> = BTreeMap::new();
    let mut homeless = Vec::new();
    for append in appends {
        let Some(shard) = map.owner(append.hash) else {
            homeless.push(append);
            continue;
        };
        let bytes = append.record.data.len() + OVERHEAD;
        let empty = || Entry { shard: shard.clone(), appends: Vec::new(), bytes: 0 };
        let entry = open.entry(shard.shard.id.clone()).or_insert_with(empty);
        if entry.bytes + bytes > AGGREGATED && !entry.appends.is_empty() {
            full.push(std::mem::replace(entry, empty()));
        }
        entry.bytes += bytes;
        entry.appends.push(append);
    }
    full.extend(open.into_values());
    (full, homeless)
}

/// The entries in as few calls as the limits allow.
fn calls(entries: Vec<Entry>) -> Vec<Vec<Entry>> {
    let mut calls: Vec<Vec<Entry>> = Vec::new();
    let mut bytes = 0;
    for entry in entries {
        match calls.last_mut() {
            Some(call) if call.len() < CALL_RECORDS && bytes + entry.bytes <= CALL_BYTES => {
                bytes += entry.bytes;
                call.push(entry);
            }
            _ => {
                bytes = entry.bytes;
                calls.push(vec![entry]);
            }
        }
    }
    calls
}

/// Half of a pause to all of it: so that many who were refused at once don't come back at once.
fn jittered(pause: Duration) -> Duration {
    let chance = getrandom::u32().unwrap_or(u32::MAX);
    pause / 2 + pause.mul_f64(f64::from(chance) / f64::from(u32::MAX) / 2.0)
}
