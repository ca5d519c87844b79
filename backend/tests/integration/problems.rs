//! The problem documents of the API: one of each kind.

use std::collections::{BTreeMap, BTreeSet};

use crate::common::{
    TestServer,
    games::{batch, hold},
    read_problem,
    snapshot::redact_ids,
};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use shared::{
    api::{Problem, SessionView, Tokens},
    rules::{Buttons, RULES_VERSION},
    session::Admission,
};

/// Kinds that requests cannot provoke at will: they need a race, a failed disk, a game of other rules, or ten seconds of
/// waiting. The last two are tested in `golden` and `http`.
const NOT_PROVOKED: [&str; 4] = ["conflict", "internal", "not_replayable", "too_slow"];

/// Problems by the name of their kind, each with its status.
#[derive(Default)]
struct Problems(BTreeMap<String, (u16, Problem)>);

impl Problems {
    async fn add(&mut self, response: Response) {
        let (status, mut problem) = read_problem(response).await;
        problem.detail = redact_ids(&problem.detail);
        let kind = serde_json::to_value(problem.code).unwrap().as_str().unwrap().to_owned();
        self.0.entry(kind).or_insert((status.as_u16(), problem));
    }
}

#[tokio::test]
async fn problems_of_each_kind_match_the_snapshot() {
    let server = TestServer::start(&[]).await;
    let manager = server.sign_in_manager().await;
    let mut problems = Problems::default();
    add_problems_of_requests(&server, &mut problems).await;
    add_problems_of_sessions(&server, &manager, &mut problems).await;
    add_problems_of_sign_in(&server, &mut problems).await;
    assert_every_kind_is_there(&problems);
    insta::assert_json_snapshot!(problems.0);
}

/// Compares the kinds with those in the API's document.
fn assert_every_kind_is_there(problems: &Problems) {
    let document = serde_json::to_value(backend::http::document()).unwrap();
    let kinds = document["components"]["schemas"]["ProblemCode"].to_string();
    let found: BTreeSet<&str> = problems.0.keys().map(String::as_str).chain(NOT_PROVOKED).collect();
    let listed: BTreeSet<&str> = kinds.split('"').filter(|word| found.contains(word) || word.contains('_')).collect();
    assert_eq!(found, listed);
}

async fn add_problems_of_requests(server: &TestServer, problems: &mut Problems) {
    let ticket = server.ticket("Ada").await;
    let other = server.ticket("Bo").await;
    let get = async |path: &str, token: Option<&str>| server.request(Method::GET, path, token, None).await;
    problems.add(get("/v1/standings?top=0", None).await).await;
    problems.add(get("/v1/flow", None).await).await;
    problems.add(get("/v1/flow", Some(&ticket.player_token)).await).await;
    problems.add(get("/v1/games/00c0ffee00c0ffee", None).await).await;
    let events = vec![hold(0, Buttons::empty(), 1)];
    problems.add(server.send(&ticket, &batch(3, events.clone())).await).await;
    problems.add(server.send(&ticket, &batch(0, vec![hold(0, Buttons::empty(), 60 * 60)])).await).await;
    for version in [RULES_VERSION - 1, RULES_VERSION + 1] {
        let body = json!({"nickname": "Ada", "rules_version": version});
        problems.add(server.request(Method::POST, "/v1/games", None, Some(&body)).await).await;
    }
    let path = format!("/v1/games/{}/events", ticket.game);
    let body = serde_json::to_value(batch(0, events)).unwrap();
    problems.add(server.request(Method::POST, &path, Some(&other.game_token), Some(&body)).await).await;
    let too_large = json!({"events": "x".repeat(65 * 1024)});
    problems.add(server.request(Method::POST, &path, Some(&ticket.game_token), Some(&too_large)).await).await;
}

async fn add_problems_of_sessions(server: &TestServer, manager: &Tokens, problems: &mut Problems) {
    let plan = json!({"name": "Cup", "kind": "single_trial", "seats": 2});
    let planned = server.create_session(manager, plan).await;
    problems.add(server.join(&planned, None, "Early").await).await;
    let session: SessionView = server.move_session(manager, &planned, json!({"move": "open"})).await;
    let ada = server.seat_guest(&session, "Ada").await;
    problems.add(server.join(&session, None, "ADA").await).await;
    let bo = server.seat_guest(&session, "Bo").await;
    problems.add(server.join(&session, None, "Cy").await).await;
    let token = ada.player_token.as_deref().unwrap();
    let mut ticket = server.session_ticket(&session, token).await;
    server.send_ok(&mut ticket, 0, vec![hold(0, Buttons::empty(), 1)]).await;
    problems.add(server.request_session_ticket(&session, token).await).await;
    let path = format!("/v1/sessions/{}/seats/{}", session.session, bo.player);
    let remove: Value = json!({"remove": "was rude twice"});
    let removed = server.request(Method::PATCH, &path, Some(&manager.access_token), Some(&remove)).await;
    assert!(removed.status().is_success());
    problems.add(server.request_session_ticket(&session, bo.player_token.as_deref().unwrap()).await).await;
    let session = server.set_admission(manager, &session, Admission::Approval).await;
    let cy = server.seat_guest(&session, "Cy").await;
    problems.add(server.request_session_ticket(&session, cy.player_token.as_deref().unwrap()).await).await;
    let session = server.set_admission(manager, &session, Admission::Locked).await;
    problems.add(server.join(&session, None, "Di").await).await;
}

async fn add_problems_of_sign_in(server: &TestServer, problems: &mut Problems) {
    let body = json!({"name": "nobody-0", "password": "surely not this"});
    for _ in 0..6 {
        problems.add(server.request(Method::POST, "/v1/tokens", None, Some(&body)).await).await;
    }
    let issuer = ["--oidc-issuer", "https://id.example", "--oidc-client", "aliens"];
    // No one listens at the discovery address.
    let external = TestServer::start(&[&issuer[..], &["--oidc-discovery", "http://127.0.0.1:1/"]].concat()).await;
    problems.add(external.request(Method::POST, "/v1/tokens", None, Some(&body)).await).await;
}
