//! Who may do what: every route of the router, asked by everyone there is, and what each is answered; whether accounts are
//! our own or Cognito's.

use std::collections::BTreeSet;

use crate::common::{
    TestServer,
    aws::LocalAws,
    cognito::{SignedIn, UserPool, sign},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use reqwest::Method;
use serde_json::{Value, json};
use shared::api::{Seated, SessionView, Ticket, Tokens};

/// Everyone there is, in the order of the table's columns. The forged ones, the worn out and the revoked are all
/// answered alike.
const CALLERS: [&str; 6] = ["nobody", "guest", "player", "other player", "manager", "forged"];

/// The one bad token that is good for something.
const GAME_TOKEN: &str = "a game's token";

/// What each caller is answered.
type Answers = [u16; 6];

const EVERYONE: Answers = [200; 6];
/// Takes a token where there is one, and then it must hold.
const ANYONE: Answers = [200, 200, 200, 200, 200, 401];
const MANAGERS: Answers = [401, 403, 403, 403, 200, 401];

/// Who keeps the accounts.
#[derive(Clone, Copy)]
enum Accounts {
    Ours,
    Cognitos,
}

/// A route's method, path and body, and what each caller is answered. `{...}` stands for what is there to be asked for.
fn table(accounts: Accounts) -> Vec<(Method, &'static str, Value, Answers)> {
    let none = Value::Null;
    // What only accounts of our own have.
    let own = |answers: Answers| match accounts {
        Accounts::Ours => answers,
        Accounts::Cognitos => [404; 6],
    };
    let own_of_callers = |answers: Answers| match accounts {
        Accounts::Ours => answers,
        Accounts::Cognitos => [401, 404, 404, 404, 404, 401],
    };
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
        (Method::GET, "/v1/identity", none.clone(), EVERYONE),
        (Method::GET, "/v1/accounts/mine", none.clone(), [401, 200, 200, 200, 200, 401]),
        (Method::POST, "/v1/accounts", json!({"nickname": "New", "password": "long enough"}), own(created(EVERYONE))),
        (Method::POST, "/v1/tokens", json!({"name": "{fresh}", "password": "long enough"}), own([401; 6])),
        (Method::POST, "/v1/tokens/refresh", json!({"refresh_token": "made up"}), own([401; 6])),
        (
            Method::PUT,
            "/v1/accounts/mine/password",
            json!({"old": "not the one it has", "new": "long enough"}),
            own_of_callers([401; 6]),
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
        (Method::DELETE, "/v1/tokens", none, own_of_callers([401, 204, 204, 204, 204, 401])),
    ]
}

/// Somebody with an account of each kind, and tokens that must not hold, each with what is wrong with it.
struct People {
    player: Tokens,
    other: Tokens,
    manager: Tokens,
    bad: Vec<(&'static str, String)>,
}

impl People {
    /// With accounts of our own.
    async fn ours(server: &TestServer) -> People {
        let manager = server.manager().await;
        let [player, other, gone] =
            [server.account("Ada").await, server.account("Bo").await, server.account("Gone").await];
        let signed_out = server.ask(Method::DELETE, "/v1/tokens", Some(&gone.access_token), None).await;
        assert_eq!(signed_out.status(), 204);
        let key = std::fs::read(server.data().join("key")).unwrap();
        let token = Token::read(&manager.access_token);
        let sign = |algorithm, claims: &Value, key: &[u8]| {
            encode(&Header::new(algorithm), claims, &EncodingKey::from_secret(key)).unwrap()
        };
        let another = token.with("sub", json!(player.player));
        let bad = vec![
            ("expired", sign(Algorithm::HS256, &token.with("exp", json!(1_000_000)), &key)),
            ("revoked", gone.access_token),
            ("alg none", token.unsigned()),
            ("another algorithm", sign(Algorithm::HS512, &token.claims, &key)),
            ("wrong key", sign(Algorithm::HS256, &token.claims, b"another key, just as long as it should be")),
            ("wrong audience", sign(Algorithm::HS256, &token.with("aud", json!("elsewhere")), &key)),
            ("edited claims", token.edited(&another)),
            ("a role that the account lacks", sign(Algorithm::HS256, &another, &key)),
            ("a refresh token", manager.refresh_token.clone()),
        ];
        People { player, other, manager, bad }
    }

    /// With accounts at Cognito.
    async fn cognitos(server: &TestServer, pool: &UserPool<'_>, elsewhere: &UserPool<'_>) -> People {
        let player = pool.signed_in(server, "ada", "Players").await;
        let other = pool.signed_in(server, "bo", "Players").await;
        let manager = pool.signed_in(server, "maya", "Managers").await;
        elsewhere.user("maya", "Managers").await;
        let SignedIn { id, refresh, .. } = pool.sign_in("maya", &pool.app).await;

        let token = Token::read(&manager.access_token);
        let (key, key_id) = (pool.private_key(), token.header["kid"].as_str().unwrap());
        let signed = |name: &str, value: Value| sign(key_id, &token.with(name, value), &key);
        let without_client = {
            let mut claims = token.claims.clone();
            claims.as_object_mut().unwrap().remove("client_id");
            claims
        };
        let public = pool.keys.iter().find(|key| key["kid"] == key_id).unwrap();
        let modulus = URL_SAFE_NO_PAD.decode(public["n"].as_str().unwrap()).unwrap();
        let own_key = std::fs::read(server.data().join("key")).unwrap();
        let own_claims = json!({"aud": "alien-attack/player", "exp": u64::MAX / 1000, "sub": manager.player,
            "role": "manager", "issued_at": u64::MAX});
        let secretly = |claims: &Value, secret: &[u8]| {
            let header = Header { kid: Some(key_id.to_owned()), ..Header::new(Algorithm::HS256) };
            encode(&header, claims, &EncodingKey::from_secret(secret)).unwrap()
        };
        assert_eq!(
            server.ask(Method::GET, "/v1/flow", Some(&sign(key_id, &token.claims, &key)), None).await.status(),
            200
        );
        let bad = vec![
            ("expired", signed("exp", json!(1_000_000))),
            ("not valid yet", signed("nbf", json!(u32::MAX))),
            ("alg none", token.unsigned()),
            ("signed by the public key as if it were secret", secretly(&token.claims, &modulus)),
            ("signed by the public key's text", secretly(&token.claims, public["n"].as_str().unwrap().as_bytes())),
            ("another's key under that name", sign(key_id, &token.claims, &elsewhere.private_key())),
            ("a key that nobody has heard of", sign("unheard of", &token.claims, &key)),
            ("another issuer by the right key", signed("iss", json!(elsewhere.issuer))),
            ("another issuer", elsewhere.sign_in("maya", &elsewhere.app).await.access),
            ("another client by the right key", signed("client_id", json!("another"))),
            ("another client", pool.sign_in("maya", &pool.client("another").await).await.access),
            ("another audience", signed("aud", json!(["another"]))),
            ("no client", sign(key_id, &without_client, &key)),
            ("an ID token", id),
            ("a refresh token", refresh),
            ("edited claims", Token::read(&player.access_token).edited(&token.claims)),
            ("our own key, which speaks for guests alone", secretly(&own_claims, &own_key)),
        ];
        People { player, other, manager, bad }
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

    /// Its claims with another of that name.
    fn with(&self, name: &str, value: Value) -> Value {
        let mut claims = self.claims.clone();
        claims[name] = value;
        claims
    }

    /// It without a signature, as if that were one way of signing.
    fn unsigned(&self) -> String {
        let header = write(&json!({"alg": "none", "typ": "JWT"}));
        format!("{header}.{}.", self.parts[1])
    }

    /// Its signature below other claims.
    fn edited(&self, claims: &Value) -> String {
        format!("{}.{}.{}", self.parts[0], write(claims), self.parts[2])
    }
}

fn write(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

struct World<'a> {
    server: &'a TestServer,
    session: SessionView,
    game: Ticket,
    guest: String,
    people: People,
}

impl World<'_> {
    async fn new(server: &TestServer, mut people: People) -> World<'_> {
        let plan = json!({"name": "Cup", "kind": {"time_constrained": {"minutes": 5}}, "seats": 9});
        let session = server.open_session(&people.manager, plan).await;
        let guest: Seated = server.join(&session, None, "Guest").await.json().await.unwrap();
        let player = &people.player.access_token;
        let seated = server.join(&session, Some(player), "Ada").await;
        assert_eq!(seated.status(), 200);
        let game: Ticket = server.session_ticket(&session, player).await.json().await.unwrap();
        people.bad.push((GAME_TOKEN, game.game_token.clone()));
        people.bad.push(("nonsense", "nonsense".to_owned()));
        World { server, session, game, guest: guest.player_token.unwrap(), people }
    }

    /// The tokens that a caller comes with, each with who that is.
    fn tokens(&self, caller: &'static str) -> Vec<(&'static str, Option<String>)> {
        let token = match caller {
            "nobody" => None,
            "guest" => Some(&self.guest),
            "player" => Some(&self.people.player.access_token),
            "other player" => Some(&self.people.other.access_token),
            "manager" => Some(&self.people.manager.access_token),
            "forged" => return self.people.bad.iter().map(|(why, token)| (*why, Some(token.clone()))).collect(),
            other => panic!("{other}"),
        };
        vec![(caller, token.cloned())]
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

/// Asks every route as everyone, and says where the answers are not the table's.
async fn compare(world: &World<'_>, accounts: Accounts) {
    let mut wrong = Vec::new();
    for (row, (method, path, body, answers)) in table(accounts).into_iter().enumerate() {
        for (column, (caller, expected)) in CALLERS.into_iter().zip(answers).enumerate() {
            for (number, (who, token)) in world.tokens(caller).into_iter().enumerate() {
                let fresh = format!("{row}-{column}-{number}");
                let got = world.status(&method, path, &body, token.as_deref(), &fresh).await;
                // A game's own token is the one thing that its events are taken by.
                let expected = if path.ends_with("/events") && who == GAME_TOKEN { 200 } else { expected };
                if got != expected {
                    wrong.push(format!("{method} {path} {body} by {who}: {got}, not {expected}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong answers:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn every_route_answers_everyone_as_the_table_says() {
    let server = TestServer::start(&[]);
    let people = People::ours(&server).await;
    compare(&World::new(&server, people).await, Accounts::Ours).await;
}

#[tokio::test]
async fn every_route_answers_everyone_as_the_table_says_with_accounts_at_cognito() {
    let aws = LocalAws::start();
    let (pool, elsewhere) = (UserPool::create(&aws).await, UserPool::create(&aws).await);
    let server = pool.server();
    let people = People::cognitos(&server, &pool, &elsewhere).await;
    compare(&World::new(&server, people).await, Accounts::Cognitos).await;
}

#[test]
fn no_route_is_missing_from_the_table() {
    let told: BTreeSet<(String, String)> =
        table(Accounts::Ours).into_iter().map(|(method, path, ..)| (method.to_string(), path.to_owned())).collect();
    let document = serde_json::to_value(backend::http::document()).unwrap();
    let mut routes = BTreeSet::from([("GET".to_owned(), "/openapi.json".to_owned())]);
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys().filter(|key| *key != "parameters") {
            routes.insert((method.to_uppercase(), path.clone()));
        }
    }
    assert_eq!(told, routes);
}
