//! Fuzzes the HTTP server over a socket. The server must answer each request with a status below 500 and keep running.

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

/// A server in this process, so that the fuzzer sees its coverage, and a ticket from it.
struct Target {
    _runtime: Runtime,
    _data: TempDir,
    address: SocketAddr,
    ticket: Ticket,
}

static TARGET: LazyLock<Target> = LazyLock::new(|| {
    let runtime = Runtime::new().expect("the runtime starts");
    let data = tempfile::tempdir().expect("a temporary folder is created");
    let engine = EngineArgs { data: data.path().to_owned(), ..EngineArgs::default() };
    let config = Config { port: 0, engine, ..Config::default() };
    let server = runtime.block_on(Server::start(&config)).expect("the server starts");
    let address = server.address();
    runtime.spawn(server.run(std::future::pending()));
    let new_game = reqwest::blocking::Client::new().post(format!("http://{address}/v1/games"));
    let ticket = new_game
        .json(&json!({"nickname": "Fuzz"}))
        .send()
        .and_then(|response| response.json())
        .expect("the server issues a ticket");
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
    let response = exchange(*address, &request).expect("the server accepts connections");
    let status = response.strip_prefix("HTTP/1.1 ").and_then(|line| line.get(..3));
    assert!(status.is_none_or(|status| status < "500"), "{response}");
});

fn post(path: &str, token: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: application/json\r\n\
         authorization: Bearer {token}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// Sends a request and returns the first part of the response; an empty text if the server closes the connection.
fn exchange(server: SocketAddr, request: &[u8]) -> std::io::Result<String> {
    let mut socket = TcpStream::connect(server)?;
    socket.set_read_timeout(Some(Duration::from_secs(20)))?;
    let mut response = [0; 512];
    // The server may close the connection at any point of an invalid request.
    let sent = socket.write_all(request).and_then(|()| socket.shutdown(Shutdown::Write));
    let length = sent.and_then(|()| socket.read(&mut response)).unwrap_or(0);
    Ok(String::from_utf8_lossy(&response[..length]).into_owned())
}
