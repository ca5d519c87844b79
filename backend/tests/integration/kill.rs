//! A killed server loses no acknowledged event: bots play while the server is killed and restarted again and again.
//!
//! `ALIEN_KILLS` and `ALIEN_BOTS` set the number of kills and bots; `cargo xtask kill-test` runs this at full size.

use std::time::{Duration, Instant};

use crate::common::{ServerProcess, bots::Bots, invariants::assert_invariants, random::Random, relay::Relay, setting};
use backend::engine::Engines;

/// The server is killed at a random moment of its first 50 to 1,250 ms.
fn random_lifetime(random: &mut Random) -> Duration {
    Duration::from_millis(50 + random.below(1_200))
}

#[tokio::test(flavor = "multi_thread")]
async fn sigkill_loses_no_acknowledged_event() {
    let (kills, bots) = (setting("ALIEN_KILLS", 10), setting("ALIEN_BOTS", 200));
    let mut random = Random::new("the moments of kills");
    let started = Instant::now();
    let relay = Relay::start().await;
    let mut server = ServerProcess::start(&[]).await;
    relay.set_target(server.address());
    let running = Bots::start(relay.url(), bots);
    let mut slowest_start = Duration::ZERO;
    for kill in 1..=kills {
        tokio::time::sleep(random_lifetime(&mut random)).await;
        let restarted = Instant::now();
        server.kill_and_restart().await;
        relay.set_target(server.address());
        slowest_start = slowest_start.max(restarted.elapsed());
        if kill % 10 == 0 {
            println!("{kill} of {kills} kills after {:.0?}", started.elapsed());
        }
    }
    let report = running.stop().await;
    server.kill();

    println!("{kills} kills with {bots} bots in {:.0?}; slowest start {slowest_start:.0?}", started.elapsed());
    assert_invariants(&Engines::embedded(server.data()).unwrap(), &report).await;
}
