//! A storm between all processes and a local AWS: half of all calls to Kinesis, DynamoDB and SQS go wrong.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use std::time::{Duration, Instant};

use aws_sdk_kinesis::{Client, primitives::Blob};
use backend::swarm::{self, Options};
use common::{
    TestServer,
    aws::LocalAws,
    setting,
    sharing::{Processor, engines},
    storm::Storm,
    truth,
};
use tokio::sync::oneshot;

const STREAM: &str = "shared";
/// A hash in the middle of the first of four shards.
const MIDDLE: u128 = u128::MAX / 8;

/// While bots play, processors and the server are killed again and again, a shard is split and others are merged, and
/// somebody puts poison on the stream. ALIEN_BOTS and ALIEN_KILLS set how many, and how often.
#[tokio::test(flavor = "multi_thread")]
async fn a_storm_loses_nothing_that_was_acknowledged_counts_nothing_twice_and_passes() {
    let (bots, kills) = (setting("ALIEN_BOTS", 60), setting("ALIEN_KILLS", 3));
    let aws = LocalAws::start();
    let storm = Storm::start(&aws).await;
    let mut server = TestServer::start_on_aws(&storm.url(), &["--no-process"]);
    let mut processors = vec![Processor::start(&storm.url()), Processor::start(&storm.url())];
    storm.rage(50);
    let poisoner = tokio::spawn(poison(aws.kinesis()));
    let options = Options { url: server.url.clone(), join: None, players: bots, seconds: 24 * 60 * 60 };
    let (stop, stopped) = oneshot::channel::<()>();
    let swarm = tokio::spawn(async move {
        let stopped = async { stopped.await.unwrap_or_default() };
        swarm::run(&options, stopped).await.unwrap()
    });
    for kill in 0..kills {
        tokio::time::sleep(Duration::from_secs(5)).await;
        drop(processors.remove(0));
        processors.push(Processor::start(&storm.url()));
        tokio::task::block_in_place(|| server.kill_and_restart());
        if kill == 0 {
            reshard(&aws).await;
        }
    }
    tokio::time::sleep(Duration::from_secs(5)).await;
    stop.send(()).unwrap();
    let report = swarm.await.unwrap();
    poisoner.abort();
    println!("{:?}", storm.told());
    assert!(storm.told().len() >= 6, "not everything went wrong that should have");
    storm.calm();
    // It recovers by itself: a game from now on is taken and processed, by whoever has the leases then.
    let recovered = Instant::now();
    let ticket = server.ticket("After the storm").await;
    server.game_at(&ticket, 0).await;
    let memory = server.peak_memory();
    println!("recovered after {:.1?}, with {} MB at most", recovered.elapsed(), memory / 1_000_000);
    assert!(memory < 500_000_000);
    assert!(tokio::task::block_in_place(|| server.stop()).success());
    drop(processors);
    let engines = engines(&aws.config()).await;
    truth::assert_holds(&engines, &report).await;
    let letters = engines.store.dead_letters(usize::MAX).await.unwrap();
    println!("{} dead letters", letters.len());
    assert!(!letters.is_empty() && letters.iter().all(|letter| letter.reason.starts_with("not a record")));
}

/// Splits one shard and merges two others.
async fn reshard(aws: &LocalAws) {
    let kinesis = aws.kinesis();
    let split = kinesis.split_shard().stream_name(STREAM).shard_to_split("shardId-000000000000");
    split.new_starting_hash_key(MIDDLE.to_string()).send().await.unwrap();
    aws.until_active(STREAM).await;
    let merge = kinesis.merge_shards().stream_name(STREAM).shard_to_merge("shardId-000000000002");
    merge.adjacent_shard_to_merge("shardId-000000000003").send().await.unwrap();
    aws.until_active(STREAM).await;
}

/// Puts what is no record on the stream, twice a second: more than one in a hundred.
async fn poison(kinesis: Client) {
    for number in 0.. {
        let request = kinesis.put_record().stream_name(STREAM).partition_key(format!("poison {number}"));
        request.data(Blob::new("poison")).send().await.unwrap();
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}
