//! A bad network in user space: a TCP proxy with delay, loss and outages. Each client gets a link of its own.
//!
//! A proxy sees streams and not packets, so it cannot drop a packet. Instead it does what TCP does about a lost one:
//! the bytes arrive after a retransmission timeout, which doubles with each further loss, and later bytes wait for
//! them. Each chunk of at most [`PACKET_BYTES`] stands for a packet. A packet that is sent during an outage is lost,
//! and so is each retransmission until the outage is over; some outages cut the open connections when they end, as a
//! router does that has forgotten them. Left out: fast retransmission, congestion windows, and bandwidth.
//!
//! Delays, losses and outages follow from one seed for each link. They repeat as far as the client sends the same bytes
//! at the same times.

use std::{io, net::Ipv4Addr, time::Duration};

use clap::Args;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::mpsc,
    task::{JoinHandle, JoinSet},
    time::Instant,
};

use crate::random::Random;

/// Bytes of a packet: those of a TCP segment on Ethernet.
pub const PACKET_BYTES: usize = 1460;
/// A retransmission timeout is the round trip plus this, as on Linux.
const MIN_TIMEOUT: Duration = Duration::from_millis(200);
/// The largest retransmission timeout.
const MAX_TIMEOUT: Duration = Duration::from_secs(60);
/// Packets under way in one direction of a connection. Then the sender waits.
const MAX_PACKETS: usize = 64;

/// How bad a network is.
#[derive(Debug, Clone, Copy, PartialEq, Args)]
pub struct NetworkOptions {
    /// Round trip time in milliseconds. Each direction takes half of it
    #[arg(long, value_name = "MILLIS", default_value_t = NetworkOptions::BAD.round_trip_millis)]
    pub round_trip_millis: u32,
    /// Packets that are lost, percent, 0 to 90
    #[arg(long, value_name = "PERCENT", default_value_t = NetworkOptions::BAD.loss_percent,
        value_parser = clap::value_parser!(u8).range(0..=90))]
    pub loss_percent: u8,
    /// Duration of an outage in seconds. 0 for no outages
    #[arg(long, value_name = "SECONDS", default_value_t = NetworkOptions::BAD.outage_seconds)]
    pub outage_seconds: u32,
    /// Mean time from one outage of a client to the next in seconds. The times are distributed exponentially
    #[arg(long, value_name = "SECONDS", default_value_t = NetworkOptions::BAD.outage_interval_seconds,
        value_parser = clap::value_parser!(u32).range(1..))]
    pub outage_interval_seconds: u32,
    /// Outages that cut the open connections, percent, 0 to 100
    #[arg(long, value_name = "PERCENT", default_value_t = NetworkOptions::BAD.cut_percent,
        value_parser = clap::value_parser!(u8).range(0..=100))]
    pub cut_percent: u8,
}

impl NetworkOptions {
    /// A bad network: 300 ms round trip, 5 % loss, and outages of 20 s after every 120 s, of which a third cuts the
    /// open connections.
    pub const BAD: NetworkOptions = NetworkOptions {
        round_trip_millis: 300,
        loss_percent: 5,
        outage_seconds: 20,
        outage_interval_seconds: 120,
        cut_percent: 33,
    };

    fn delay(&self) -> Duration {
        self.round_trip() / 2
    }

    fn round_trip(&self) -> Duration {
        Duration::from_millis(self.round_trip_millis.into())
    }
}

/// The link of one client to a server. Dropping it closes its connections.
#[derive(Debug)]
pub struct Link {
    port: u16,
    task: JoinHandle<()>,
}

impl Link {
    /// Opens a link to `target`, a host with a port.
    ///
    /// # Errors
    /// If there is no free port.
    pub async fn open(target: String, options: NetworkOptions, seed: u64) -> io::Result<Link> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = listener.local_addr()?.port();
        let path = Path { target, options, seed, opened: Instant::now() };
        Ok(Link { port, task: tokio::spawn(accept(listener, path)) })
    }

    /// The URL of the server through this link.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Where a link leads, and how bad it is.
#[derive(Debug, Clone)]
struct Path {
    target: String,
    options: NetworkOptions,
    seed: u64,
    opened: Instant,
}

impl Path {
    fn direction(&self, random: Random) -> Direction {
        Direction {
            random,
            options: self.options,
            outages: Outages::new(self.seed, self.options),
            known: Vec::new(),
            last_arrival: Duration::ZERO,
        }
    }

    /// When the open connections are cut for the next time, from now on.
    async fn wait_for_cut(&self) {
        let now = self.opened.elapsed();
        let cut = Outages::new(self.seed, self.options).find(|outage| outage.from > now && outage.cuts);
        match cut {
            Some(outage) => tokio::time::sleep_until(self.opened + outage.until).await,
            None => std::future::pending().await,
        }
    }
}

/// Accepts connections until the link is dropped.
async fn accept(listener: TcpListener, path: Path) {
    // Connections are numbered, so that each has random numbers of its own.
    let mut seeds = Random::new(path.seed);
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((client, _)) => {
                    connections.spawn(relay(client, path.clone(), seeds.fork()));
                }
                // No file handle is free. Some will be.
                Err(_) => tokio::time::sleep(MIN_TIMEOUT).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Relays one connection until both sides have ended it, or an outage cuts it.
async fn relay(client: TcpStream, path: Path, mut random: Random) {
    let (mut up, mut down) = (path.direction(random.fork()), path.direction(random.fork()));
    // The system has accepted the connection, but its client could send nothing before the handshake.
    let asked = up.arrival(path.opened.elapsed());
    let answered = down.arrival(asked);
    tokio::time::sleep_until(path.opened + answered).await;
    let Ok(server) = TcpStream::connect(&path.target).await else {
        return;
    };
    // Small packets leave at once. The connection also works without these options.
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let cut = path.wait_for_cut();
    tokio::select! {
        () = async {
            tokio::join!(
                forward(from_client, to_server, up, path.opened),
                forward(from_server, to_client, down, path.opened),
            );
        } => {}
        () = cut => {}
    }
}

/// Bytes under way. Without bytes, the end of the stream.
struct Packet {
    arrives_at: Instant,
    bytes: Vec<u8>,
}

/// Forwards one direction of a connection to its end.
async fn forward(from: OwnedReadHalf, to: OwnedWriteHalf, direction: Direction, opened: Instant) {
    let (sender, receiver) = mpsc::channel(MAX_PACKETS);
    tokio::join!(send(from, direction, opened, sender), deliver(to, receiver));
}

async fn send(mut from: OwnedReadHalf, mut direction: Direction, opened: Instant, packets: mpsc::Sender<Packet>) {
    let mut buffer = [0; PACKET_BYTES];
    loop {
        // A stream that fails has ended.
        let read = from.read(&mut buffer).await.unwrap_or(0);
        let arrives_at = opened + direction.arrival(opened.elapsed());
        let packet = Packet { arrives_at, bytes: buffer[..read].to_vec() };
        if packets.send(packet).await.is_err() || read == 0 {
            return;
        }
    }
}

async fn deliver(mut to: OwnedWriteHalf, mut packets: mpsc::Receiver<Packet>) {
    while let Some(Packet { arrives_at, bytes }) = packets.recv().await {
        tokio::time::sleep_until(arrives_at).await;
        if to.write_all(&bytes).await.is_err() {
            return;
        }
    }
    // The other side may be gone.
    let _ = to.shutdown().await;
}

/// One direction of a connection. All times are counted from the opening of the link.
struct Direction {
    random: Random,
    options: NetworkOptions,
    outages: Outages,
    /// The outages so far, and the next one.
    known: Vec<Outage>,
    last_arrival: Duration,
}

impl Direction {
    /// When a packet arrives that is sent at `sent`. Packets arrive in the order in which they are sent.
    fn arrival(&mut self, sent: Duration) -> Duration {
        let mut at = sent;
        let mut timeout = self.options.round_trip() + MIN_TIMEOUT;
        while self.is_lost(at) {
            at += timeout;
            timeout = (timeout * 2).min(MAX_TIMEOUT);
        }
        self.last_arrival = self.last_arrival.max(at + self.options.delay());
        self.last_arrival
    }

    fn is_lost(&mut self, at: Duration) -> bool {
        self.is_out(at) || self.random.below(100) < self.options.loss_percent.into()
    }

    fn is_out(&mut self, at: Duration) -> bool {
        while self.known.last().is_none_or(|outage| outage.until <= at)
            && let Some(next) = self.outages.next()
        {
            self.known.push(next);
        }
        self.known.iter().any(|outage| outage.from <= at && at < outage.until)
    }
}

/// An outage of a link, in time since the link was opened.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Outage {
    from: Duration,
    until: Duration,
    /// Whether it cuts the open connections when it ends.
    cuts: bool,
}

/// The outages of a link, in order. They do not depend on what is sent.
#[derive(Debug, Clone)]
struct Outages {
    random: Random,
    options: NetworkOptions,
    last_end: Duration,
}

impl Outages {
    fn new(seed: u64, options: NetworkOptions) -> Outages {
        Outages { random: Random::new(seed), options, last_end: Duration::ZERO }
    }
}

impl Iterator for Outages {
    type Item = Outage;

    fn next(&mut self) -> Option<Outage> {
        let NetworkOptions { outage_seconds, outage_interval_seconds, cut_percent, .. } = self.options;
        if outage_seconds == 0 {
            return None;
        }
        // From 0 to 1, but not 1, whose logarithm has no end.
        let waits = -(1.0 - self.random.share()).ln() * f64::from(outage_interval_seconds);
        let from = self.last_end + Duration::from_secs_f64(waits);
        self.last_end = from + Duration::from_secs(outage_seconds.into());
        Some(Outage { from, until: self.last_end, cuts: self.random.below(100) < cut_percent.into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(options: NetworkOptions, seed: u64) -> Path {
        Path { target: String::new(), options, seed, opened: Instant::now() }
    }

    /// The arrivals of packets that are sent at these times in milliseconds, in milliseconds.
    fn arrivals(options: NetworkOptions, seed: u64, sent: impl Iterator<Item = u64>) -> Vec<(u64, u64)> {
        let mut direction = path(options, seed).direction(Random::new(seed));
        let millis = |at: Duration| at.as_millis() as u64;
        sent.map(|at| (at, millis(direction.arrival(Duration::from_millis(at))))).collect()
    }

    #[test]
    fn packets_arrive_in_order_after_the_delay_and_a_part_after_timeouts() {
        let options = NetworkOptions { outage_seconds: 0, ..NetworkOptions::BAD };
        let times = arrivals(options, 7, (0..10_000).map(|number| number * 10_000));
        assert!(times.is_sorted_by_key(|(_, arrival)| *arrival));
        let delays: Vec<u64> = times.iter().map(|(sent, arrival)| arrival - sent).collect();
        let count = |range: std::ops::RangeInclusive<u64>| delays.iter().filter(|delay| range.contains(delay)).count();
        assert_eq!(count(150..=150) + count(650..=650) + count(1_650..=u64::MAX), 10_000);
        assert!((9_400..9_600).contains(&count(150..=150)), "{} of 10,000 arrive at once", count(150..=150));
        assert!((5..60).contains(&count(1_650..=u64::MAX)), "a lost packet can be lost again");
    }

    #[test]
    fn later_packets_wait_for_a_lost_one() {
        let options = NetworkOptions { outage_seconds: 0, loss_percent: 50, ..NetworkOptions::BAD };
        let times = arrivals(options, 3, (0..200).map(|number| number * 20));
        assert!(times.is_sorted_by_key(|(_, arrival)| *arrival));
        assert!(times.windows(2).any(|pair| pair[0].1 == pair[1].1));
    }

    #[test]
    fn nothing_arrives_during_an_outage_but_what_was_under_way() {
        let options = NetworkOptions { loss_percent: 0, ..NetworkOptions::BAD };
        let outages: Vec<Outage> = Outages::new(5, options).take(50).collect();
        for Outage { from, until, .. } in &outages {
            let sent = (from.as_millis() as u64 + 1..until.as_millis() as u64).step_by(500);
            for (sent, arrival) in arrivals(options, 5, sent) {
                let is_out =
                    |outage: &Outage| (outage.from..outage.until).contains(&Duration::from_millis(arrival - 150));
                assert!(arrival >= until.as_millis() as u64, "sent at {sent}, arrived at {arrival}");
                assert!(!outages.iter().any(is_out), "sent at {sent}, arrived at {arrival}");
            }
        }
    }

    #[test]
    fn outages_have_their_length_their_mean_interval_and_their_share_of_cuts() {
        let outages: Vec<Outage> = Outages::new(11, NetworkOptions::BAD).take(4_000).collect();
        assert!(outages.iter().all(|outage| outage.until - outage.from == Duration::from_secs(20)));
        assert!(outages.windows(2).all(|pair| pair[0].until <= pair[1].from));
        let mean = outages[3_999].from.as_secs() / 4_000;
        assert!((130..150).contains(&mean), "every {mean} s with the outage");
        let cuts = outages.iter().filter(|outage| outage.cuts).count();
        assert!((1_200..1_450).contains(&cuts), "{cuts} of 4,000 cut the connections");
    }

    #[test]
    fn equal_seeds_make_equal_networks() {
        let times = |seed| arrivals(NetworkOptions::BAD, seed, (0..500).map(|number| number * 1_000));
        assert_eq!(times(1), times(1));
        assert_ne!(times(1), times(2));
    }

    #[tokio::test]
    async fn all_bytes_arrive_in_order_over_a_lossy_link() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let target = listener.local_addr().unwrap().to_string();
        let echo = tokio::spawn(async move {
            let (mut socket, _) = listener.accept().await.unwrap();
            let (mut from, mut to) = socket.split();
            tokio::io::copy(&mut from, &mut to).await.unwrap();
        });
        let options =
            NetworkOptions { round_trip_millis: 2, loss_percent: 20, outage_seconds: 0, ..NetworkOptions::BAD };
        let link = Link::open(target, options, 1).await.unwrap();
        let mut client = TcpStream::connect(link.url().strip_prefix("http://").unwrap()).await.unwrap();
        let sent: Vec<u8> = (0..20_000_u32).map(|number| number as u8).collect();
        client.write_all(&sent).await.unwrap();
        client.shutdown().await.unwrap();
        let mut received = Vec::new();
        client.read_to_end(&mut received).await.unwrap();
        assert_eq!(received, sent);
        echo.await.unwrap();
    }
}
