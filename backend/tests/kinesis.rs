//! The server with its events on a Kinesis of a local AWS.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use aws_sdk_kinesis::primitives::Blob;
use backend::{
    engines::Engines,
    registry::EmbeddedRegistry,
    store::EmbeddedStore,
    stream::KinesisStream,
    swarm::{self, Options},
};
use common::{TestServer, aws::LocalAws, play_out, setting, storm::Storm, truth, until_playable};
use shared::{ids::Seq, rules::Buttons, verdict::Verdict};
use tokio::sync::oneshot;

#[tokio::test]
async fn a_game_is_played_and_verified_and_stands_and_so_it_does_computed_anew() {
    let aws = LocalAws::start();
    aws.stream("events", 2).await;
    let mut server = TestServer::start_on_kinesis(aws.url(), "events");
    let ticket = server.ticket("Ada").await;
    let (events, game) = play_out(&ticket, Buttons::FIRE);
    until_playable(&ticket, game.state().tick).await;
    let count = events.len() as u32;
    server.send_ok(&ticket, 0, events.clone()).await;
    let view = server.game_at(&ticket, count).await;
    assert_eq!((view.verdict, view.hash), (Verdict::Verified, game.state().hash()));
    let standings = server.standings().await;
    assert_eq!(standings.standings[0].standing.game, ticket.game);

    assert!(server.stop().success());
    std::fs::remove_file(server.data().join("tables.redb")).unwrap();
    server.restart();
    assert_eq!(server.standings().await, standings);
    // What was acknowledged is still known to be.
    assert_eq!(server.send_ok(&ticket, 0, events).await.next_seq, Seq(count));
}

/// Half of all calls go wrong while bots play, the server is killed again and again, and somebody puts poison on the
/// stream. ALIEN_BOTS and ALIEN_KILLS set how many, and how often.
#[tokio::test(flavor = "multi_thread")]
async fn a_storm_loses_nothing_that_was_acknowledged_and_passes() {
    let (bots, kills) = (setting("ALIEN_BOTS", 100), setting("ALIEN_KILLS", 3));
    let aws = LocalAws::start();
    aws.stream("stormy", 2).await;
    let storm = Storm::start(&aws).await;
    let mut server = TestServer::start_on_kinesis(&storm.url(), "stormy");
    storm.rage(50);
    let poisoner = tokio::spawn(poison(aws.kinesis(), "stormy"));
    let options = Options { url: server.url.clone(), join: None, players: bots, seconds: 24 * 60 * 60 };
    let (stop, stopped) = oneshot::channel::<()>();
    let swarm = tokio::spawn(async move {
        let stopped = async { stopped.await.unwrap_or_default() };
        swarm::run(&options, stopped).await.unwrap()
    });
    for _ in 0..kills {
        tokio::time::sleep(Duration::from_secs(5)).await;
        tokio::task::block_in_place(|| server.kill_and_restart());
    }
    tokio::time::sleep(Duration::from_secs(5)).await;
    stop.send(()).unwrap();
    let report = swarm.await.unwrap();
    poisoner.abort();
    println!("{:?}", storm.told());
    assert!(storm.told().len() >= 6, "not everything went wrong that should have");
    storm.calm();
    // It recovers by itself: a game from now on is taken and processed at once.
    let recovered = Instant::now();
    let ticket = server.ticket("After the storm").await;
    server.game_at(&ticket, 0).await;
    let letters = server.dead_letters().await;
    println!("{letters} dead letters, at most 100 are told");
    assert!(letters > 0);
    println!("recovered after {:.1?}, with {} MB at most", recovered.elapsed(), server.peak_memory() / 1_000_000);
    assert!(server.peak_memory() < 500_000_000);
    assert!(tokio::task::block_in_place(|| server.stop()).success());

    let engines = Engines {
        stream: Arc::new(KinesisStream::open(&aws.config(), "stormy", None).await.unwrap()),
        store: Arc::new(EmbeddedStore::open(&server.data().join("tables.redb")).unwrap()),
        registry: Arc::new(EmbeddedRegistry::open(&server.data().join("registry.redb")).unwrap()),
    };
    truth::assert_holds(&engines, &report).await;
}

/// Puts what is no record on a stream, ten times a second.
async fn poison(kinesis: aws_sdk_kinesis::Client, stream: &str) {
    for number in 0.. {
        let request = kinesis.put_record().stream_name(stream).partition_key(format!("poison {number}"));
        request.data(Blob::new("poison")).send().await.unwrap();
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
