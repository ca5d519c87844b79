//! Malformed, oversized, slow and hostile requests: each gets a problem with a status from 400 to 499, and the server
//! keeps working.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use crate::common::{
    LIMIT, TestServer,
    games::{hold, wait_for_tick},
    random::Random,
    read_problem,
};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use reqwest::{Method, header};
use serde_json::{Value, json};
use shared::{api::Problem, rules::Buttons, time::Tick};

/// Requests whose body the server refuses, and what the detail of the problem mentions.
fn malformed_bodies() -> Vec<(&'static str, String, u16, &'static str)> {
    let event = json!({"tick": 0, "what": "paused"});
    let long = json!({"tick": 0, "what": {"error": "x".repeat(501)}});
    let batch = |events: Value| json!({"schema": 1, "first_seq": 0, "events": events}).to_string();
    let buttons = |text: &str| batch(json!([{"tick": 0, "what": {"buttons": text}}]));
    vec![
        ("EVENTS", "not json".to_owned(), 422, "not a batch"),
        ("EVENTS", json!({"schema": 1}).to_string(), 422, "first_seq"),
        ("EVENTS", json!({"schema": 2, "first_seq": 0, "events": [event]}).to_string(), 422, "schema 2"),
        ("EVENTS", batch(json!([])), 422, "must have 1 to 64"),
        ("EVENTS", batch(json!(vec![&event; 65])), 422, "must have 1 to 64"),
        ("EVENTS", batch(json!([long])), 422, "500 characters"),
        ("EVENTS", json!({"schema": 1, "first_seq": u32::MAX, "events": [event]}).to_string(), 422, "event numbers"),
        ("EVENTS", buttons("gA"), 422, "incomplete run"),
        ("EVENTS", buttons("*"), 422, "base64"),
        ("EVENTS", batch(json!([{"tick": 0, "what": {"score": 9}}])), 422, "score"),
        ("EVENTS", "x".repeat(65 * 1024), 413, "length limit"),
        ("/v1/games/1/events", "{}".to_owned(), 400, "16 lower-case hexadecimal digits"),
        ("/v1/games", "{}".to_owned(), 400, "nickname"),
        ("/v1/games", json!({"nickname": "a\u{202e}b"}).to_string(), 400, "U+202E"),
        ("/v1/games", json!({"nickname": ""}).to_string(), 400, "at least one"),
        ("/v1/games", json!({"nickname": "x".repeat(21)}).to_string(), 400, "at most 20"),
        ("/v1/games", json!({"nickname": "Ada", "player_token": "GAME TOKEN"}).to_string(), 401, "token"),
        ("/v1/games", json!({"nickname": "Ada", "score": 1}).to_string(), 400, "score"),
    ]
}

#[tokio::test]
async fn malformed_bodies_are_refused_with_the_reason() {
    let server = TestServer::start(&[]).await;
    let ticket = server.ticket("Ada").await;
    for (path, body, status, reason) in malformed_bodies() {
        let path = path.replace("EVENTS", &format!("/v1/games/{}/events", ticket.game));
        let body = body.replace("GAME TOKEN", &ticket.game_token);
        let mut request = server.client.post(format!("{}{path}", server.url));
        if path.ends_with("/events") {
            request = request.bearer_auth(&ticket.game_token);
        }
        let request = request.header(header::CONTENT_TYPE, "application/json").body(body.clone());
        let (got, problem) = read_problem(request.send().await.unwrap()).await;
        let body = &body[..body.len().min(200)];
        assert_eq!(got.as_u16(), status, "{path} {body}: {}", problem.detail);
        assert!(problem.detail.contains(reason), "{path} {body}: {}", problem.detail);
    }
}

#[tokio::test]
async fn wrong_addresses_methods_and_queries_are_refused() {
    let server = TestServer::start(&[]).await;
    let table = [
        (Method::GET, "/nothing", 404),
        (Method::GET, "/v1/games", 405),
        (Method::DELETE, "/v1/standings", 405),
        (Method::POST, "/v1/games", 415),
        (Method::GET, "/v1/games/00c0ffee00c0ffee", 404),
        (Method::GET, "/v1/games/00c0ffee00c0ffee/replay", 404),
        (Method::GET, "/v1/games/COFFEE", 400),
        (Method::GET, "/v1/standings?top=0", 400),
        (Method::GET, "/v1/standings?top=101", 400),
        (Method::GET, "/v1/standings?top=-1", 400),
        (Method::GET, "/v1/standings?bottom=1", 400),
        (Method::GET, "/v1/standings?around=00c0ffee00c0ffee", 404),
    ];
    for (method, path, status) in table {
        let (got, problem) = read_problem(server.request(method.clone(), path, None, None).await).await;
        assert_eq!(got.as_u16(), status, "{method} {path}: {}", problem.detail);
        assert!(!problem.detail.is_empty());
    }
}

/// An event whose button log is these bytes.
fn buttons(bytes: Vec<u8>) -> Value {
    json!({"tick": 0, "what": {"buttons": STANDARD_NO_PAD.encode(bytes)}})
}

/// Any body: random bytes, or a batch in which one part is replaced.
fn any_body() -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        1 => any::<i64>().prop_map(|n| json!(n)),
        1 => "\\PC{0,30}".prop_map(|text| json!(text)),
        1 => Just(json!(null)),
        1 => Just(json!([[[[]]]])),
        1 => any::<f64>().prop_map(|n| json!(n)),
        1 => proptest::collection::vec(any::<u8>(), 0..40).prop_map(buttons),
        // Each byte is a run of 1 to 16 ticks, so that the ticks are due soon.
        3 => proptest::collection::vec(0..0x80_u8, 0..4).prop_map(buttons),
    ];
    let batch = (part, 0..4_usize).prop_map(|(part, replaced)| {
        let mut batch = json!({"schema": 1, "first_seq": 0, "events": [{"tick": 0, "what": "paused"}]});
        match replaced {
            0 => batch["first_seq"] = part,
            1 => batch["events"] = part,
            2 => batch["events"][0] = part,
            _ => batch["events"][0]["what"] = part,
        }
        batch.to_string().into_bytes()
    });
    prop_oneof![proptest::collection::vec(any::<u8>(), 0..300), batch]
}

#[tokio::test]
async fn no_body_breaks_the_server_or_its_processor() {
    let server = TestServer::start(&[]).await;
    let ticket = server.ticket("Fuzz").await;
    wait_for_tick(&ticket, Tick(60)).await;
    let seed = Random::new("bodies").bytes();
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let mut accepted = 0;
    for _ in 0..500 {
        let body = any_body().new_tree(&mut runner).unwrap().current();
        for path in [format!("/v1/games/{}/events", ticket.game), "/v1/games".to_owned()] {
            let request = server.client.post(format!("{}{path}", server.url)).bearer_auth(&ticket.game_token);
            let request = request.header(header::CONTENT_TYPE, "application/json").body(body.clone());
            let status = request.send().await.unwrap().status();
            assert!(status.as_u16() < 500, "{status} for {:?}", String::from_utf8_lossy(&body));
            accepted += u32::from(status.is_success());
        }
    }
    assert!(accepted > 0, "no body reached the processor");
    // The processor is alive: it processes everything that was accepted, and a later game.
    let mut later = server.ticket("Later").await;
    server.send_ok(&mut later, 0, vec![hold(0, Buttons::empty(), 1)]).await;
    server.processed_game(&later, 1).await;
    assert_eq!(server.dead_letter_count().await, 0, "every accepted body can be processed");
}

/// Sends bytes on a new connection, and reads the response until the server closes the connection.
async fn exchange(server: &TestServer, bytes: &'static str) -> String {
    let authority = server.authority().to_owned();
    let exchange = move || {
        let mut socket = TcpStream::connect(authority).unwrap();
        socket.set_read_timeout(Some(LIMIT)).unwrap();
        socket.write_all(bytes.as_bytes()).unwrap();
        let mut response = String::new();
        socket.read_to_string(&mut response).unwrap();
        response
    };
    tokio::task::spawn_blocking(exchange).await.unwrap()
}

#[tokio::test]
async fn slow_body_is_refused_and_a_connection_with_a_slow_head_is_closed() {
    let server = TestServer::start(&[]).await;
    let (body, head) = tokio::join!(
        exchange(
            &server,
            "POST /v1/games HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{",
        ),
        exchange(&server, "POST /v1/games HTTP/1.1\r\nhost: a\r\n"),
    );
    assert!(body.starts_with("HTTP/1.1 408"), "{body}");
    let (_, body) = body.split_once("\r\n\r\n").unwrap();
    insta::assert_json_snapshot!(serde_json::from_str::<Problem>(body).unwrap());
    assert!(head.is_empty() || head.starts_with("HTTP/1.1 408"), "{head}");
}
