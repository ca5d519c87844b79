//! Bots that play on a server until the test stops them.

use tokio::{sync::oneshot, task::JoinHandle};
use tools::load::{self, Options, Report};

use super::random::Random;

/// Longer than any test.
const MAX_SECONDS: u64 = 24 * 60 * 60;

/// The bots.
pub struct Swarm {
    stop: oneshot::Sender<()>,
    bots: JoinHandle<Report>,
}

impl Swarm {
    /// Lets `players` bots play on the server at `url`.
    pub fn start(url: String, players: u32) -> Swarm {
        let options = Options {
            url,
            join: None,
            players,
            seconds: MAX_SECONDS,
            watch: false,
            seed: Random::new("bots").number(),
        };
        let (stop, stopped) = oneshot::channel();
        let bots = tokio::spawn(async move {
            let stopped = async { stopped.await.unwrap_or_default() };
            load::run(&options, stopped).await.unwrap()
        });
        Swarm { stop, bots }
    }

    /// Stops the bots, waits until they have sent what they can, and returns their report.
    pub async fn stop(self) -> Report {
        self.stop.send(()).unwrap();
        self.bots.await.unwrap()
    }
}
