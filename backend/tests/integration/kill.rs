//! Nothing acknowledged is lost: bots play while the server is killed without a warning, again and again. Afterwards
//! every acknowledged event must be on the stream, and the standings must be those computed anew from it.
//!
//! ALIEN_KILLS and ALIEN_BOTS set how often and how many; `cargo xtask kill-test` runs it at full size.

use std::time::{Duration, Instant};

use crate::common::{TestServer, setting, truth};
use backend::engine::Engines;
use tokio::sync::oneshot;
use tools::load::{self, Options};

/// A moment from 50 to 1250 ms after the server has started.
fn random_moment() -> Duration {
    Duration::from_millis(50 + getrandom::u64().unwrap() % 1200)
}

#[tokio::test(flavor = "multi_thread")]
async fn kill_9_loses_nothing_that_was_acknowledged() {
    let (kills, bots) = (setting("ALIEN_KILLS", 10), setting("ALIEN_BOTS", 200));
    let started = Instant::now();
    let mut server = TestServer::start(&[]);
    let options =
        Options { url: server.url.clone(), join: None, players: bots, seconds: 24 * 60 * 60, watch: false, seed: 0 };
    let (stop, stopped) = oneshot::channel::<()>();
    let swarm = tokio::spawn(async move {
        let stopped = async { stopped.await.unwrap_or_default() };
        load::run(&options, stopped).await.unwrap()
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

    println!("{kills} kills under {bots} bots in {:.0?}; slowest start {slowest_start:.0?}", started.elapsed());
    truth::assert_holds(&Engines::embedded(server.data()).unwrap(), &report).await;
}
