//! Accounts: registration, sign-in, token refresh and sign-out.

use std::time::{Duration, Instant};

use crate::common::{
    Api, ServerProcess, TestServer,
    api::{MANAGER_PASSWORD, PLAYER_PASSWORD},
    read_problem,
};
use reqwest::{Method, Response, StatusCode};
use serde_json::json;
use shared::{
    account::Role,
    api::{Problem, ProblemCode, Tokens},
};

async fn sign_in(server: &Api, name: &str, password: &str) -> Response {
    let body = json!({"name": name, "password": password});
    server.request(Method::POST, "/v1/tokens", None, Some(&body)).await
}

async fn refresh(server: &Api, refresh_token: &str) -> Response {
    let body = json!({"refresh_token": refresh_token});
    server.request(Method::POST, "/v1/tokens/refresh", None, Some(&body)).await
}

#[tokio::test]
async fn account_is_signed_in_by_the_name_that_the_server_assigned() {
    let server = TestServer::start(&[]).await;
    let ada = server.register("Ada Lovelace").await;
    assert!(ada.name.as_str().starts_with("adalovelace-"), "{}", ada.name);
    assert_eq!(ada.role, Role::Player);
    let again = server.register("Ada Lovelace").await;
    assert_ne!(again.name, ada.name, "registration does not disclose which names exist");
    let signed_in: Tokens = sign_in(&server, ada.name.as_str(), PLAYER_PASSWORD).await.json().await.unwrap();
    assert_eq!(signed_in.player, ada.player);
}

/// Signs in twice with a wrong password. Returns the problem and the shorter of the times.
async fn time_wrong_password(server: &Api, name: &str) -> ((StatusCode, Problem), Duration) {
    let mut fastest = Duration::MAX;
    let mut last = None;
    for _ in 0..2 {
        let started = Instant::now();
        last = Some(read_problem(sign_in(server, name, "surely not this").await).await);
        fastest = fastest.min(started.elapsed());
    }
    (last.unwrap(), fastest)
}

#[tokio::test]
async fn unknown_name_and_wrong_password_get_the_same_response_and_as_slowly() {
    let server = TestServer::start(&[]).await;
    let (known, known_time) = time_wrong_password(&server, "manager").await;
    let (unknown, unknown_time) = time_wrong_password(&server, "nobody-0").await;
    assert_eq!(known, unknown);
    assert_eq!((known.0, known.1.code), (StatusCode::UNAUTHORIZED, ProblemCode::WrongCredentials));
    // Without a password hash for unknown names the ratio would be about one in a hundred.
    assert!(unknown_time * 10 > known_time, "{known_time:?} and {unknown_time:?}");
}

#[tokio::test]
async fn sixth_wrong_password_is_refused_with_a_time_to_wait() {
    let server = TestServer::start(&[]).await;
    let mut responses = Vec::new();
    for guess in 0..6 {
        let response = sign_in(&server, "manager", &format!("a guess, number {guess}")).await;
        responses.push((response.status().as_u16(), response.headers().contains_key("retry-after")));
    }
    assert_eq!(responses, [[(401, false); 5].as_slice(), &[(429, true)]].concat());
}

#[tokio::test]
async fn refresh_token_works_once_and_a_new_password_revokes_all_tokens() {
    let server = TestServer::start(&[]).await;
    let first = server.sign_in_manager().await;
    let second: Tokens = refresh(&server, &first.refresh_token).await.json().await.unwrap();
    assert_eq!(refresh(&server, &first.refresh_token).await.status(), StatusCode::UNAUTHORIZED);

    let change = json!({"old": MANAGER_PASSWORD, "new": "another password"});
    let path = "/v1/accounts/mine/password";
    let third: Tokens = server.call(Method::PUT, path, Some(&second.access_token), Some(&change)).await;
    assert_eq!(refresh(&server, &second.refresh_token).await.status(), StatusCode::UNAUTHORIZED);
    let create_session = async |token: &str| {
        let plan = json!({"name": "x", "kind": "single_trial"});
        server.request(Method::POST, "/v1/sessions", Some(token), Some(&plan)).await.status()
    };
    assert_eq!(create_session(&second.access_token).await, StatusCode::UNAUTHORIZED);
    assert_eq!(create_session(&third.access_token).await, StatusCode::CREATED);
    assert_eq!(refresh(&server, &third.refresh_token).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn accounts_and_tokens_survive_a_killed_server() {
    let mut server = ServerProcess::start(&[]).await;
    let ada = server.register("Ada").await;
    server.kill_and_restart().await;
    let again: Tokens = refresh(&server, &ada.refresh_token).await.json().await.unwrap();
    assert_eq!(again.player, ada.player);
}
