//! The log contains no secret, at any level.

use std::fs::{self, File};

use crate::common::{
    ServerProcess,
    api::{MANAGER_PASSWORD, PLAYER_PASSWORD},
    games::hold,
};
use reqwest::{Method, StatusCode};
use serde_json::json;
use shared::{api::Tokens, rules::Buttons};

const WRONG_PASSWORD: &str = "a wrong password";
const NEW_PASSWORD: &str = "quite another password";

#[tokio::test]
async fn log_contains_no_password_key_or_token() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let mut server = ServerProcess::start_logged("trace", File::create(&log).unwrap()).await;
    let mut secrets = use_accounts(&server).await;
    secrets.extend(use_session(&server).await);
    secrets.extend([MANAGER_PASSWORD, PLAYER_PASSWORD, WRONG_PASSWORD, NEW_PASSWORD].map(str::to_owned));
    let key = fs::read(server.data().join("key")).unwrap();
    assert!(server.stop().await.success());

    let logged = fs::read(&log).unwrap();
    // The search finds something that is in the log.
    assert!(contains(&logged, b"TRACE"), "{}", String::from_utf8_lossy(&logged));
    for secret in secrets.iter().map(String::as_bytes).chain([key.as_slice()]) {
        assert!(!contains(&logged, secret), "the log contains {:?}", String::from_utf8_lossy(secret));
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// Signs in, registers, refreshes tokens and changes a password. Returns all tokens.
async fn use_accounts(server: &ServerProcess) -> Vec<String> {
    let wrong = json!({"name": "manager", "password": WRONG_PASSWORD});
    let refused = server.request(Method::POST, "/v1/tokens", None, Some(&wrong)).await;
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    let first = server.register("Ada").await;
    let body = json!({"refresh_token": first.refresh_token});
    let second: Tokens = server.call(Method::POST, "/v1/tokens/refresh", None, Some(&body)).await;
    let body = json!({"old": PLAYER_PASSWORD, "new": NEW_PASSWORD});
    let path = "/v1/accounts/mine/password";
    let third: Tokens = server.call(Method::PUT, path, Some(&second.access_token), Some(&body)).await;
    [first, second, third].into_iter().flat_map(|tokens| [tokens.access_token, tokens.refresh_token]).collect()
}

/// Creates a session, plays in it as a guest, and sends requests with tokens that are refused. Returns all tokens.
async fn use_session(server: &ServerProcess) -> Vec<String> {
    let manager = server.sign_in_manager().await;
    let session = server.open_session(&manager, json!({"name": "Cup", "kind": "multiple_trials"})).await;
    let guest = server.seat_guest(&session, "Guest").await.player_token.unwrap();
    let mut ticket = server.session_ticket(&session, &guest).await;
    let first_token = ticket.game_token.clone();
    server.send_ok(&mut ticket, 0, vec![hold(0, Buttons::FIRE, 60)]).await;
    let viewer = server.viewer_token(&manager, session.session).await;
    server.replay(ticket.game, Some(&viewer)).await;
    // The server logs why it refuses a request.
    for token in ["nonsense", &ticket.player_token] {
        let refused = server.request(Method::POST, "/v1/sessions", Some(token), Some(&json!({"name": "x"}))).await;
        assert!(refused.status().is_client_error());
    }
    let tokens = [manager.access_token, manager.refresh_token, guest, first_token];
    tokens.into_iter().chain([ticket.game_token, ticket.player_token, viewer]).collect()
}
