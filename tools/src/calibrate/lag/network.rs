//! A model of HTTPS over TCP on bad Wi-Fi: packets are lost at random, and all of them during outages. Times are
//! milliseconds from the start of a game.
//!
//! The device notices half of the outages: its requests then fail at once, so that the pauses between retries grow. In the
//! others packets disappear, and requests fail after their time limit.

use rand_core::Rng;
use rand_pcg::Pcg32;
use shared::sending::REQUEST_TIMEOUT_MILLIS;

use super::Options;

/// The first pause before a lost packet of a handshake is sent again, as in RFC 6298.
const HANDSHAKE_RETRANSMISSION_MILLIS: u64 = 1_000;
/// The same for later packets, in addition to the round trip. The smallest value of Linux.
const RETRANSMISSION_MILLIS: u64 = 200;
/// The longest pause before a packet is sent again.
const MAX_RETRANSMISSION_MILLIS: u64 = 120_000;

/// The network of one game.
pub struct Network {
    rng: Pcg32,
    loss_percent: u32,
    round_trip_millis: u64,
    outages: Vec<Outage>,
    /// Whether the last request left an open connection.
    is_connected: bool,
}

struct Outage {
    from: u64,
    until: u64,
    /// Whether the device notices it.
    is_noticed: bool,
}

/// How a request ended.
pub struct RequestEnd {
    /// When the server received the request; `None` if it did not.
    pub received_at: Option<u64>,
    /// When the client received the response, or the request failed.
    pub ended_at: u64,
    /// Whether the client received the response.
    pub is_success: bool,
}

impl Network {
    /// The network of the game with that seed.
    pub fn new(options: &Options, seed: u64) -> Network {
        let mut rng = Pcg32::new(seed, 0x1a6);
        let outages = outages(options, &mut rng);
        let (loss_percent, round_trip_millis) = (options.loss, options.round_trip);
        Network { rng, loss_percent, round_trip_millis, outages, is_connected: false }
    }

    /// A random number from 0 to 1.
    pub fn random(&mut self) -> f64 {
        f64::from(self.rng.next_u32()) / f64::from(u32::MAX)
    }

    /// Sends a request and waits for the response, at most for the browser's time limit.
    pub fn request(&mut self, sent_at: u64) -> RequestEnd {
        let fails_at = self.noticed_outage_after(sent_at).min(sent_at + u64::from(REQUEST_TIMEOUT_MILLIS));
        let connected_at = if self.is_connected { sent_at } else { self.connect(sent_at) };
        let received_at = self.deliver(connected_at);
        let responded_at = self.deliver(received_at);
        self.is_connected = responded_at < fails_at;
        RequestEnd {
            received_at: Some(received_at).filter(|time| *time < fails_at),
            ended_at: responded_at.min(fails_at),
            is_success: self.is_connected,
        }
    }

    /// When the device notices an outage from that time on.
    fn noticed_outage_after(&self, time: u64) -> u64 {
        let noticed = self.outages.iter().filter(|outage| outage.is_noticed && outage.until > time);
        noticed.map(|outage| outage.from.max(time)).min().unwrap_or(u64::MAX)
    }

    /// Opens a connection: a handshake of TCP and one of TLS. Returns when it is open.
    fn connect(&mut self, mut time: u64) -> u64 {
        let mut pause = HANDSHAKE_RETRANSMISSION_MILLIS;
        while !(self.passes(time) && self.passes(time + self.round_trip_millis / 2)) {
            time += pause;
            pause *= 2;
        }
        let greeted_at = self.deliver(time + self.round_trip_millis);
        self.deliver(greeted_at)
    }

    /// Sends a packet until it arrives. Returns when it arrives.
    fn deliver(&mut self, mut time: u64) -> u64 {
        let mut pause = self.round_trip_millis + RETRANSMISSION_MILLIS;
        while !self.passes(time) {
            time += pause;
            pause = (2 * pause).min(MAX_RETRANSMISSION_MILLIS);
        }
        time + self.round_trip_millis / 2
    }

    /// Whether a packet that is sent at that time arrives.
    fn passes(&mut self, time: u64) -> bool {
        let is_out = self.outages.iter().any(|outage| (outage.from..outage.until).contains(&time));
        let is_lost = self.rng.next_u32() % 100 < self.loss_percent;
        !is_out && !is_lost
    }
}

/// The outages of a game. The time between two of them is half the interval to one and a half.
fn outages(options: &Options, rng: &mut Pcg32) -> Vec<Outage> {
    let (length, interval) = (u64::from(options.outage) * 1_000, u64::from(options.outage_interval) * 1_000);
    let mut outages = Vec::new();
    let mut time = 0;
    while length > 0 && time < u64::from(options.seconds) * 1_000 {
        let from = time + interval / 2 + u64::from(rng.next_u32()) % interval;
        time = from + length;
        outages.push(Outage { from, until: time, is_noticed: rng.next_u32().is_multiple_of(2) });
    }
    outages
}
