//! The server over a real socket: whatever comes, it answers below 500, and goes on answering.

#![no_main]

use std::{
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpStream},
    sync::LazyLock,
    time::Duration,
};

use backend::{
    server::Server,
    settings::{Config, EngineArgs},
};
use libfuzzer_sys::fuzz_target;
use serde_json::json;
use shared::api::Ticket;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// A server of this process, so that its code counts as covered, and a ticket of its.
struct Target {
    _runtime: Runtime,
    _data: TempDir,
    address: SocketAddr,
    ticket: Ticket,
}

static TARGET: LazyLock<Target> = LazyLock::new(|| {
    let runtime = Runtime::new().expect("a runtime");
    let data = tempfile::tempdir().expect("a folder");
    let engine = EngineArgs { data: data.path().to_owned(), ..EngineArgs::default() };
    let config = Config { port: 0, engine, ..Config::default() };
    let server = runtime.block_on(Server::start(&config)).expect("a server");
    let address = server.address();
    runtime.spawn(server.run(std::future::pending()));
    let new_game = reqwest::blocking::Client::new().post(format!("http://{address}/v1/games"));
    let ticket = new_game.json(&json!({"nickname": "Fuzz"})).send().and_then(|answer| answer.json()).expect("a ticket");
    Target { _runtime: runtime, _data: data, address, ticket }
});

fuzz_target!(|input: &[u8]| {
    let Some((kind, rest)) = input.split_first() else { return };
    let Target { address, ticket, .. } = &*TARGET;
    let request = match kind % 4 {
        0 => post(&format!("/v1/games/{}/events", ticket.game), &ticket.game_token, rest),
        1 => post("/v1/games", "", rest),
        2 => [b"GET ", rest, b" HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"].concat(),
        _ => rest.to_vec(),
    };
    let answer = exchange(*address, &request).expect("the server listens");
    let status = answer.strip_prefix("HTTP/1.1 ").and_then(|line| line.get(..3));
    assert!(status.is_none_or(|status| status < "500"), "{answer}");
});

fn post(path: &str, token: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: application/json\r\n\
         authorization: Bearer {token}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// Sends a request and reads the first part of what comes back; none where the server hangs up.
fn exchange(server: SocketAddr, request: &[u8]) -> std::io::Result<String> {
    let mut socket = TcpStream::connect(server)?;
    socket.set_read_timeout(Some(Duration::from_secs(20)))?;
    let mut answer = [0; 512];
    // It may hang up on nonsense at any point.
    let sent = socket.write_all(request).and_then(|()| socket.shutdown(Shutdown::Write));
    let length = sent.and_then(|()| socket.read(&mut answer)).unwrap_or(0);
    Ok(String::from_utf8_lossy(&answer[..length]).into_owned())
}
