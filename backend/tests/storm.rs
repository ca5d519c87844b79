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

/// While bots play, processors and the server are killed again and again, and somebody puts poison on the stream. ALIEN_BOTS
/// and ALIEN_KILLS set how many, and how often. Shards are split and merged in tests/stream.rs alone: the local AWS throws
/// away what is on a shard as it closes, read or not.
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
    for _ in 0..kills {
        tokio::time::sleep(Duration::from_secs(5)).await;
        drop(processors.remove(0));
        processors.push(Processor::start(&storm.url()));
        tokio::task::block_in_place(|| server.kill_and_restart());
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

/// Puts what is no record on the stream, twice a second: more than one in a hundred.
async fn poison(kinesis: Client) {
    for number in 0.. {
        let request = kinesis.put_record().stream_name(STREAM).partition_key(format!("poison {number}"));
        request.data(Blob::new("poison")).send().await.unwrap();
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}
