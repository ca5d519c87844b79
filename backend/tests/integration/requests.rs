//! What strangers may send: anything malformed, oversized, slow or hostile is answered from 400 to 499 with what is
//! wrong. What everyone may read: standings, live updates, pages, health, metrics and the API's document.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use crate::common::{TestServer, backend, batch, hold, problem};
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};
use reqwest::{Method, StatusCode, header};
use serde_json::json;
use shared::{
    api::{ProblemCode, Standings, Ticket},
    rules::Buttons,
};

#[tokio::test]
async fn malformed_requests_say_what_is_wrong() {
    let server = TestServer::start(&[]);
    let ticket = server.ticket("Ada").await;
    let events = format!("/v1/games/{}/events", ticket.game);
    let event = json!({"tick": 0, "what": "paused"});
    let long = json!({"tick": 0, "what": {"error": "x".repeat(501)}});
    let table = [
        (&*events, "not json".to_owned(), 422, "not a batch"),
        (&events, json!({"schema": 1}).to_string(), 422, "first_seq"),
        (&events, json!({"schema": 2, "first_seq": 0, "events": [event]}).to_string(), 422, "schema 2"),
        (&events, json!({"schema": 1, "first_seq": 0, "events": []}).to_string(), 422, "1 to 64 events"),
        (&events, json!({"schema": 1, "first_seq": 0, "events": vec![&event; 65]}).to_string(), 422, "1 to 64 events"),
        (&events, json!({"schema": 1, "first_seq": 0, "events": [long]}).to_string(), 422, "500 characters"),
        (&events, json!({"schema": 1, "first_seq": u32::MAX, "events": [event]}).to_string(), 422, "event numbers"),
        (
            &events,
            json!({"schema": 1, "first_seq": 0, "events": [{"tick": 0, "what": {"buttons": "gA"}}]}).to_string(),
            422,
            "ends within a run",
        ),
        (
            &events,
            json!({"schema": 1, "first_seq": 0, "events": [{"tick": 0, "what": {"buttons": "*"}}]}).to_string(),
            422,
            "base64",
        ),
        (
            &events,
            json!({"schema": 1, "first_seq": 0, "events": [{"tick": 0, "what": {"score": 9}}]}).to_string(),
            422,
            "score",
        ),
        (&events, "x".repeat(65 * 1024), 413, "length limit"),
        ("/v1/games/1/events", "{}".to_owned(), 400, "16 hexadecimal digits"),
        ("/v1/games", "{}".to_owned(), 400, "nickname"),
        ("/v1/games", json!({"nickname": "a\u{202e}b"}).to_string(), 400, "U+202E"),
        ("/v1/games", json!({"nickname": ""}).to_string(), 400, "at least one"),
        ("/v1/games", json!({"nickname": "x".repeat(21)}).to_string(), 400, "at most 20"),
        ("/v1/games", json!({"nickname": "Ada", "player_token": ticket.game_token}).to_string(), 401, "token"),
        ("/v1/games", json!({"nickname": "Ada", "score": 1}).to_string(), 400, "score"),
    ];
    for (path, body, status, says) in table {
        let mut request = server.client.post(format!("{}{path}", server.url));
        if path.ends_with("/events") {
            request = request.bearer_auth(&ticket.game_token);
        }
        let answer = request.header(header::CONTENT_TYPE, "application/json").body(body.clone()).send().await.unwrap();
        let (got, problem) = problem(answer).await;
        let body = &body[..body.len().min(200)];
        assert_eq!(got.as_u16(), status, "{path} {body}: {}", problem.detail);
        assert!(problem.detail.contains(says), "{path} {body}: {}", problem.detail);
    }
}

#[tokio::test]
async fn wrong_addresses_methods_and_queries_are_refused() {
    let server = TestServer::start(&[]);
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
        let answer = server.client.request(method.clone(), format!("{}{path}", server.url)).send().await.unwrap();
        let (got, problem) = problem(answer).await;
        assert_eq!(got.as_u16(), status, "{method} {path}: {}", problem.detail);
        assert!(!problem.detail.is_empty());
    }
}

/// Anything at all as a body: bytes, or a batch with one part replaced.
fn any_body() -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        any::<i64>().prop_map(|n| json!(n)),
        "\\PC{0,30}".prop_map(|text| json!(text)),
        Just(json!(null)),
        Just(json!([[[[]]]])),
        any::<f64>().prop_map(|n| json!(n)),
        proptest::collection::vec(any::<u8>(), 0..40).prop_map(|bytes| {
            use base64::Engine;
            json!({"tick": 0, "what": {"buttons": base64::engine::general_purpose::STANDARD_NO_PAD.encode(bytes)}})
        }),
    ];
    let batch = (part, 0..4_usize).prop_map(|(part, position)| {
        let mut batch = json!({"schema": 1, "first_seq": 0, "events": [{"tick": 0, "what": "paused"}]});
        match position {
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
async fn no_body_makes_the_server_fail() {
    let server = TestServer::start(&[]);
    let ticket = server.ticket("Fuzz").await;
    let mut runner = TestRunner::new(Config::default());
    for _ in 0..500 {
        let body = any_body().new_tree(&mut runner).unwrap().current();
        for path in [format!("/v1/games/{}/events", ticket.game), "/v1/games".to_owned()] {
            let request = server.client.post(format!("{}{path}", server.url)).bearer_auth(&ticket.game_token);
            let request = request.header(header::CONTENT_TYPE, "application/json").body(body.clone());
            let status = request.send().await.unwrap().status();
            assert!(status.as_u16() < 500, "{status} for {:?}", String::from_utf8_lossy(&body));
        }
    }
    let alive = server.client.get(format!("{}/readyz", server.url)).send().await.unwrap();
    assert_eq!(alive.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_slow_body_is_cut_off_and_a_slow_head_closed() {
    let server = TestServer::start(&[]);
    let address = server.url.trim_start_matches("http://").to_owned();
    let read_all = |head: &'static str| {
        let address = address.clone();
        tokio::task::spawn_blocking(move || {
            let mut socket = TcpStream::connect(address).unwrap();
            socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
            socket.write_all(head.as_bytes()).unwrap();
            let mut answer = String::new();
            socket.read_to_string(&mut answer).unwrap();
            answer
        })
    };
    let body = read_all(
        "POST /v1/games HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{",
    );
    let head = read_all("POST /v1/games HTTP/1.1\r\nhost: a\r\n");
    let (body, head) = (body.await.unwrap(), head.await.unwrap());
    assert!(body.starts_with("HTTP/1.1 408") && body.contains("too_slow"), "{body}");
    assert!(head.is_empty() || head.starts_with("HTTP/1.1 408"), "{head}");
}

#[tokio::test]
async fn standings_are_read_from_the_top_by_cursor_and_around_a_player() {
    let server = TestServer::start(&[]);
    let mut tickets: Vec<Ticket> = Vec::new();
    for number in 0..15 {
        tickets.push(server.ticket(&format!("Player {number:02}")).await);
    }
    for ticket in &tickets {
        server.game_at(ticket, 0).await;
    }
    let top: Standings = server.get("/v1/standings?top=4").await;
    let names: Vec<_> = top.standings.iter().map(|row| row.standing.nickname.to_string()).collect();
    assert_eq!(names, ["Player 00", "Player 01", "Player 02", "Player 03"], "equal runs stand by nickname");
    assert_eq!((top.players, top.next), (15, Some(4)));
    let rest: Standings = server.get("/v1/standings?top=100&after=4").await;
    assert_eq!((rest.standings.len(), rest.standings[0].rank, rest.next), (11, 5, None));
    let around: Standings = server.get(&format!("/v1/standings?around={}", tickets[8].player)).await;
    let ranks: Vec<_> = around.standings.iter().map(|row| row.rank).collect();
    assert_eq!(ranks, (4..=14).collect::<Vec<_>>());
    assert_eq!(around.standings[5].standing.player, tickets[8].player);
}

#[tokio::test]
async fn viewers_see_changes_as_they_happen() {
    let server = TestServer::start(&[]);
    let mut viewers = Vec::new();
    for _ in 0..3 {
        viewers.push(server.client.get(format!("{}/v1/live", server.url)).send().await.unwrap());
    }
    server.ticket("Newcomer").await;
    for viewer in &mut viewers {
        assert_eq!(viewer.headers()["content-type"], "text/event-stream");
        let mut seen = String::new();
        let read = async {
            while !seen.contains("Newcomer") {
                let chunk = viewer.chunk().await.unwrap().expect("the live updates ended");
                seen.push_str(&String::from_utf8_lossy(&chunk));
            }
        };
        tokio::time::timeout(Duration::from_secs(10), read).await.expect("no update came");
        assert!(seen.contains("event: standings\ndata: {"));
    }
    let metrics = server.client.get(format!("{}/metrics", server.url)).send().await.unwrap().text().await.unwrap();
    assert!(metrics.contains("alien_viewers 3"), "{metrics}");
}

#[tokio::test]
async fn metrics_tell_events_verdicts_lag_and_latencies() {
    let server = TestServer::start(&[]);
    let mut ticket = server.ticket("Ada").await;
    server.send_ok(&mut ticket, 0, vec![hold(0, Buttons::empty(), 60 * 60)]).await;
    server.game_when(&ticket, crate::common::is_rejected).await;
    server.send(&ticket, &batch(9, vec![hold(0, Buttons::empty(), 1)])).await;
    let metrics = server.client.get(format!("{}/metrics", server.url)).send().await.unwrap().text().await.unwrap();
    for line in [
        "alien_events_received_total 2",
        "alien_events_durable_total 1",
        "alien_events_processed_total 1",
        "alien_games_rejected_total{reason=\"ahead_of_time\"} 1",
        "alien_problems_total{status=\"409\"} 1",
        "alien_behind_seconds 0",
        "alien_lag_seconds_count 1",
        "alien_http_request_seconds_count{route=\"/v1/games\",status=\"201\"} 1",
    ] {
        assert!(metrics.lines().any(|got| got == line), "{line} is missing from\n{metrics}");
    }
}

#[tokio::test]
async fn pages_are_served_compressed_with_their_types_and_cache_headers() {
    let web = tempfile::tempdir().unwrap();
    let file = |name: &str, content: &str| fs::write(web.path().join(name), content).unwrap();
    file("index.html", "<!doctype html>");
    file("game-0123456789abcdef_bg.wasm", "plain");
    file("game-0123456789abcdef_bg.wasm.br", "as brotli");
    file("game-0123456789abcdef_bg.wasm.gz", "as gzip");
    let server = TestServer::start(&["--web", web.path().to_str().unwrap()]);
    let get = |path: &str, encoding: &'static str| {
        server.client.get(format!("{}{path}", server.url)).header(header::ACCEPT_ENCODING, encoding).send()
    };
    for (encoding, content) in [("br, gzip", "as brotli"), ("gzip", "as gzip"), ("identity", "plain")] {
        let answer = get("/game-0123456789abcdef_bg.wasm", encoding).await.unwrap();
        assert_eq!(answer.headers()["content-type"], "application/wasm");
        assert_eq!(answer.headers()["cache-control"], "public, max-age=31536000, immutable");
        assert_eq!(answer.text().await.unwrap(), content);
    }
    let page = get("/", "br").await.unwrap();
    assert_eq!(
        (&page.headers()["content-type"], &page.headers()["cache-control"]),
        (&"text/html".parse().unwrap(), &"no-cache".parse().unwrap())
    );
    for path in ["/missing.js", "/../Cargo.toml", "/%2e%2e/Cargo.toml"] {
        let (status, body) = problem(get(path, "br").await.unwrap()).await;
        assert_eq!((status, body.code), (StatusCode::NOT_FOUND, ProblemCode::NotFound), "{path}");
    }
}

#[tokio::test]
async fn the_api_document_is_the_one_that_was_agreed() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");
    let output = backend().arg("openapi").output().unwrap();
    assert!(output.status.success());
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        fs::write(file, &output.stdout).unwrap();
    }
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(
        printed == fs::read_to_string(file).unwrap_or_default(),
        "the API has changed; if that is meant, UPDATE_OPENAPI=1 cargo test -p backend writes openapi.json anew"
    );
    let server = TestServer::start(&[]);
    let served: serde_json::Value = server.get("/openapi.json").await;
    assert_eq!(served, serde_json::from_str::<serde_json::Value>(&printed).unwrap());
}

#[tokio::test]
async fn what_keeps_it_from_starting_is_said_in_a_sentence() {
    let server = TestServer::start(&[]);
    let port = server.url.rsplit(':').next().unwrap().to_owned();
    let folder = tempfile::tempdir().unwrap();
    let (data, tuning) = (folder.path().join("data"), folder.path().join("bad.toml"));
    fs::write(&tuning, "bomb_rate = 99\n").unwrap();
    let run = |arguments: &[&str]| {
        let output = backend().arg("serve").env("ALIEN_DATA", &data).args(arguments).output().unwrap();
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(run(&["--port", &port]).contains("choose another with --port"));
    assert!(run(&["--port", "0", "--web", "/nowhere"]).contains("build the game first"));
    let said = run(&["--port", "0", "--tuning", tuning.to_str().unwrap()]);
    assert!(said.contains("bad.toml: bomb_rate is 99, but must be between 0 and 5"), "{said}");
    let said = run(&["--port", "0", "--data", server.data().to_str().unwrap()]);
    assert!(said.contains("choose another with --data"), "{said}");
}
