//! What every engine behind the stream's interface must do, on the embedded one and on a Kinesis of a local AWS.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::{Duration, Instant},
};

use crate::common::{
    aws::{LocalAws, config, make_stream},
    kinesis::LocalKinesis,
};
use backend::engine::stream::{
    Checkpoint, EmbeddedStream, ExtendedSequenceNumber, KinesisStream, PartitionKey, ReadStatus, RecordPosition, Shard,
    ShardId, StoredRecord, Stream, StreamError,
};
use tokio::task::JoinSet;

/// How far each shard has been read.
type Checkpoints = BTreeMap<ShardId, Checkpoint>;

/// Everything that is on a stream.
async fn read_all(stream: &dyn Stream, limit: usize) -> Vec<(RecordPosition, Vec<u8>)> {
    read_on(stream, limit, &mut Checkpoints::new()).await
}

/// Everything that is on a stream after what was read before, parents before their children.
async fn read_on(stream: &dyn Stream, limit: usize, checkpoints: &mut Checkpoints) -> Vec<(RecordPosition, Vec<u8>)> {
    let mut found = Vec::new();
    loop {
        let mut has_more = false;
        let shards = stream.shards().await.unwrap();
        let is_listed = |id: &ShardId| shards.iter().any(|shard| shard.id == *id);
        for Shard { id, parents } in shards.clone() {
            let comes_first = |parent| is_listed(parent) && checkpoints.get(parent) != Some(&Checkpoint::Ended);
            if parents.iter().any(comes_first) {
                continue;
            }
            let after = match checkpoints.get(&id) {
                Some(Checkpoint::Ended) => continue,
                Some(Checkpoint::At(position)) => Some(position.clone()),
                None => None,
            };
            let stretch = stream.read(&id, after, limit).await.unwrap();
            assert!(stretch.records.len() <= limit);
            for StoredRecord { sequence_number, bytes } in stretch.records {
                checkpoints.insert(id.clone(), Checkpoint::At(sequence_number.clone()));
                found.push((RecordPosition { shard: id.clone(), sequence_number }, bytes));
            }
            if stretch.status == ReadStatus::ShardEnd {
                checkpoints.insert(id, Checkpoint::Ended);
            }
            has_more |= stretch.status != ReadStatus::CaughtUp;
        }
        if !has_more {
            return found;
        }
    }
}

/// Record number `number` of a key.
fn record(key: u64, number: u32) -> Vec<u8> {
    format!("{key} {number}").into_bytes()
}

fn parse(bytes: &[u8]) -> (u64, u32) {
    let text = std::str::from_utf8(bytes).unwrap();
    let (key, number) = text.split_once(' ').unwrap();
    (key.parse().unwrap(), number.parse().unwrap())
}

/// Appends `count` records of each key from `first` on, each after the last was acknowledged, all keys at once.
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

/// Each key's records in the order in which they are read.
fn by_key(found: &[(RecordPosition, Vec<u8>)]) -> HashMap<u64, Vec<u32>> {
    let mut keys: HashMap<u64, Vec<u32>> = HashMap::new();
    for (key, number) in found.iter().map(|(_, bytes)| parse(bytes)) {
        keys.entry(key).or_default().push(number);
    }
    keys
}

/// The laws, on an empty stream.
async fn keeps_the_laws(stream: Arc<dyn Stream>) {
    assert_eq!(read_all(&*stream, 10).await, []);
    let mut news = stream.subscribe();
    append_all(&stream, 100, 0, 3).await;
    tokio::time::timeout(Duration::from_secs(10), news.changed()).await.expect("there is news").unwrap();

    // All is there once, in each key's order, however it is cut up.
    let mut found = read_all(&*stream, 1_000).await;
    let keys = by_key(&found);
    assert_eq!(keys.len(), 100);
    assert!(keys.values().all(|numbers| *numbers == [0, 1, 2]), "{keys:?}");
    let mut cut_up = read_all(&*stream, 7).await;
    // Shards take turns, a stretch each.
    found.sort();
    cut_up.sort();
    assert_eq!(cut_up, found);

    // A place on another stream is none here.
    let elsewhere =
        RecordPosition { shard: ShardId("elsewhere".to_owned()), sequence_number: found[0].0.sequence_number.clone() };
    assert_eq!(stream.read_record(&elsewhere).await.unwrap(), None);

    // From any position it goes on with the one after; each record is found at its place.
    for (position, bytes) in found.iter().step_by(37) {
        assert_eq!(stream.read_record(position).await.unwrap().as_ref(), Some(bytes), "{position}");
        let rest = stream.read(&position.shard, Some(position.sequence_number.clone()), 1_000).await.unwrap().records;
        let expected: Vec<ExtendedSequenceNumber> = found
            .iter()
            .filter(|(other, _)| other.shard == position.shard && other.sequence_number > position.sequence_number)
            .map(|(other, _)| other.sequence_number.clone())
            .collect();
        assert_eq!(
            rest.iter().map(|stored| stored.sequence_number.clone()).collect::<Vec<_>>(),
            expected,
            "{position}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_embedded_stream_keeps_the_laws() {
    let folder = tempfile::tempdir().unwrap();
    keeps_the_laws(Arc::new(EmbeddedStream::open(folder.path()).unwrap())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_on_kinesis_keeps_the_laws() {
    let aws = LocalAws::start();
    for (name, shards) in [("one", 1), ("four", 4)] {
        let missing = KinesisStream::open(&aws.config(), name, None).await;
        assert!(matches!(missing, Err(StreamError::Missing(_))));
        let made = KinesisStream::open(&aws.config(), name, Some(shards)).await.unwrap();
        assert_eq!(made.shards().await.unwrap().len(), usize::from(shards));
        keeps_the_laws(Arc::new(made)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn order_outlives_a_split_and_a_merge() {
    let kinesis = LocalKinesis::start();
    make_stream(&kinesis.client(), "moving", 2).await;
    let open = async || KinesisStream::open(&config(kinesis.url()), "moving", None).await.unwrap();
    let stream: Arc<dyn Stream> = Arc::new(open().await);
    let reader = open().await;
    let mut checkpoints = Checkpoints::new();
    append_all(&stream, 50, 0, 3).await;
    let mut found = read_on(&reader, 100, &mut checkpoints).await;
    assert_eq!(found.len(), 150);

    // The upper half of the first shard becomes a shard of its own, with records on it that nobody has read: the writer
    // finds out as its records land elsewhere.
    append_all(&stream, 50, 3, 3).await;
    kinesis.split("moving", "shardId-000000000000", u128::MAX / 4).await;
    append_all(&stream, 50, 6, 3).await;
    kinesis.merge("moving", "shardId-000000000002", "shardId-000000000003").await;
    append_all(&stream, 50, 9, 3).await;
    found.extend(read_later(&reader, &mut checkpoints).await);
    assert_eq!(checkpoints.len(), 5, "two at first, two after the split, and one after the merge");

    for from_start in [found, read_all(&open().await, 1_000).await] {
        let keys = by_key(&from_start);
        assert_eq!(keys.len(), 50);
        for (key, numbers) in keys {
            assert_eq!(numbers, (0..12).collect::<Vec<_>>(), "key {key}");
        }
    }
}

/// Reads on once the reader has heard of the shards that there are now.
async fn read_later(reader: &KinesisStream, checkpoints: &mut Checkpoints) -> Vec<(RecordPosition, Vec<u8>)> {
    let started = Instant::now();
    while reader.shards().await.unwrap().iter().all(|shard| checkpoints.contains_key(&shard.id)) {
        assert!(started.elapsed() < Duration::from_secs(20), "the reader never hears of the new shards");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    read_on(reader, 100, checkpoints).await
}
