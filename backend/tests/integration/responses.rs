//! The bodies of successful responses, as JSON and as CSV. Values that differ between two runs are redacted.

use crate::common::{
    TestServer,
    games::hold,
    snapshot::{redact, redact_csv},
};
use reqwest::Method;
use serde::Serialize;
use serde_json::{Value, json};
use shared::{
    api::{Seated, SessionView, Ticket, Tokens},
    rules::Buttons,
};

fn to_json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}

/// A server with a session in which two guests have a game each: Ada's has an event, Bo's has none.
struct Cup {
    server: TestServer,
    manager: Tokens,
    session: SessionView,
    ada: Seated,
    ticket: Ticket,
}

impl Cup {
    async fn start() -> Cup {
        let server = TestServer::start(&[]).await;
        let manager = server.sign_in_manager().await;
        let plan = json!({"name": "Cup", "kind": {"time_constrained": {"minutes": 5}}, "seats": 9});
        let session = server.open_session(&manager, plan).await;
        let ada = server.seat_guest(&session, "Ada").await;
        let bo = server.seat_guest(&session, "=Bo").await;
        let mut ticket = server.session_ticket(&session, ada.player_token.as_deref().unwrap()).await;
        server.processed_game(&ticket, 0).await;
        server.send_ok(&mut ticket, 0, vec![hold(0, Buttons::empty(), 1)]).await;
        server.processed_game(&ticket, 1).await;
        let second = server.session_ticket(&session, bo.player_token.as_deref().unwrap()).await;
        server.processed_game(&second, 0).await;
        Cup { server, manager, session, ada, ticket }
    }

    async fn get(&self, path: &str) -> Value {
        self.server.call(Method::GET, path, Some(&self.manager.access_token), None).await
    }

    async fn get_csv(&self, path: &str) -> String {
        let response = self.server.request(Method::GET, path, Some(&self.manager.access_token), None).await;
        assert_eq!(response.headers()["content-type"], "text/csv; charset=utf-8");
        response.error_for_status().unwrap().text().await.unwrap()
    }
}

#[tokio::test]
async fn ticket_acknowledgement_and_game_match_their_snapshots() {
    let server = TestServer::start(&[]).await;
    let mut ticket = server.ticket("Ada").await;
    insta::assert_json_snapshot!("ticket", redact(to_json(&ticket), &[]));
    let ack = server.send_ok(&mut ticket, 0, vec![hold(0, Buttons::empty(), 1)]).await;
    insta::assert_json_snapshot!("acknowledgement", redact(to_json(&ack), &[]));
    let game = server.processed_game(&ticket, 1).await;
    insta::assert_json_snapshot!("game", redact(to_json(&game), &[]));
    let replay = server.replay(ticket.game, Some(&ticket.player_token)).await;
    insta::assert_json_snapshot!("replay", redact(to_json(&replay), &[]));
    let manager = server.sign_in_manager().await;
    let path = "/v1/sessions/0000000000000000/viewer-tokens";
    let viewer: Value = server.call(Method::POST, path, Some(&manager.access_token), None).await;
    insta::assert_json_snapshot!("viewer_token", redact(viewer, &[]));
}

#[tokio::test]
async fn account_responses_match_their_snapshots() {
    let server = TestServer::start(&[]).await;
    let ada = server.register("Ada").await;
    insta::assert_json_snapshot!("tokens", redact(to_json(&ada), &["name"]));
    let caller: Value = server.call(Method::GET, "/v1/accounts/mine", Some(&ada.access_token), None).await;
    insta::assert_json_snapshot!("caller", redact(caller, &[]));
    insta::assert_json_snapshot!("identity", server.get::<Value>("/v1/identity").await);
    insta::assert_json_snapshot!("clock", redact(server.get("/v1/clock").await, &[]));
}

#[tokio::test]
async fn session_responses_match_their_snapshots() {
    let cup = Cup::start().await;
    let session = cup.session.session;
    // The number of players may be cached.
    insta::assert_json_snapshot!("session", redact(cup.get(&format!("/v1/sessions/{session}")).await, &["seated"]));
    insta::assert_json_snapshot!("sessions", redact(cup.get("/v1/sessions").await, &["seated"]));
    insta::assert_json_snapshot!("seated", redact(to_json(&cup.ada), &[]));
    let mut seats = cup.get(&format!("/v1/sessions/{session}/seats")).await;
    // The order of seats depends on the random IDs of the players.
    seats["seats"].as_array_mut().unwrap().sort_by_key(|seat| seat["nickname"].to_string());
    insta::assert_json_snapshot!("seats", redact(seats, &[]));
    insta::assert_json_snapshot!("session_games", redact(cup.get(&format!("/v1/sessions/{session}/games")).await, &[]));
    let csv = cup.get_csv(&format!("/v1/sessions/{session}/games.csv")).await;
    insta::assert_snapshot!("session_games_csv", redact_csv(&csv, &[]));
}

#[tokio::test]
async fn standings_match_their_snapshots() {
    let cup = Cup::start().await;
    let session = cup.session.session;
    insta::assert_json_snapshot!("standings", redact(cup.get(&format!("/v1/standings?session={session}")).await, &[]));
    let around = format!("/v1/standings?session={session}&around={}", cup.ticket.player);
    insta::assert_json_snapshot!("standings_around", redact(cup.get(&around).await, &[]));
    let csv = cup.get_csv(&format!("/v1/standings.csv?session={session}")).await;
    insta::assert_snapshot!("standings_csv", redact_csv(&csv, &[]));
}

#[tokio::test]
async fn event_flow_matches_its_snapshot() {
    let cup = Cup::start().await;
    insta::assert_json_snapshot!("event_flow", redact(cup.get("/v1/flow").await, &[]));
}
