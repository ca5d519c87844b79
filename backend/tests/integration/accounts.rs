//! Accounts: made, signed in to, kept signed in, and signed out of.

use std::time::Instant;

use crate::common::{MANAGER_PASSWORD, TestServer, problem};
use reqwest::{Method, StatusCode};
use serde_json::json;
use shared::{
    account::Role,
    api::{ProblemCode, Tokens},
};

#[tokio::test]
async fn an_account_is_signed_in_to_by_the_name_that_the_server_gave_it() {
    let server = TestServer::start(&[]);
    let ada = server.account("Ada Lovelace").await;
    assert!(ada.name.as_str().starts_with("adalovelace-"), "{}", ada.name);
    assert_eq!(ada.role, Role::Player);
    let again = server.account("Ada Lovelace").await;
    assert_ne!(again.name, ada.name, "nothing tells whether a name exists");
    let body = json!({"name": ada.name, "password": "a player's password"});
    let signed_in: Tokens = server.told(Method::POST, "/v1/tokens", None, Some(&body)).await;
    assert_eq!(signed_in.player, ada.player);
}

#[tokio::test]
async fn a_wrong_name_and_a_wrong_password_are_answered_alike_and_as_slowly() {
    let server = TestServer::start(&[]);
    let try_it = async |name: &str| {
        let started = Instant::now();
        let body = json!({"name": name, "password": "surely not this"});
        let answer = problem(server.ask(Method::POST, "/v1/tokens", None, Some(&body)).await).await;
        (answer, started.elapsed())
    };
    let (known, known_took) = try_it("manager").await;
    let (unknown, unknown_took) = try_it("nobody-0").await;
    assert_eq!(known, unknown);
    assert_eq!((known.0, known.1.code), (StatusCode::UNAUTHORIZED, ProblemCode::WrongCredentials));
    // Without the hash of nobody it would be a hundred times faster.
    assert!(unknown_took * 10 > known_took, "{known_took:?} and {unknown_took:?}");
}

#[tokio::test]
async fn guessing_is_stopped_after_five_tries() {
    let server = TestServer::start(&[]);
    let mut answers = Vec::new();
    for guess in 0..6 {
        let body = json!({"name": "manager", "password": format!("a guess, number {guess}")});
        let answer = server.ask(Method::POST, "/v1/tokens", None, Some(&body)).await;
        answers.push((answer.status().as_u16(), answer.headers().contains_key("retry-after")));
    }
    assert_eq!(answers, [[(401, false); 5].as_slice(), &[(429, true)]].concat());
}

#[tokio::test]
async fn a_refresh_token_is_used_once_and_a_changed_password_signs_out_everywhere() {
    let server = TestServer::start(&[]);
    let first = server.manager().await;
    let refresh = async |token: &str| {
        let body = json!({"refresh_token": token});
        server.ask(Method::POST, "/v1/tokens/refresh", None, Some(&body)).await
    };
    let second: Tokens = refresh(&first.refresh_token).await.json().await.unwrap();
    assert_eq!(refresh(&first.refresh_token).await.status(), StatusCode::UNAUTHORIZED);

    let change = json!({"old": MANAGER_PASSWORD, "new": "another password"});
    let path = "/v1/accounts/mine/password";
    let third: Tokens = server.told(Method::PUT, path, Some(&second.access_token), Some(&change)).await;
    assert_eq!(refresh(&second.refresh_token).await.status(), StatusCode::UNAUTHORIZED);
    let list = async |token: &str| {
        server.ask(Method::POST, "/v1/sessions", Some(token), Some(&json!({"name": "x", "kind": "single_trial"}))).await
    };
    assert_eq!(list(&second.access_token).await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(list(&third.access_token).await.status(), StatusCode::CREATED);
    assert_eq!(refresh(&third.refresh_token).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn accounts_and_tokens_outlive_the_server() {
    let mut server = TestServer::start(&[]);
    let ada = server.account("Ada").await;
    server.kill_and_restart();
    let body = json!({"refresh_token": ada.refresh_token});
    let again: Tokens = server.told(Method::POST, "/v1/tokens/refresh", None, Some(&body)).await;
    assert_eq!(again.player, ada.player);
}
