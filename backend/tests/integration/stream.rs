//! Contract tests of the stream: they run on the embedded engine and on Kinesis of a local AWS.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use crate::common::{
    LIMIT,
    aws::{LocalAws, config, create_stream},
    eventually_true,
    kinesis::LocalKinesis,
};
use backend::engine::stream::{
    Checkpoint, EmbeddedStream, ExtendedSequenceNumber, KinesisStream, PartitionKey, ReadStatus, RecordPosition, Shard,
    ShardId, StoredRecord, Stream, StreamError,
};
use tokio::task::JoinSet;

/// How far each shard has been read.
type Checkpoints = BTreeMap<ShardId, Checkpoint>;

/// Reads a whole stream.
async fn read_all(stream: &dyn Stream, limit: usize) -> Vec<(RecordPosition, Vec<u8>)> {
    read_from(stream, limit, &mut Checkpoints::new()).await
}

/// Reads the records after the checkpoints, and moves the checkpoints. Parent shards are read before their children.
async fn read_from(stream: &dyn Stream, limit: usize, checkpoints: &mut Checkpoints) -> Vec<(RecordPosition, Vec<u8>)> {
    let mut found = Vec::new();
    loop {
        let mut has_more = false;
        let shards = stream.shards().await.unwrap();
        let exists = |id: &ShardId| shards.iter().any(|shard| shard.id == *id);
        for Shard { id, parents } in shards.clone() {
            let must_be_read_first = |parent| exists(parent) && checkpoints.get(parent) != Some(&Checkpoint::Ended);
            if parents.iter().any(must_be_read_first) {
                continue;
            }
            let after = match checkpoints.get(&id) {
                Some(Checkpoint::Ended) => continue,
                Some(Checkpoint::At(position)) => Some(position.clone()),
                None => None,
            };
            let batch = stream.read(&id, after, limit).await.unwrap();
            assert!(batch.records.len() <= limit);
            for StoredRecord { sequence_number, bytes } in batch.records {
                checkpoints.insert(id.clone(), Checkpoint::At(sequence_number.clone()));
                found.push((RecordPosition { shard: id.clone(), sequence_number }, bytes));
            }
            if batch.status == ReadStatus::ShardEnd {
                checkpoints.insert(id, Checkpoint::Ended);
            }
            has_more |= batch.status != ReadStatus::CaughtUp;
        }
        if !has_more {
            return found;
        }
    }
}

/// The record with this number, of a key.
fn record(key: u64, number: u32) -> Vec<u8> {
    format!("{key} {number}").into_bytes()
}

fn parse(bytes: &[u8]) -> (u64, u32) {
    let text = std::str::from_utf8(bytes).unwrap();
    let (key, number) = text.split_once(' ').unwrap();
    (key.parse().unwrap(), number.parse().unwrap())
}

/// Appends `count` records for each of `keys` keys, numbered from `first`. A key's next record is appended when the last
/// one was acknowledged; the keys run concurrently.
async fn append_all(stream: &Arc<dyn Stream>, keys: u64, first: u32, count: u32) {
    let mut appends = JoinSet::new();
    for key in 0..keys {
        let stream = Arc::clone(stream);
        appends.spawn(async move {
            for number in first..first + count {
                stream.append(PartitionKey(key), record(key, number)).await.unwrap();
            }
        });
    }
    appends.join_all().await;
}

/// The numbers of each key's records, in the order in which they were read.
fn by_key(found: &[(RecordPosition, Vec<u8>)]) -> HashMap<u64, Vec<u32>> {
    let mut keys: HashMap<u64, Vec<u32>> = HashMap::new();
    for (key, number) in found.iter().map(|(_, bytes)| parse(bytes)) {
        keys.entry(key).or_default().push(number);
    }
    keys
}

/// The contract. The stream must be empty.
async fn assert_contract(stream: Arc<dyn Stream>) {
    assert_eq!(read_all(&*stream, 10).await, []);
    let mut changes = stream.subscribe();
    append_all(&stream, 100, 0, 3).await;
    tokio::time::timeout(LIMIT, changes.changed()).await.expect("no change was signalled").unwrap();
    let records = assert_records_are_read_once_and_in_order(&*stream).await;
    assert_positions_are_exact(&*stream, &records).await;
}

/// Returns the records, ordered by their positions.
async fn assert_records_are_read_once_and_in_order(stream: &dyn Stream) -> Vec<(RecordPosition, Vec<u8>)> {
    let mut records = read_all(stream, 1_000).await;
    let keys = by_key(&records);
    assert_eq!(keys.len(), 100);
    assert!(keys.values().all(|numbers| *numbers == [0, 1, 2]), "{keys:?}");
    // Small batches have the same records. Shards take turns, so their records are interleaved differently.
    let mut in_small_batches = read_all(stream, 7).await;
    records.sort();
    in_small_batches.sort();
    assert_eq!(in_small_batches, records);
    records
}

async fn assert_positions_are_exact(stream: &dyn Stream, records: &[(RecordPosition, Vec<u8>)]) {
    let sequence_number = records[0].0.sequence_number.clone();
    let unknown = RecordPosition { shard: ShardId("unknown".to_owned()), sequence_number };
    assert_eq!(stream.read_record(&unknown).await.unwrap(), None);
    for (position, bytes) in records.iter().step_by(37) {
        assert_eq!(stream.read_record(position).await.unwrap().as_ref(), Some(bytes), "{position}");
        let rest = stream.read(&position.shard, Some(position.sequence_number.clone()), 1_000).await.unwrap().records;
        let expected: Vec<ExtendedSequenceNumber> = records
            .iter()
            .filter(|(other, _)| other.shard == position.shard && other.sequence_number > position.sequence_number)
            .map(|(other, _)| other.sequence_number.clone())
            .collect();
        let read: Vec<_> = rest.iter().map(|stored| stored.sequence_number.clone()).collect();
        assert_eq!(read, expected, "after {position}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn embedded_stream_satisfies_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    assert_contract(Arc::new(EmbeddedStream::open(folder.path()).unwrap())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn kinesis_stream_satisfies_the_contract() {
    let aws = LocalAws::start().await;
    for (name, shards) in [("one", 1), ("four", 4)] {
        let missing = KinesisStream::open(&aws.config(), name, None).await;
        assert!(matches!(missing, Err(StreamError::Missing(_))));
        let created = KinesisStream::open(&aws.config(), name, Some(shards)).await.unwrap();
        assert_eq!(created.shards().await.unwrap().len(), usize::from(shards));
        assert_contract(Arc::new(created)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn order_is_kept_across_a_split_and_a_merge() {
    let kinesis = LocalKinesis::start().await;
    create_stream(&kinesis.client(), "resharded", 2).await;
    let open = async || KinesisStream::open(&config(kinesis.url()), "resharded", None).await.unwrap();
    let stream: Arc<dyn Stream> = Arc::new(open().await);
    let reader = open().await;
    let mut checkpoints = Checkpoints::new();
    append_all(&stream, 50, 0, 3).await;
    let mut found = read_from(&reader, 100, &mut checkpoints).await;
    assert_eq!(found.len(), 150);

    // The first shard is split while it has unread records. The writer learns of the split from the shards of its records.
    append_all(&stream, 50, 3, 3).await;
    kinesis.split("resharded", "shardId-000000000000", u128::MAX / 4).await;
    append_all(&stream, 50, 6, 3).await;
    kinesis.merge("resharded", "shardId-000000000002", "shardId-000000000003").await;
    append_all(&stream, 50, 9, 3).await;
    wait_for_new_shards(&reader, &checkpoints).await;
    found.extend(read_from(&reader, 100, &mut checkpoints).await);
    assert_eq!(checkpoints.len(), 5, "two shards, two more by the split, and one by the merge");

    for from_start in [found, read_all(&open().await, 1_000).await] {
        let keys = by_key(&from_start);
        assert_eq!(keys.len(), 50);
        for (key, numbers) in keys {
            assert_eq!(numbers, (0..12).collect::<Vec<_>>(), "key {key}");
        }
    }
}

/// Waits until the reader lists a shard without a checkpoint.
async fn wait_for_new_shards(reader: &KinesisStream, checkpoints: &Checkpoints) {
    eventually_true("the reader lists the new shards", async || {
        reader.shards().await.unwrap().iter().any(|shard| !checkpoints.contains_key(&shard.id))
    })
    .await;
}
