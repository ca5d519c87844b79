//! Who may do what: every route of the router, asked by everyone there is, and what each is answered.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod common;

use std::collections::BTreeSet;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use common::TestServer;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use reqwest::Method;
use serde_json::{Value, json};
use shared::api::{Seated, SessionView, Ticket, Tokens};

/// Everyone there is, in the order of the table's columns. The forged ones, the worn out and the revoked are all
/// answered alike.
const CALLERS: [&str; 6] = ["nobody", "guest", "player", "other player", "manager", "forged"];

/// What each caller is answered.
type Answers = [u16; 6];

const EVERYONE: Answers = [200; 6];
/// Takes a token where there is one, and then it must hold.
const ANYONE: Answers = [200, 200, 200, 200, 200, 401];
const MANAGERS: Answers = [401, 403, 403, 403, 200, 401];

/// A route's method, path and body, and what each caller is answered. `{...}` stands for what is there to be asked for.
fn table() -> Vec<(Method, &'static str, Value, Answers)> {
    let none = Value::Null;
    let created = |answers: Answers| answers.map(|status| if status == 200 { 201 } else { status });
    let no_content = |answers: Answers| answers.map(|status| if status == 200 { 204 } else { status });
    let plan = json!({"name": "Another", "kind": "single_trial"});
    let batch = json!({"schema": 1, "first_seq": 0, "events": [{"tick": 0, "what": "paused"}]});
    vec![
        (Method::GET, "/v1/clock", none.clone(), EVERYONE),
        (Method::GET, "/v1/tuning", none.clone(), EVERYONE),
        (Method::GET, "/v1/live", none.clone(), EVERYONE),
        (Method::GET, "/v1/standings", none.clone(), EVERYONE),
        (Method::GET, "/v1/games/{game}", none.clone(), EVERYONE),
        (Method::GET, "/v1/games/{game}/replay", none.clone(), EVERYONE),
        (Method::GET, "/v1/players/{player}/games", none.clone(), EVERYONE),
        (Method::GET, "/healthz", none.clone(), EVERYONE),
        (Method::GET, "/readyz", none.clone(), EVERYONE),
        (Method::GET, "/metrics", none.clone(), EVERYONE),
        (Method::GET, "/openapi.json", none.clone(), EVERYONE),
        (Method::GET, "/v1/sessions/{session}", none.clone(), EVERYONE),
        (Method::GET, "/v1/codes/{code}", none.clone(), EVERYONE),
        (Method::GET, "/v1/codes/{code}/qr.svg", none.clone(), EVERYONE),
        (Method::GET, "/v1/standings.csv", none.clone(), EVERYONE),
        (Method::GET, "/v1/sessions", none.clone(), ANYONE),
        (Method::POST, "/v1/games", json!({"nickname": "Ada"}), created(ANYONE)),
        // In a session only who has a seat there may play.
        (Method::POST, "/v1/games", json!({"nickname": "Ada", "session": "{session}"}), [401, 201, 201, 404, 404, 401]),
        // A game's events are its own token's alone: no other token is of that kind.
        (Method::POST, "/v1/games/{game}/events", batch, [401; 6]),
        (Method::POST, "/v1/accounts", json!({"nickname": "New", "password": "long enough"}), created(EVERYONE)),
        (Method::POST, "/v1/tokens", json!({"name": "{fresh}", "password": "long enough"}), [401; 6]),
        (Method::POST, "/v1/tokens/refresh", json!({"refresh_token": "made up"}), [401; 6]),
        (
            Method::PUT,
            "/v1/accounts/mine/password",
            json!({"old": "not the one it has", "new": "long enough"}),
            [401; 6],
        ),
        // The table's bodies are JSON, which is a TOML of one mistake.
        (Method::POST, "/v1/tuning", json!("no tuning"), [401, 403, 403, 403, 422, 401]),
        (Method::GET, "/v1/flow", none.clone(), MANAGERS),
        (Method::GET, "/v1/dead-letters", none.clone(), MANAGERS),
        // There are none; who may not ask is not told even that.
        (Method::POST, "/v1/dead-letters/{place}/retry", none.clone(), [401, 403, 403, 403, 404, 401]),
        (Method::POST, "/v1/sessions", plan, created(MANAGERS)),
        (Method::POST, "/v1/sessions/{session}/moves", json!({"move": "extend", "minutes": 1}), MANAGERS),
        (Method::GET, "/v1/sessions/{session}/seats", none.clone(), MANAGERS),
        (Method::GET, "/v1/sessions/{session}/games", none.clone(), MANAGERS),
        (Method::GET, "/v1/sessions/{session}/games.csv", none.clone(), MANAGERS),
        (
            Method::PATCH,
            "/v1/sessions/{session}/seats/{player}",
            json!({"rename": "Ada the Second"}),
            no_content(MANAGERS),
        ),
        // Each joins as somebody else: nicknames are unique.
        (Method::POST, "/v1/sessions/{session}/seats", json!({"nickname": "{fresh}"}), ANYONE),
        (Method::PUT, "/v1/sessions/{session}/seats/mine", none.clone(), [401, 204, 204, 204, 204, 401]),
        (Method::DELETE, "/v1/sessions/{session}/seats/mine", none.clone(), [401, 204, 204, 204, 204, 401]),
        // Last, since it is what it says.
        (Method::DELETE, "/v1/tokens", none, [401, 204, 204, 204, 204, 401]),
    ]
}

struct World {
    server: TestServer,
    session: SessionView,
    game: Ticket,
    guest: String,
    player: Tokens,
    other: Tokens,
    manager: Tokens,
    revoked: String,
}

impl World {
    async fn new() -> World {
        let server = TestServer::start(&[]);
        let manager = server.manager().await;
        let plan = json!({"name": "Cup", "kind": {"time_constrained": {"minutes": 5}}, "seats": 9});
        let session = server.open_session(&manager, plan).await;
        let guest: Seated = server.join(&session, None, "Guest").await.json().await.unwrap();
        let [player, other, gone] =
            [server.account("Ada").await, server.account("Bo").await, server.account("Gone").await];
        let seated = server.join(&session, Some(&player.access_token), "Ada").await;
        assert_eq!(seated.status(), 200);
        let game = server.session_ticket(&session, &player.access_token).await.json().await.unwrap();
        let signed_out = server.ask(Method::DELETE, "/v1/tokens", Some(&gone.access_token), None).await;
        assert_eq!(signed_out.status(), 204);
        let guest = guest.player_token.unwrap();
        World { server, session, game, guest, player, other, manager, revoked: gone.access_token }
    }

    fn token(&self, caller: &str) -> Option<String> {
        match caller {
            "nobody" => None,
            "guest" => Some(self.guest.clone()),
            "player" => Some(self.player.access_token.clone()),
            "other player" => Some(self.other.access_token.clone()),
            "manager" => Some(self.manager.access_token.clone()),
            other => panic!("{other}"),
        }
    }

    /// Tokens that must not hold, each with what is wrong with it.
    fn bad_tokens(&self) -> Vec<(&'static str, String)> {
        let key = std::fs::read(self.server.data().join("key")).unwrap();
        let good = &self.manager.access_token;
        let parts: Vec<&str> = good.split('.').collect();
        let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap();
        let with = |name: &str, value: Value| {
            let mut claims = claims.clone();
            claims[name] = value;
            claims
        };
        let sign = |algorithm, claims: &Value, key: &[u8]| {
            encode(&Header::new(algorithm), claims, &EncodingKey::from_secret(key)).unwrap()
        };
        let write = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let as_manager = write(&with("sub", json!(self.player.player)));
        vec![
            ("expired", sign(Algorithm::HS256, &with("exp", json!(1_000_000)), &key)),
            ("revoked", self.revoked.clone()),
            ("alg none", format!("{}.{}.", write(&json!({"alg": "none", "typ": "JWT"})), parts[1])),
            ("another algorithm", sign(Algorithm::HS512, &claims, &key)),
            ("wrong key", sign(Algorithm::HS256, &claims, b"another key, just as long as it should be")),
            ("wrong audience", sign(Algorithm::HS256, &with("aud", json!("elsewhere")), &key)),
            ("edited claims", format!("{}.{as_manager}.{}", parts[0], parts[2])),
            ("a role that the account lacks", {
                let claims = with("sub", json!(self.player.player));
                sign(Algorithm::HS256, &claims, &key)
            }),
            ("a game's token", self.game.game_token.clone()),
            ("a refresh token", self.manager.refresh_token.clone()),
            ("nonsense", "nonsense".to_owned()),
        ]
    }

    fn fill(&self, text: &str, fresh: &str) -> String {
        text.replace("{game}", &self.game.game.to_string())
            .replace("{player}", &self.game.player.to_string())
            .replace("{session}", &self.session.session.to_string())
            .replace("{code}", self.session.code.as_str())
            .replace("{fresh}", fresh)
            .replace("{position}", "7")
    }

    async fn status(&self, method: &Method, path: &str, body: &Value, token: Option<&str>, fresh: &str) -> u16 {
        let path = self.fill(path, fresh);
        let body = (!body.is_null()).then(|| serde_json::from_str(&self.fill(&body.to_string(), fresh)).unwrap());
        self.server.ask(method.clone(), &path, token, body.as_ref()).await.status().as_u16()
    }
}

#[tokio::test]
async fn every_route_answers_everyone_as_the_table_says() {
    let world = World::new().await;
    let mut wrong = Vec::new();
    for (row, (method, path, body, answers)) in table().into_iter().enumerate() {
        for (column, (caller, expected)) in CALLERS.into_iter().zip(answers).enumerate() {
            let callers: Vec<(&str, Option<String>)> = match caller {
                "forged" => world.bad_tokens().into_iter().map(|(why, token)| (why, Some(token))).collect(),
                caller => vec![(caller, world.token(caller))],
            };
            for (number, (who, token)) in callers.iter().enumerate() {
                let fresh = format!("{row}-{column}-{number}");
                let got = world.status(&method, path, &body, token.as_deref(), &fresh).await;
                // A game's own token is the one thing that its events are taken by.
                let expected = if path.ends_with("/events") && *who == "a game's token" { 200 } else { expected };
                if got != expected {
                    wrong.push(format!("{method} {path} {body} by {who}: {got}, not {expected}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong answers:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn no_route_is_missing_from_the_table() {
    let told: BTreeSet<(String, String)> =
        table().into_iter().map(|(method, path, ..)| (method.to_string(), path.to_owned())).collect();
    let document = serde_json::to_value(backend::http::document()).unwrap();
    let mut routes = BTreeSet::from([("GET".to_owned(), "/openapi.json".to_owned())]);
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys().filter(|key| *key != "parameters") {
            routes.insert((method.to_uppercase(), path.clone()));
        }
    }
    assert_eq!(told, routes);
}
