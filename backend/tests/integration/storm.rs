//! A storm between all processes and a local AWS: half of all calls to Kinesis, DynamoDB and SQS go wrong.

use std::time::{Duration, Instant};

use crate::common::{
    TestServer,
    aws::{LocalAws, config, until_active},
    kinesis::LocalKinesis,
    setting,
    sharing::{ProcessorProcess, engines},
    storm::Storm,
    truth,
};
use aws_sdk_kinesis::{Client, primitives::Blob};
use backend::engine::stream::Checkpoint;
use tokio::sync::oneshot;
use tools::load::{self, Options};

const STREAM: &str = "shared";
/// How long they play before each kill, and after the last.
const BETWEEN_KILLS: Duration = Duration::from_secs(5);

/// While bots play, processors and the server are killed again and again, shards are split and merged, and somebody puts
/// poison on the stream. ALIEN_BOTS and ALIEN_KILLS set how many, and how often.
#[tokio::test(flavor = "multi_thread")]
async fn a_storm_loses_nothing_that_was_acknowledged_counts_nothing_twice_and_passes() {
    let (bots, kills) = (setting("ALIEN_BOTS", 60), setting("ALIEN_KILLS", 3));
    let (aws, kinesis) = (LocalAws::start(), LocalKinesis::start());
    let storm = Storm::start(&aws, &kinesis).await;
    let mut server = TestServer::start_on_aws(&storm.url(), &["--no-process"]);
    let mut processors = vec![ProcessorProcess::start(&storm.url()), ProcessorProcess::start(&storm.url())];
    storm.rage(50);
    let poisoner = tokio::spawn(poison(kinesis.client()));
    let options =
        Options { url: server.url.clone(), join: None, players: bots, seconds: 24 * 60 * 60, watch: false, seed: 0 };
    let (stop, stopped) = oneshot::channel::<()>();
    let swarm = tokio::spawn(async move {
        let stopped = async { stopped.await.unwrap_or_default() };
        load::run(&options, stopped).await.unwrap()
    });
    for kill in 0..kills {
        tokio::time::sleep(BETWEEN_KILLS).await;
        match kill {
            0 => kinesis.split(STREAM, "shardId-000000000000", u128::MAX / 8).await,
            1 => kinesis.merge(STREAM, "shardId-000000000002", "shardId-000000000003").await,
            _ => {}
        }
        drop(processors.remove(0));
        processors.push(ProcessorProcess::start(&storm.url()));
        tokio::task::block_in_place(|| server.kill_and_restart());
    }
    tokio::time::sleep(BETWEEN_KILLS).await;
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
    let engines = engines(&config(&storm.url())).await;
    truth::assert_holds(&engines, &report).await;
    let shards = engines.store.shards().await.unwrap();
    let ended = shards.values().filter(|row| row.checkpoint == Checkpoint::Ended).count();
    assert_eq!(ended, 3, "shards were split and merged, and read to their ends");
    let dead_letters = engines.store.dead_letters(usize::MAX).await.unwrap();
    println!("{} dead letters", dead_letters.len());
    assert!(
        !dead_letters.is_empty()
            && dead_letters.iter().all(|dead_letter| dead_letter.reason.starts_with("not a record"))
    );
}

/// Puts what is no record on the stream, seven times a second: more than one in a hundred.
async fn poison(kinesis: Client) {
    until_active(&kinesis, STREAM).await;
    for number in 0.. {
        let request = kinesis.put_record().stream_name(STREAM).partition_key(format!("poison {number}"));
        request.data(Blob::new("poison")).send().await.unwrap();
        tokio::time::sleep(Duration::from_millis(150)).await;
    }
}
