//! Authorization: the status that each route returns to each kind of caller, with accounts on the server and on Cognito.

use std::collections::BTreeSet;

use crate::common::{
    TestServer,
    aws::LocalAws,
    cognito::{UserPool, UserTokens, sign},
    games::hold,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use reqwest::Method;
use serde_json::{Value, json};
use shared::{
    api::{SessionView, Ticket, Tokens},
    rules::Buttons,
};

/// Kinds of callers, in the order of the table's columns. All expired, forged and revoked tokens are "invalid".
const CALLERS: [&str; 7] = ["anonymous", "guest", "player", "other player", "manager", "viewer", "invalid"];

/// A game token is invalid for all routes but the events of its game.
const GAME_TOKEN: &str = "a game token";

/// The status for each kind of caller.
type Statuses = [u16; 7];

/// Open to all; tokens are ignored.
const EVERYONE: Statuses = [200; 7];
/// Open to all; a token, if there is one, must be a valid one of a player.
const ANYONE: Statuses = [200, 200, 200, 200, 200, 401, 401];
/// Open to all; a token, if there is one, must be a valid one of a player or a viewer.
const ANYONE_AND_VIEWERS: Statuses = [200, 200, 200, 200, 200, 200, 401];
const MANAGERS: Statuses = [401, 403, 403, 403, 200, 401, 401];

/// Where the accounts are.
#[derive(Clone, Copy)]
enum Accounts {
    Local,
    Cognito,
}

/// Method, path and body of each route, and the status for each kind of caller. Values in `{...}` are filled in later.
fn table(accounts: Accounts) -> Vec<(Method, &'static str, Value, Statuses)> {
    let none = Value::Null;
    // Routes that exist only with accounts on the server.
    let local = |statuses: Statuses| match accounts {
        Accounts::Local => statuses,
        Accounts::Cognito => [404; 7],
    };
    let local_with_token = |statuses: Statuses| match accounts {
        Accounts::Local => statuses,
        Accounts::Cognito => [401, 404, 404, 404, 404, 401, 401],
    };
    let created = |statuses: Statuses| statuses.map(|status| if status == 200 { 201 } else { status });
    let no_content = |statuses: Statuses| statuses.map(|status| if status == 200 { 204 } else { status });
    let plan = json!({"name": "Another", "kind": "single_trial"});
    let batch = json!({"schema": 1, "first_seq": 0, "events": [{"tick": 0, "what": "paused"}]});
    vec![
        (Method::GET, "/v1/clock", none.clone(), EVERYONE),
        (Method::GET, "/v1/tuning", none.clone(), EVERYONE),
        (Method::GET, "/v1/live", none.clone(), EVERYONE),
        (Method::GET, "/v1/standings", none.clone(), EVERYONE),
        (Method::GET, "/v1/games/{game}", none.clone(), EVERYONE),
        (Method::GET, "/v1/games/{game}/replay", none.clone(), ANYONE_AND_VIEWERS),
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
        // In a session only players with a seat may play.
        (
            Method::POST,
            "/v1/games",
            json!({"nickname": "Ada", "session": "{session}"}),
            [401, 201, 201, 404, 404, 401, 401],
        ),
        // Events are sent with a game token; all other tokens are of another kind.
        (Method::POST, "/v1/games/{game}/events", batch, [401; 7]),
        (Method::GET, "/v1/identity", none.clone(), EVERYONE),
        (Method::GET, "/v1/accounts/mine", none.clone(), [401, 200, 200, 200, 200, 401, 401]),
        (Method::POST, "/v1/accounts", json!({"nickname": "New", "password": "long enough"}), local(created(EVERYONE))),
        (Method::POST, "/v1/tokens", json!({"name": "{unique}", "password": "long enough"}), local([401; 7])),
        (Method::POST, "/v1/tokens/refresh", json!({"refresh_token": "made up"}), local([401; 7])),
        (
            Method::PUT,
            "/v1/accounts/mine/password",
            json!({"old": "not the one it has", "new": "long enough"}),
            local_with_token([401; 7]),
        ),
        // The bodies of the table are JSON, which is not valid TOML.
        (Method::POST, "/v1/tuning", json!("no tuning"), [401, 403, 403, 403, 422, 401, 401]),
        (Method::GET, "/v1/flow", none.clone(), MANAGERS),
        (Method::GET, "/v1/dead-letters", none.clone(), MANAGERS),
        // There is no such dead letter. Only a manager learns that.
        (Method::POST, "/v1/dead-letters/{place}/retry", none.clone(), [401, 403, 403, 403, 404, 401, 401]),
        (Method::POST, "/v1/sessions", plan, created(MANAGERS)),
        (Method::POST, "/v1/sessions/{session}/moves", json!({"move": "extend", "minutes": 1}), MANAGERS),
        (Method::PUT, "/v1/sessions/{session}/admission", json!({"admission": "open"}), MANAGERS),
        (Method::GET, "/v1/sessions/{session}/seats", none.clone(), MANAGERS),
        (Method::POST, "/v1/sessions/{session}/viewer-tokens", none.clone(), created(MANAGERS)),
        (Method::GET, "/v1/sessions/{session}/games", none.clone(), MANAGERS),
        (Method::GET, "/v1/sessions/{session}/games.csv", none.clone(), MANAGERS),
        (
            Method::PATCH,
            "/v1/sessions/{session}/seats/{player}",
            json!({"rename": "Ada the Second"}),
            no_content(MANAGERS),
        ),
        // Each caller joins with another nickname, because nicknames are unique.
        (Method::POST, "/v1/sessions/{session}/seats", json!({"nickname": "{unique}"}), ANYONE),
        (Method::PUT, "/v1/sessions/{session}/seats/mine", none.clone(), [401, 200, 200, 200, 200, 401, 401]),
        (Method::DELETE, "/v1/sessions/{session}/seats/mine", none.clone(), [401, 204, 204, 204, 204, 401, 401]),
        // Last, because it signs the caller out.
        (Method::DELETE, "/v1/tokens", none, local_with_token([401, 204, 204, 204, 204, 401, 401])),
    ]
}

/// The tokens of callers.
struct Callers {
    player: Tokens,
    other: Tokens,
    manager: Tokens,
    /// Invalid tokens, each with the reason why it is invalid.
    invalid: Vec<(&'static str, String)>,
}

impl Callers {
    /// Callers with accounts on the server.
    async fn local(server: &TestServer) -> Callers {
        let manager = server.sign_in_manager().await;
        let (player, other) = (server.register("Ada").await, server.register("Bo").await);
        let signed_out = server.register("Gone").await;
        let response = server.request(Method::DELETE, "/v1/tokens", Some(&signed_out.access_token), None).await;
        assert_eq!(response.status(), 204);
        let invalid = Callers::invalid_local_tokens(server, &player, &manager, signed_out);
        Callers { player, other, manager, invalid }
    }

    fn invalid_local_tokens(
        server: &TestServer,
        player: &Tokens,
        manager: &Tokens,
        signed_out: Tokens,
    ) -> Vec<(&'static str, String)> {
        let key = std::fs::read(server.data().join("key")).unwrap();
        let token = Token::read(&manager.access_token);
        let sign = |algorithm, claims: &Value, key: &[u8]| {
            encode(&Header::new(algorithm), claims, &EncodingKey::from_secret(key)).unwrap()
        };
        let other_subject = token.with("sub", json!(player.player));
        vec![
            ("expired", sign(Algorithm::HS256, &token.with("exp", json!(1_000_000)), &key)),
            ("revoked", signed_out.access_token),
            ("alg none", token.unsigned()),
            ("another algorithm", sign(Algorithm::HS512, &token.claims, &key)),
            ("wrong key", sign(Algorithm::HS256, &token.claims, b"another key, just as long as it should be")),
            ("wrong audience", sign(Algorithm::HS256, &token.with("aud", json!("another audience")), &key)),
            ("edited claims", token.edited(&other_subject)),
            ("a role that the account lacks", sign(Algorithm::HS256, &other_subject, &key)),
            ("a refresh token", manager.refresh_token.clone()),
        ]
    }

    /// Callers with accounts in a Cognito user pool.
    async fn cognito(server: &TestServer, pool: &UserPool<'_>, other_pool: &UserPool<'_>) -> Callers {
        let player = pool.create_signed_in(server, "ada", "Players").await;
        let other = pool.create_signed_in(server, "bo", "Players").await;
        let manager = pool.create_signed_in(server, "maya", "Managers").await;
        other_pool.create_user("maya", "Managers").await;
        let invalid = Callers::invalid_cognito_tokens(server, pool, other_pool, &player, &manager).await;
        Callers { player, other, manager, invalid }
    }

    async fn invalid_cognito_tokens(
        server: &TestServer,
        pool: &UserPool<'_>,
        other_pool: &UserPool<'_>,
        player: &Tokens,
        manager: &Tokens,
    ) -> Vec<(&'static str, String)> {
        let UserTokens { id, refresh, .. } = pool.sign_in("maya", &pool.client).await;

        let token = Token::read(&manager.access_token);
        let (key, key_id) = (pool.private_key(), token.header["kid"].as_str().unwrap());
        let signed = |name: &str, value: Value| sign(key_id, &token.with(name, value), &key);
        let without_client = {
            let mut claims = token.claims.clone();
            claims.as_object_mut().unwrap().remove("client_id");
            claims
        };
        let public = pool.keys.iter().find(|key| key["kid"] == key_id).unwrap();
        let modulus_text = public["n"].as_str().unwrap();
        let modulus = URL_SAFE_NO_PAD.decode(modulus_text).unwrap();
        let own_key = std::fs::read(server.data().join("key")).unwrap();
        let own_claims = json!({"aud": "alien-attack/player", "exp": u64::MAX / 1000, "sub": manager.player,
            "role": "manager", "issued_at": u64::MAX});
        let sign_symmetrically = |claims: &Value, secret: &[u8]| {
            let header = Header { kid: Some(key_id.to_owned()), ..Header::new(Algorithm::HS256) };
            encode(&header, claims, &EncodingKey::from_secret(secret)).unwrap()
        };
        // The same claims, signed like this, are valid.
        let valid = sign(key_id, &token.claims, &key);
        assert_eq!(server.request(Method::GET, "/v1/flow", Some(&valid), None).await.status(), 200);
        vec![
            ("expired", signed("exp", json!(1_000_000))),
            ("not valid yet", signed("nbf", json!(u32::MAX))),
            ("alg none", token.unsigned()),
            ("signed with the public key as an HMAC secret", sign_symmetrically(&token.claims, &modulus)),
            ("signed with the text of the public key", sign_symmetrically(&token.claims, modulus_text.as_bytes())),
            ("signed by a key of another pool", sign(key_id, &token.claims, &other_pool.private_key())),
            ("an unknown key ID", sign("unknown", &token.claims, &key)),
            ("another issuer, signed by the right key", signed("iss", json!(other_pool.issuer))),
            ("another issuer", other_pool.sign_in("maya", &other_pool.client).await.access),
            ("another client, signed by the right key", signed("client_id", json!("another"))),
            ("another client", pool.sign_in("maya", &pool.create_client("another").await).await.access),
            ("another audience", signed("aud", json!(["another"]))),
            ("no client", sign(key_id, &without_client, &key)),
            ("an ID token", id),
            ("a refresh token", refresh),
            ("edited claims", Token::read(&player.access_token).edited(&token.claims)),
            ("signed by the server, which signs for guests only", sign_symmetrically(&own_claims, &own_key)),
        ]
    }
}

/// A token taken apart.
struct Token {
    parts: [String; 3],
    header: Value,
    claims: Value,
}

impl Token {
    fn read(token: &str) -> Token {
        let parts: Vec<String> = token.split('.').map(str::to_owned).collect();
        let read = |part: &str| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
        let (header, claims) = (read(&parts[0]), read(&parts[1]));
        Token { parts: parts.try_into().unwrap(), header, claims }
    }

    /// Its claims, with another value for one of them.
    fn with(&self, name: &str, value: Value) -> Value {
        let mut claims = self.claims.clone();
        claims[name] = value;
        claims
    }

    /// The token without a signature, with the algorithm "none".
    fn unsigned(&self) -> String {
        let header = encode_part(&json!({"alg": "none", "typ": "JWT"}));
        format!("{header}.{}.", self.parts[1])
    }

    /// The token with other claims and the old signature.
    fn edited(&self, claims: &Value) -> String {
        format!("{}.{}.{}", self.parts[0], encode_part(claims), self.parts[2])
    }
}

/// Invalid variants of a viewer token, each with the reason why it is invalid.
fn invalid_viewer_tokens(server: &TestServer, viewer: &str) -> Vec<(&'static str, String)> {
    let key = std::fs::read(server.data().join("key")).unwrap();
    let token = Token::read(viewer);
    let sign = |claims: &Value, key: &[u8]| {
        encode(&Header::new(Algorithm::HS256), claims, &EncodingKey::from_secret(key)).unwrap()
    };
    vec![
        ("an expired viewer token", sign(&token.with("exp", json!(1_000_000)), &key)),
        ("a viewer token by another key", sign(&token.claims, b"another key, just as long as it should be")),
        ("a viewer token with edited claims", token.edited(&token.with("session", json!("0000000000000000")))),
        ("an unsigned viewer token", token.unsigned()),
        ("a viewer token as a player token", sign(&token.with("aud", json!("alien-attack/player")), &key)),
        ("a viewer token as a game token", sign(&token.with("aud", json!("alien-attack/game")), &key)),
    ]
}

fn encode_part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

/// A server with a session and a game, and the tokens of all callers.
struct Fixture<'a> {
    server: &'a TestServer,
    session: SessionView,
    game: Ticket,
    guest: String,
    viewer: String,
    callers: Callers,
}

impl Fixture<'_> {
    async fn create(server: &TestServer, mut callers: Callers) -> Fixture<'_> {
        let plan = json!({"name": "Cup", "kind": {"time_constrained": {"minutes": 5}}, "seats": 9});
        let session = server.open_session(&callers.manager, plan).await;
        let guest = server.seat_guest(&session, "Guest").await;
        let player = &callers.player.access_token;
        let seated = server.join(&session, Some(player), "Ada").await;
        assert_eq!(seated.status(), 200);
        let mut game = server.session_ticket(&session, player).await;
        // A game that has begun keeps its token when the player asks for other tickets.
        server.send_ok(&mut game, 0, vec![hold(0, Buttons::empty(), 1)]).await;
        server.processed_game(&game, 1).await;
        callers.invalid.push((GAME_TOKEN, game.game_token.clone()));
        callers.invalid.push(("nonsense", "nonsense".to_owned()));
        let viewer = server.viewer_token(&callers.manager, session.session).await;
        callers.invalid.extend(invalid_viewer_tokens(server, &viewer));
        Fixture { server, session, game, guest: guest.player_token.unwrap(), viewer, callers }
    }

    /// The tokens of a kind of caller, each with a description.
    fn tokens(&self, caller: &'static str) -> Vec<(&'static str, Option<String>)> {
        let token = match caller {
            "anonymous" => None,
            "guest" => Some(&self.guest),
            "player" => Some(&self.callers.player.access_token),
            "other player" => Some(&self.callers.other.access_token),
            "manager" => Some(&self.callers.manager.access_token),
            "viewer" => Some(&self.viewer),
            "invalid" => return self.callers.invalid.iter().map(|(why, token)| (*why, Some(token.clone()))).collect(),
            other => panic!("{other}"),
        };
        vec![(caller, token.cloned())]
    }

    /// Fills in the values of a path or body; `unique` is a nickname that no one has.
    fn fill(&self, text: &str, unique: &str) -> String {
        text.replace("{game}", &self.game.game.to_string())
            .replace("{player}", &self.game.player.to_string())
            .replace("{session}", &self.session.session.to_string())
            .replace("{code}", self.session.code.as_str())
            .replace("{unique}", unique)
            .replace("{place}", "log:00000000000000000007.0")
    }

    async fn status(&self, method: &Method, path: &str, body: &Value, token: Option<&str>, unique: &str) -> u16 {
        let path = self.fill(path, unique);
        let body = (!body.is_null()).then(|| serde_json::from_str(&self.fill(&body.to_string(), unique)).unwrap());
        self.server.request(method.clone(), &path, token, body.as_ref()).await.status().as_u16()
    }
}

/// Calls every route as every caller, and compares the statuses with the table.
async fn assert_table_holds(fixture: &Fixture<'_>, accounts: Accounts) {
    let mut wrong = Vec::new();
    for (row, (method, path, body, statuses)) in table(accounts).into_iter().enumerate() {
        for (column, (caller, expected)) in CALLERS.into_iter().zip(statuses).enumerate() {
            for (number, (description, token)) in fixture.tokens(caller).into_iter().enumerate() {
                let unique = format!("{row}-{column}-{number}");
                let got = fixture.status(&method, path, &body, token.as_deref(), &unique).await;
                let expected = if path.ends_with("/events") && description == GAME_TOKEN { 200 } else { expected };
                if got != expected {
                    wrong.push(format!("{method} {path} {body} by {description}: {got}, not {expected}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong statuses:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn routes_return_the_status_of_the_table_with_local_accounts() {
    let server = TestServer::start(&[]).await;
    let callers = Callers::local(&server).await;
    assert_table_holds(&Fixture::create(&server, callers).await, Accounts::Local).await;
}

#[tokio::test]
async fn routes_return_the_status_of_the_table_with_accounts_on_cognito() {
    let aws = LocalAws::start().await;
    let (pool, other_pool) = (UserPool::create(&aws).await, UserPool::create(&aws).await);
    let server = pool.start_server().await;
    let callers = Callers::cognito(&server, &pool, &other_pool).await;
    assert_table_holds(&Fixture::create(&server, callers).await, Accounts::Cognito).await;
}

#[test]
fn table_has_every_route() {
    let listed: BTreeSet<(String, String)> =
        table(Accounts::Local).into_iter().map(|(method, path, ..)| (method.to_string(), path.to_owned())).collect();
    let document = serde_json::to_value(backend::http::document()).unwrap();
    let mut routes = BTreeSet::from([("GET".to_owned(), "/openapi.json".to_owned())]);
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys().filter(|key| *key != "parameters") {
            routes.insert((method.to_uppercase(), path.clone()));
        }
    }
    assert_eq!(listed, routes);
}
