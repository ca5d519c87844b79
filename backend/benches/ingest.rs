//! Acknowledged events per second, each fsynced, compared with an axum handler that only reads the same bodies.
//!
//! Client, server and processor share this machine. Each connection sends one batch after another, as a browser does.
//! The events are telemetry that is valid at any tick, so no game is rejected and every batch is processed.

use std::{
    net::SocketAddr,
    path::Path,
    time::{Duration, Instant},
};

use axum::{Router, body::Bytes, routing::post};
use backend::{
    server::{ServeError, Server},
    settings::{Config, EngineArgs},
};
use http_body_util::{BodyExt, Full};
use hyper::{Method, Request, client::conn::http1, header};
use hyper_util::rt::TokioIo;
use shared::{
    api::{Ack, NewGame, Ticket},
    event::{Batch, Event, EventKind, SCHEMA_VERSION},
    ids::Seq,
    time::Tick,
};
use tokio::{
    net::{TcpListener, TcpStream},
    runtime::Runtime,
    task::JoinSet,
};

const CONNECTIONS: [u32; 3] = [1, 64, 1000];
/// How long each handler is measured.
const TIME: Duration = Duration::from_secs(4);

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Servers and clients have separate runtimes. In one runtime a client's task could wake the handler's task without a
/// system call, which a client on another machine cannot.
fn main() -> Result<(), Failure> {
    let (servers, clients) = (Runtime::new()?, Runtime::new()?);
    let data = tempfile::tempdir()?;
    let (ingest, reader) = servers.block_on(start(data.path()))?;
    clients.block_on(measure(ingest, reader))
}

/// Starts both servers and returns their addresses.
async fn start(data: &Path) -> Result<(SocketAddr, SocketAddr), Failure> {
    let config =
        Config { port: 0, engine: EngineArgs { data: data.to_owned(), ..EngineArgs::default() }, ..Config::default() };
    let server = Server::start(&config).await.map_err(|error: ServeError| error.to_string())?;
    let ingest = server.address();
    tokio::spawn(server.run(std::future::pending()));

    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let reader = listener.local_addr()?;
    let reads_only = Router::new().route("/v1/games/{game}/events", post(async |body: Bytes| body.len().to_string()));
    tokio::spawn(async move { axum::serve(listener, reads_only).await });
    Ok((ingest, reader))
}

async fn measure(ingest: SocketAddr, reader: SocketAddr) -> Result<(), Failure> {
    println!("connections  handler      events/s  batches/s       p50       p99  of the reading handler's rate");
    for connections in CONNECTIONS {
        let tickets = tickets(ingest, connections).await?;
        let read = load(reader, &tickets).await?;
        let ingested = load(ingest, &tickets).await?;
        read.print(connections, "reads only", 100.0);
        ingested.print(connections, "ingest", ingested.batches_per_second() * 100.0 / read.batches_per_second());
    }
    Ok(())
}

async fn tickets(server: SocketAddr, count: u32) -> Result<Vec<Ticket>, Failure> {
    let client = reqwest::Client::new();
    let request = NewGame { nickname: "Load".parse()?, session: None, player_token: None, rules_version: None };
    let mut tickets = Vec::new();
    for _ in 0..count {
        let response = client.post(format!("http://{server}/v1/games")).json(&request).send().await?;
        tickets.push(response.json().await?);
    }
    Ok(tickets)
}

/// The time of each batch, sorted.
struct BatchTimes(Vec<Duration>);

impl BatchTimes {
    fn batches_per_second(&self) -> f64 {
        self.0.len() as f64 / TIME.as_secs_f64()
    }

    fn print(&self, connections: u32, handler: &str, percent: f64) {
        let at = |hundredth: usize| self.0.get(self.0.len() * hundredth / 100).copied().unwrap_or_default();
        let (batches, p50, p99) = (self.batches_per_second(), at(50), at(99));
        let events = batches * f64::from(EVENTS);
        println!(
            "{connections:>11}  {handler:<10} {events:>10.0} {batches:>10.0} {p50:>9.2?} {p99:>9.2?}  {percent:.0} %"
        );
    }
}

/// The number of events in a batch.
const EVENTS: u32 = 2;

fn batch(first_seq: u32) -> Result<Vec<u8>, serde_json::Error> {
    let frames = EventKind::Frames { count: 60, p50_ms: 17, p95_ms: 17, max_ms: 34 };
    let events = [frames, EventKind::Resumed].map(|kind| Event { tick: Tick(0), kind }).to_vec();
    serde_json::to_vec(&Batch { schema: SCHEMA_VERSION, first_seq: Seq(first_seq), events })
}

async fn load(server: SocketAddr, tickets: &[Ticket]) -> Result<BatchTimes, Failure> {
    let end = Instant::now() + TIME;
    let mut connections = JoinSet::new();
    for ticket in tickets {
        connections.spawn(send_until(server, ticket.clone(), end));
    }
    let mut all = Vec::new();
    while let Some(times) = connections.join_next().await {
        all.extend(times??);
    }
    all.sort_unstable();
    Ok(BatchTimes(all))
}

async fn send_until(server: SocketAddr, mut ticket: Ticket, end: Instant) -> Result<Vec<Duration>, Failure> {
    let socket = TcpStream::connect(server).await?;
    socket.set_nodelay(true)?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(socket)).await?;
    tokio::spawn(connection);
    let mut times = Vec::new();
    let mut seq = 0;
    while Instant::now() < end {
        let request = Request::builder()
            .method(Method::POST)
            .uri(format!("/v1/games/{}/events", ticket.game))
            .header(header::HOST, "localhost")
            .header(header::AUTHORIZATION, format!("Bearer {}", ticket.game_token))
            .body(Full::new(Bytes::from(batch(seq)?)))?;
        let sent = Instant::now();
        let response = sender.send_request(request).await?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        times.push(sent.elapsed());
        if !status.is_success() {
            return Err(format!("{status}: {}", String::from_utf8_lossy(&body)).into());
        }
        // The handler that only reads returns no acknowledgement.
        if let Ok(ack) = serde_json::from_slice::<Ack>(&body) {
            ticket.game_token = ack.game_token;
        }
        seq += EVENTS;
    }
    Ok(times)
}
