//! Nothing acknowledged is lost: bots play while the server is killed without a warning, again and again. Afterwards
//! every acknowledged event must be on the stream, and the standings must be those computed anew from it.
//!
//! ALIEN_KILLS and ALIEN_BOTS set how often and how many; `cargo xtask kill-test` runs it at full size.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod common;

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use backend::{
    processor::Progress,
    serve::Engines,
    store::{EmbeddedStore, PlayerRow},
    stream::Stream,
    swarm::{self, Options, Report},
};
use common::TestServer;
use shared::{
    event::What,
    ids::{GameId, Seq},
    record::Record,
    replay::ButtonLog,
    session::SessionId,
};
use tokio::sync::{oneshot, watch};

fn setting(name: &str, default: u32) -> u32 {
    std::env::var(name).ok().map_or(default, |value| value.parse().expect(name))
}

/// A moment from 50 to 1250 ms after the server has started.
fn random_moment() -> Duration {
    Duration::from_millis(50 + getrandom::u64().unwrap() % 1200)
}

#[tokio::test(flavor = "multi_thread")]
async fn kill_9_loses_nothing_that_was_acknowledged() {
    let (kills, bots) = (setting("ALIEN_KILLS", 10), setting("ALIEN_BOTS", 200));
    let started = Instant::now();
    let mut server = TestServer::start(&[]);
    let options = Options { url: server.url.clone(), join: None, players: bots, seconds: 24 * 60 * 60 };
    let (stop, stopped) = oneshot::channel::<()>();
    let swarm = tokio::spawn(async move {
        let stopped = async { stopped.await.unwrap_or_default() };
        swarm::run(&options, stopped).await.unwrap()
    });
    let mut slowest_start = Duration::ZERO;
    for kill in 1..=kills {
        tokio::time::sleep(random_moment()).await;
        let restarted = Instant::now();
        tokio::task::block_in_place(|| server.kill_and_restart());
        slowest_start = slowest_start.max(restarted.elapsed());
        if kill % 10 == 0 {
            println!("{kill} of {kills} kills after {:.0?}", started.elapsed());
        }
    }
    stop.send(()).unwrap();
    let report = swarm.await.unwrap();
    tokio::task::block_in_place(|| server.kill());

    let engines = Engines::embedded(server.data()).unwrap();
    let logged = read_all(&*engines.stream).await;
    let lost = count_lost(&report, &logged);
    let (kept, again) = (standings(&engines).await, recomputed(&engines).await);
    println!("{kills} kills under {bots} bots in {:.0?}; slowest start {slowest_start:.0?}", started.elapsed());
    println!("{report}");
    println!("{lost} acknowledged events lost; {} standings, the same when recomputed: {}", kept.len(), kept == again);
    assert_eq!(lost, 0);
    assert!(!kept.is_empty());
    assert_eq!(kept, again);
}

/// A game as the stream has it.
#[derive(Default)]
struct Logged {
    next_seq: Seq,
    buttons: ButtonLog,
}

async fn read_all(stream: &dyn Stream) -> HashMap<GameId, Logged> {
    let mut games: HashMap<GameId, Logged> = HashMap::new();
    let shard = stream.shards().await.unwrap().remove(0).id;
    let mut position = None;
    loop {
        let records = stream.read(&shard, position, 1000).await.unwrap().records;
        let Some(last) = records.last() else {
            return games;
        };
        position = Some(last.position);
        for record in &records {
            if let Record::Events { game, batch, .. } = serde_json::from_slice(&record.bytes).unwrap() {
                let logged = games.entry(game).or_default();
                for (seq, event) in batch.numbered().filter(|(seq, _)| *seq >= logged.next_seq).collect::<Vec<_>>() {
                    assert_eq!(seq, logged.next_seq, "the stream has a gap");
                    logged.next_seq = seq.plus(1);
                    if let What::Buttons(log) = &event.what {
                        logged.buttons.append(log);
                    }
                }
            }
        }
    }
}

/// Acknowledged events that the stream lacks, or has with other buttons.
fn count_lost(report: &Report, logged: &HashMap<GameId, Logged>) -> u32 {
    let lost = |game: &swarm::PlayedGame| match logged.get(&game.game) {
        None => game.acknowledged.0,
        Some(logged) if !logged.buttons.iter().zip(game.buttons.iter()).all(|(a, b)| a == b) => game.acknowledged.0,
        Some(logged) => game.acknowledged.0.saturating_sub(logged.next_seq.0),
    };
    report.games.iter().map(lost).sum()
}

async fn standings(engines: &Engines) -> Vec<PlayerRow> {
    engines.processor().catch_up(&watch::channel(Progress::CaughtUp).0).await.unwrap();
    engines.store.standings(SessionId::OPEN_PLAY, 0, usize::MAX).await.unwrap()
}

async fn recomputed(engines: &Engines) -> Vec<PlayerRow> {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(EmbeddedStore::open(&folder.path().join("tables.redb")).unwrap());
    standings(&Engines { store, ..engines.clone() }).await
}
