//! What every engine behind the stream's interface must do, on the embedded one and on a Kinesis of a local AWS.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod common;

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

use backend::stream::{
    Checkpoint, EmbeddedStream, KinesisStream, PartitionKey, Place, Position, ShardId, Stream, Then,
};
use common::aws::LocalAws;
use tokio::task::JoinSet;

/// Everything that is on a stream, shard by shard, parents before their children.
async fn read_all(stream: &dyn Stream, limit: usize) -> Vec<(Place, Vec<u8>)> {
    let mut found = Vec::new();
    let mut checkpoints: BTreeMap<ShardId, Checkpoint> = BTreeMap::new();
    loop {
        let mut has_more = false;
        for shard in stream.shards().await.unwrap() {
            if shard.parents.iter().any(|parent| checkpoints.get(parent).is_some_and(|it| *it != Checkpoint::Ended)) {
                continue;
            }
            let after = match checkpoints.get(&shard.id) {
                Some(Checkpoint::Ended) => continue,
                Some(Checkpoint::At(position)) => Some(*position),
                None => None,
            };
            let stretch = stream.read(&shard.id, after, limit).await.unwrap();
            assert!(stretch.records.len() <= limit);
            if let Some(last) = stretch.records.last() {
                checkpoints.insert(shard.id.clone(), Checkpoint::At(last.position));
            }
            for stored in stretch.records {
                found.push((Place { shard: shard.id.clone(), position: stored.position }, stored.bytes));
            }
            match stretch.then {
                Then::More => has_more = true,
                Then::End => {
                    checkpoints.insert(shard.id, Checkpoint::Ended);
                    has_more = true;
                }
                Then::Wait => {}
            }
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
fn by_key(found: &[(Place, Vec<u8>)]) -> HashMap<u64, Vec<u32>> {
    let mut keys: HashMap<u64, Vec<u32>> = HashMap::new();
    for (key, number) in found.iter().map(|(_, bytes)| parse(bytes)) {
        keys.entry(key).or_default().push(number);
    }
    keys
}

/// The laws, on an empty stream.
async fn keeps_the_laws(stream: Arc<dyn Stream>) {
    assert_eq!(read_all(&*stream, 10).await, []);
    let mut news = stream.news();
    append_all(&stream, 100, 0, 3).await;
    tokio::time::timeout(Duration::from_secs(10), news.changed()).await.expect("there is news").unwrap();

    // All is there once, in each key's order, however it is cut up.
    let found = read_all(&*stream, 1_000).await;
    let keys = by_key(&found);
    assert_eq!(keys.len(), 100);
    assert!(keys.values().all(|numbers| *numbers == [0, 1, 2]), "{keys:?}");
    assert_eq!(read_all(&*stream, 7).await, found);

    // From any position it goes on with the one after; each record is found at its place.
    for (place, bytes) in found.iter().step_by(37) {
        assert_eq!(stream.fetch(place).await.unwrap().as_ref(), Some(bytes), "{place}");
        let rest = stream.read(&place.shard, Some(place.position), 1_000).await.unwrap().records;
        let expected: Vec<Position> = found
            .iter()
            .filter(|(other, _)| other.shard == place.shard && other.position > place.position)
            .map(|(other, _)| other.position)
            .collect();
        assert_eq!(rest.iter().map(|stored| stored.position).collect::<Vec<_>>(), expected, "{place}");
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
        aws.stream(name, shards).await;
        keeps_the_laws(Arc::new(KinesisStream::open(&aws.config(), name).await.unwrap())).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn order_outlives_a_split_and_a_merge() {
    let aws = LocalAws::start();
    aws.stream("moving", 2).await;
    let kinesis = aws.kinesis();
    let stream: Arc<dyn Stream> = Arc::new(KinesisStream::open(&aws.config(), "moving").await.unwrap());
    append_all(&stream, 50, 0, 3).await;

    // The upper half of the first shard becomes a shard of its own; writers find out as their records land elsewhere.
    let quarter = (u128::MAX / 4).to_string();
    let first = stream.shards().await.unwrap().remove(0).id;
    let split = kinesis.split_shard().stream_name("moving").shard_to_split(&first.0).new_starting_hash_key(quarter);
    split.send().await.unwrap();
    aws.until_active("moving").await;
    append_all(&stream, 50, 3, 3).await;

    let [left, right] = ["shardId-000000000002", "shardId-000000000003"];
    let merge = kinesis.merge_shards().stream_name("moving").shard_to_merge(left).adjacent_shard_to_merge(right);
    merge.send().await.unwrap();
    aws.until_active("moving").await;
    append_all(&stream, 50, 6, 3).await;

    // A reader who comes later finds everything, the shards' children after their parents.
    let late: Arc<dyn Stream> = Arc::new(KinesisStream::open(&aws.config(), "moving").await.unwrap());
    let keys = by_key(&read_all(&*late, 100).await);
    assert_eq!(keys.len(), 50);
    for (key, numbers) in keys {
        assert_eq!(numbers, (0..9).collect::<Vec<_>>(), "key {key}");
    }
    assert_eq!(late.shards().await.unwrap().len(), 5);
}
