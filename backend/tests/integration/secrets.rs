//! No secret is ever logged: a whole run, logged as finely as can be, is searched for every secret that there was.

use std::{fs, fs::File};

use crate::common::{MANAGER_PASSWORD, TestServer, hold};
use reqwest::{Method, StatusCode};
use serde_json::json;
use shared::{
    api::{Seated, Ticket, Tokens},
    rules::Buttons,
};

#[tokio::test]
async fn no_password_and_no_token_is_in_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let mut server = TestServer::start_logged("trace", File::create(&log).unwrap());

    let manager = server.manager().await;
    let (wrong, player) = ("a wrong password", "a player's password");
    let body = json!({"name": "manager", "password": wrong});
    let refused = server.ask(Method::POST, "/v1/tokens", None, Some(&body)).await;
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    let ada = server.account("Ada").await;
    let body = json!({"refresh_token": ada.refresh_token});
    let again: Tokens = server.told(Method::POST, "/v1/tokens/refresh", None, Some(&body)).await;
    let changed = "quite another password";
    let body = json!({"old": player, "new": changed});
    let path = "/v1/accounts/mine/password";
    let last: Tokens = server.told(Method::PUT, path, Some(&again.access_token), Some(&body)).await;
    let session = server.open_session(&manager, json!({"name": "Cup", "kind": "multiple_trials"})).await;
    let guest: Seated = server.join(&session, None, "Guest").await.json().await.unwrap();
    let guest = guest.player_token.unwrap();
    let mut ticket: Ticket = server.session_ticket(&session, &guest).await.json().await.unwrap();
    let first_token = ticket.game_token.clone();
    server.send_ok(&mut ticket, 0, vec![hold(0, Buttons::FIRE, 60)]).await;
    // Requests that fail say why in the log; what they brought is no part of that.
    for token in ["nonsense", &ticket.player_token] {
        let answer = server.ask(Method::POST, "/v1/sessions", Some(token), Some(&json!({"name": "x"}))).await;
        assert!(answer.status().is_client_error());
    }
    let key = fs::read(server.data().join("key")).unwrap();
    assert!(server.stop().success());

    let logged = fs::read(&log).unwrap();
    assert!(logged.len() > 1_000, "it was logged as finely as can be");
    let secrets = [
        MANAGER_PASSWORD,
        wrong,
        player,
        changed,
        &manager.access_token,
        &manager.refresh_token,
        &ada.access_token,
        &ada.refresh_token,
        &again.refresh_token,
        &last.access_token,
        &last.refresh_token,
        &guest,
        &first_token,
        &ticket.game_token,
        &ticket.player_token,
    ];
    for secret in secrets.map(str::as_bytes).into_iter().chain([key.as_slice()]) {
        let found = logged.windows(secret.len()).any(|window| window == secret);
        assert!(!found, "the log holds {:?}", String::from_utf8_lossy(secret));
    }
}
