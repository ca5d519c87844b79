//! Any issuer of OpenID Connect: one that changes its keys, one that is down, one that is not who it should be. On several
//! threads, since the issuer answers while the server starts.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use crate::common::{TestServer, problem};
use axum::{Json, Router, extract::State, routing::get};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode, get_current_timestamp, jwk::Jwk};
use p256::pkcs8::EncodePrivateKey;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use shared::{
    account::Role,
    api::{CallerView, IdentityView, ProblemCode, Ticket},
};
use tokio::net::TcpListener;

/// How long the server may leave an issuer alone before it asks again, and some more.
const PATIENCE: Duration = Duration::from_secs(25);

/// A key, and the name that it is published by.
struct Key {
    id: &'static str,
    signing: EncodingKey,
}

impl Key {
    fn new(id: &'static str) -> Key {
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).unwrap();
        let secret = p256::SecretKey::from_slice(&secret).unwrap();
        Key { id, signing: EncodingKey::from_ec_der(secret.to_pkcs8_der().unwrap().as_bytes()) }
    }

    fn public(&self) -> Value {
        let mut jwk = Jwk::from_encoding_key(&self.signing, Algorithm::ES256).unwrap();
        jwk.common.key_id = Some(self.id.to_owned());
        serde_json::to_value(jwk).unwrap()
    }

    /// A token of somebody in a group.
    fn token(&self, issuer: &Issuer, group: &str) -> String {
        let claims = json!({"iss": issuer.url(), "sub": "ada", "aud": "aliens", "groups": [group],
            "exp": get_current_timestamp() + 600, "iat": get_current_timestamp()});
        encode(&Header { kid: Some(self.id.to_owned()), ..Header::new(Algorithm::ES256) }, &claims, &self.signing)
            .unwrap()
    }
}

/// An issuer at an address of its own, from when it starts to listen.
struct Issuer {
    address: SocketAddr,
    published: Arc<Published>,
}

struct Published {
    name: String,
    keys: Mutex<Vec<Value>>,
    asked: AtomicUsize,
}

impl Issuer {
    /// One that is not there yet.
    fn new(keys: &[&Key]) -> Issuer {
        let free = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = free.local_addr().unwrap();
        let keys = Mutex::new(keys.iter().map(|key| key.public()).collect());
        let published = Published { name: format!("http://{address}"), keys, asked: AtomicUsize::new(0) };
        Issuer { address, published: Arc::new(published) }
    }

    fn url(&self) -> &str {
        &self.published.name
    }

    /// Publishes other keys.
    fn publish(&self, keys: &[&Key]) {
        *self.published.keys.lock().unwrap() = keys.iter().map(|key| key.public()).collect();
    }

    /// How often it was asked for its keys.
    fn asked(&self) -> usize {
        self.published.asked.load(Ordering::Relaxed)
    }

    async fn listen(&self) {
        let listener = TcpListener::bind(self.address).await.unwrap();
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(describe))
            .route("/keys", get(keys))
            .with_state(Arc::clone(&self.published));
        tokio::spawn(async move { axum::serve(listener, router).await });
    }

    fn server(&self) -> TestServer {
        let issuer = ["--oidc-issuer", self.url(), "--oidc-client", "aliens"];
        TestServer::start(&[&issuer[..], &["--oidc-roles", "groups", "--oidc-managers", "staff"]].concat())
    }
}

async fn describe(State(published): State<Arc<Published>>) -> Json<Value> {
    let name = &published.name;
    Json(json!({"issuer": name, "jwks_uri": format!("{name}/keys"),
        "authorization_endpoint": format!("{name}/authorize"), "token_endpoint": format!("{name}/token")}))
}

async fn keys(State(published): State<Arc<Published>>) -> Json<Value> {
    published.asked.fetch_add(1, Ordering::Relaxed);
    let mut keys = published.keys.lock().unwrap().clone();
    // Not every kind is known to everyone.
    keys.push(json!({"kty": "OKP", "crv": "X25519", "x": "AA", "kid": "unknown"}));
    Json(json!({"keys": keys}))
}

async fn status(server: &TestServer, token: &str) -> StatusCode {
    server.ask(Method::GET, "/v1/accounts/mine", Some(token), None).await.status()
}

/// Waits until a token is answered so.
async fn until(server: &TestServer, token: &str, expected: StatusCode) {
    let started = Instant::now();
    loop {
        let got = status(server, token).await;
        if got == expected {
            return;
        }
        assert!(started.elapsed() < PATIENCE, "{got}, and never {expected}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_in_the_named_group_of_the_named_claim_manages() {
    let key = Key::new("one");
    let issuer = Issuer::new(&[&key]);
    issuer.listen().await;
    let server = issuer.server();
    let caller = async |group| -> CallerView {
        server.told(Method::GET, "/v1/accounts/mine", Some(&key.token(&issuer, group)), None).await
    };
    let (staff, others) = (caller("staff").await, caller("Managers").await);
    assert_eq!((staff.role, others.role), (Role::Manager, Role::Player));
    assert_eq!(staff.player, others.player, "one subject is one player");

    let IdentityView::Oidc(view) = server.get("/v1/identity").await else { unreachable!("accounts are elsewhere") };
    assert_eq!((view.issuer.as_str(), view.client.as_str()), (issuer.url(), "aliens"));
    assert_eq!(view.token_endpoint, format!("{}/token", issuer.url()));
    let body = json!({"name": "manager", "password": "a manager's password"});
    let (status, told) = problem(server.ask(Method::POST, "/v1/tokens", None, Some(&body)).await).await;
    assert_eq!((status, told.code), (StatusCode::NOT_FOUND, ProblemCode::ExternalAccounts));
    assert!(told.detail.contains(issuer.url()), "{}", told.detail);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_game_does_not_make_a_sign_in_last_longer() {
    let key = Key::new("one");
    let issuer = Issuer::new(&[&key]);
    issuer.listen().await;
    let server = issuer.server();
    let token = key.token(&issuer, "players");
    let body = json!({"nickname": "Ada"});
    let ticket: Ticket = server.told(Method::POST, "/v1/games", Some(&token), Some(&body)).await;
    assert_eq!(ticket.player_token, token);
}

#[tokio::test(flavor = "multi_thread")]
async fn new_keys_are_taken_and_made_up_ones_make_nobody_ask_more_often() {
    let (old, new, forged) = (Key::new("old"), Key::new("new"), Key::new("forged"));
    let issuer = Issuer::new(&[&old]);
    issuer.listen().await;
    let server = issuer.server();
    let started = Instant::now();
    assert_eq!(status(&server, &old.token(&issuer, "staff")).await, StatusCode::OK);
    assert_eq!(issuer.asked(), 1);

    issuer.publish(&[&new]);
    let [replaced, forged] = [&new, &forged].map(|key| key.token(&issuer, "staff"));
    for _ in 0..100 {
        assert_eq!(status(&server, &forged).await, StatusCode::UNAUTHORIZED);
    }
    until(&server, &replaced, StatusCode::OK).await;
    assert_eq!(status(&server, &forged).await, StatusCode::UNAUTHORIZED);
    assert_eq!(status(&server, &old.token(&issuer, "staff")).await, StatusCode::UNAUTHORIZED, "it was withdrawn");
    assert!(issuer.asked() as u64 <= 1 + started.elapsed().as_secs() / 10, "asked {} times", issuer.asked());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issuer_that_is_down_takes_nobody_else_down() {
    let key = Key::new("one");
    let issuer = Issuer::new(&[&key]);
    let server = issuer.server();
    let token = key.token(&issuer, "staff");
    let answer = server.ask(Method::GET, "/v1/accounts/mine", Some(&token), None).await;
    assert!(answer.headers().contains_key("retry-after"));
    let (got, told) = problem(answer).await;
    assert_eq!((got, told.code), (StatusCode::SERVICE_UNAVAILABLE, ProblemCode::Busy));
    let way = server.ask(Method::GET, "/v1/identity", None, None).await;
    assert_eq!(way.status(), StatusCode::SERVICE_UNAVAILABLE);
    // Guests play on.
    let guest = server.ticket("Guest").await;
    assert_eq!(status(&server, &guest.player_token).await, StatusCode::OK);

    issuer.listen().await;
    until(&server, &token, StatusCode::OK).await;
    server.get::<IdentityView>("/v1/identity").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_describes_another_issuer_is_not_believed() {
    let key = Key::new("one");
    let other = Issuer::new(&[&key]);
    other.listen().await;
    let discovery = format!("{}/.well-known/openid-configuration", other.url());
    let settings = ["--oidc-issuer", "https://id.example", "--oidc-client", "aliens", "--oidc-discovery", &discovery];
    let server = TestServer::start(&settings);
    assert_eq!(status(&server, &key.token(&other, "staff")).await, StatusCode::SERVICE_UNAVAILABLE);
}
