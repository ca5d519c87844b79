//! How many events a second are acknowledged, each fsynced, beside an axum handler that only reads the same bodies.
//!
//! Client, server and processor share this machine. Each connection sends one batch after the other, as one browser
//! does, of telemetry that fits at any tick, so that no game is rejected and every batch goes all the way.

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
const TIME: Duration = Duration::from_secs(4);

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Servers and clients have a runtime each: within one, a client's task would hand over to the handler's without a call
/// to the system, as none on another machine can.
fn main() -> Result<(), Failure> {
    let (servers, clients) = (Runtime::new()?, Runtime::new()?);
    let data = tempfile::tempdir()?;
    let (ingest, reader) = servers.block_on(start(data.path()))?;
    clients.block_on(measure(ingest, reader))
}

/// Starts both servers and gives their addresses.
async fn start(data: &Path) -> Result<(SocketAddr, SocketAddr), Failure> {
    let config =
        Config { port: 0, engine: EngineArgs { data: data.to_owned(), ..EngineArgs::default() }, ..Config::default() };
    let server = Server::start(&config).await.map_err(|error: ServeError| error.to_string())?;
    let ingest = server.address();
    tokio::spawn(server.run(std::future::pending()));

    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let reader = listener.local_addr()?;
    let only_reads = Router::new().route("/v1/games/{game}/events", post(async |body: Bytes| body.len().to_string()));
    tokio::spawn(async move { axum::serve(listener, only_reads).await });
    Ok((ingest, reader))
}

async fn measure(ingest: SocketAddr, reader: SocketAddr) -> Result<(), Failure> {
    println!("connections  handler      events/s  batches/s       p50       p99  of the reader's rate");
    for connections in CONNECTIONS {
        let tickets = tickets(ingest, connections).await?;
        let read = load(reader, &tickets).await?;
        let taken = load(ingest, &tickets).await?;
        read.print(connections, "only reads", 100.0);
        taken.print(connections, "ingest", taken.batches_a_second() * 100.0 / read.batches_a_second());
    }
    Ok(())
}

async fn tickets(server: SocketAddr, count: u32) -> Result<Vec<Ticket>, Failure> {
    let client = reqwest::Client::new();
    let request = NewGame { nickname: "Load".parse()?, session: None, player_token: None };
    let mut tickets = Vec::new();
    for _ in 0..count {
        let answer = client.post(format!("http://{server}/v1/games")).json(&request).send().await?;
        tickets.push(answer.json().await?);
    }
    Ok(tickets)
}

/// How long each batch took.
struct Measured(Vec<Duration>);

impl Measured {
    fn batches_a_second(&self) -> f64 {
        self.0.len() as f64 / TIME.as_secs_f64()
    }

    fn print(&self, connections: u32, handler: &str, percent: f64) {
        let at = |hundredth: usize| self.0.get(self.0.len() * hundredth / 100).copied().unwrap_or_default();
        let (batches, p50, p99) = (self.batches_a_second(), at(50), at(99));
        let events = batches * f64::from(EVENTS);
        println!(
            "{connections:>11}  {handler:<10} {events:>10.0} {batches:>10.0} {p50:>9.2?} {p99:>9.2?}  {percent:.0} %"
        );
    }
}

/// Events in a batch.
const EVENTS: u32 = 2;

fn batch(first_seq: u32) -> Result<Vec<u8>, serde_json::Error> {
    let frames = EventKind::Frames { count: 60, p50_ms: 17, p95_ms: 17, max_ms: 34 };
    let events = [frames, EventKind::Resumed].map(|kind| Event { tick: Tick(0), kind }).to_vec();
    serde_json::to_vec(&Batch { schema: SCHEMA_VERSION, first_seq: Seq(first_seq), events })
}

async fn load(server: SocketAddr, tickets: &[Ticket]) -> Result<Measured, Failure> {
    let until = Instant::now() + TIME;
    let mut connections = JoinSet::new();
    for ticket in tickets {
        connections.spawn(send_until(server, ticket.clone(), until));
    }
    let mut all = Vec::new();
    while let Some(times) = connections.join_next().await {
        all.extend(times??);
    }
    all.sort_unstable();
    Ok(Measured(all))
}

async fn send_until(server: SocketAddr, mut ticket: Ticket, until: Instant) -> Result<Vec<Duration>, Failure> {
    let socket = TcpStream::connect(server).await?;
    socket.set_nodelay(true)?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(socket)).await?;
    tokio::spawn(connection);
    let mut times = Vec::new();
    let mut seq = 0;
    while Instant::now() < until {
        let request = Request::builder()
            .method(Method::POST)
            .uri(format!("/v1/games/{}/events", ticket.game))
            .header(header::HOST, "localhost")
            .header(header::AUTHORIZATION, format!("Bearer {}", ticket.game_token))
            .body(Full::new(Bytes::from(batch(seq)?)))?;
        let sent = Instant::now();
        let answer = sender.send_request(request).await?;
        let status = answer.status();
        let body = answer.into_body().collect().await?.to_bytes();
        times.push(sent.elapsed());
        if !status.is_success() {
            return Err(format!("{status}: {}", String::from_utf8_lossy(&body)).into());
        }
        // Who only reads acknowledges nothing.
        if let Ok(ack) = serde_json::from_slice::<Ack>(&body) {
            ticket.game_token = ack.game_token;
        }
        seq += EVENTS;
    }
    Ok(times)
}
