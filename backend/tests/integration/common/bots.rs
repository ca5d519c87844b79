//! Bots that play on a server until the test stops them.

use tokio::{sync::oneshot, task::JoinHandle};
use tools::load::{self, Options, Report};

use super::random::Random;

/// Longer than any test.
const MAX_SECONDS: u64 = 24 * 60 * 60;

/// The bots.
pub struct Bots {
    stop: oneshot::Sender<()>,
    bots: JoinHandle<Report>,
}

impl Bots {
    /// Lets `players` bots play on the server at `url`.
    pub fn start(url: String, players: u32) -> Bots {
        let options = Options {
            url,
            join: None,
            players,
            seconds: MAX_SECONDS,
            watch: false,
            seed: Random::new("bots").number(),
            nicknames: Vec::new(),
        };
        let (stop, stopped) = oneshot::channel();
        let bots = tokio::spawn(async move {
            let stopped = async { stopped.await.unwrap_or_default() };
            load::run(&options, stopped).await.unwrap()
        });
        Bots { stop, bots }
    }

    /// Stops the bots, waits until they have sent what they can, and returns their report.
    pub async fn stop(self) -> Report {
        self.stop.send(()).unwrap();
        self.bots.await.unwrap()
    }
}
