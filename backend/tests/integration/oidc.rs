//! Accounts at an OpenID Connect issuer: one that changes its keys, one that is down, and one with another name.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

use crate::common::{TestServer, eventually, random::Random, read_problem, relay::Relay};
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

/// The server fetches keys at most once in this time.
const MIN_FETCH_INTERVAL_SECONDS: u64 = 10;

/// A key pair of an issuer.
struct Key {
    id: &'static str,
    signing: EncodingKey,
}

impl Key {
    fn new(id: &'static str) -> Key {
        let secret = Random::new(&format!("the key {id}")).bytes();
        let secret = p256::SecretKey::from_slice(&secret).unwrap();
        Key { id, signing: EncodingKey::from_ec_der(secret.to_pkcs8_der().unwrap().as_bytes()) }
    }

    fn public(&self) -> Value {
        let mut jwk = Jwk::from_encoding_key(&self.signing, Algorithm::ES256).unwrap();
        jwk.common.key_id = Some(self.id.to_owned());
        serde_json::to_value(jwk).unwrap()
    }

    /// A token of the user "ada", who is in one group.
    fn token(&self, issuer: &Issuer, group: &str) -> String {
        let claims = json!({"iss": issuer.url(), "sub": "ada", "aud": "aliens", "groups": [group],
            "exp": get_current_timestamp() + 600, "iat": get_current_timestamp()});
        encode(&Header { kid: Some(self.id.to_owned()), ..Header::new(Algorithm::ES256) }, &claims, &self.signing)
            .unwrap()
    }
}

/// An issuer behind a relay: it has an address before it is up.
struct Issuer {
    relay: Relay,
    /// The address of the issuer itself.
    address: SocketAddr,
    published: Arc<Published>,
}

/// What the issuer publishes.
struct Published {
    issuer: String,
    keys: Mutex<Vec<Value>>,
    /// How often the keys were fetched.
    fetches: AtomicUsize,
}

impl Issuer {
    /// Starts an issuer that is down: connections to it are closed.
    async fn start_down(keys: &[&Key]) -> Issuer {
        let relay = Relay::start().await;
        let keys = Mutex::new(keys.iter().map(|key| key.public()).collect());
        let published = Arc::new(Published { issuer: relay.url(), keys, fetches: AtomicUsize::new(0) });
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(describe))
            .route("/keys", get(keys_of))
            .with_state(Arc::clone(&published));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Issuer { relay, address, published }
    }

    /// Starts an issuer.
    async fn start(keys: &[&Key]) -> Issuer {
        let issuer = Issuer::start_down(keys).await;
        issuer.go_up();
        issuer
    }

    fn go_up(&self) {
        self.relay.set_target(self.address);
    }

    fn url(&self) -> &str {
        &self.published.issuer
    }

    /// Publishes other keys.
    fn publish(&self, keys: &[&Key]) {
        *self.published.keys.lock().unwrap() = keys.iter().map(|key| key.public()).collect();
    }

    /// How often the keys were fetched.
    fn fetches(&self) -> usize {
        self.published.fetches.load(Ordering::Relaxed)
    }

    /// Starts a server with accounts at this issuer.
    async fn start_server(&self) -> TestServer {
        let issuer = ["--oidc-issuer", self.url(), "--oidc-client", "aliens"];
        TestServer::start(&[&issuer[..], &["--oidc-roles", "groups", "--oidc-managers", "staff"]].concat()).await
    }
}

async fn describe(State(published): State<Arc<Published>>) -> Json<Value> {
    let issuer = &published.issuer;
    Json(json!({"issuer": issuer, "jwks_uri": format!("{issuer}/keys"),
        "authorization_endpoint": format!("{issuer}/authorize"), "token_endpoint": format!("{issuer}/token")}))
}

async fn keys_of(State(published): State<Arc<Published>>) -> Json<Value> {
    published.fetches.fetch_add(1, Ordering::Relaxed);
    let mut keys = published.keys.lock().unwrap().clone();
    // The server must ignore keys of a type that it does not know.
    keys.push(json!({"kty": "OKP", "crv": "X25519", "x": "AA", "kid": "unknown"}));
    Json(json!({"keys": keys}))
}

async fn status(server: &TestServer, token: &str) -> StatusCode {
    server.request(Method::GET, "/v1/accounts/mine", Some(token), None).await.status()
}

/// Waits until requests with a token get this status.
async fn wait_for_status(server: &TestServer, token: &str, expected: StatusCode) {
    eventually(&format!("requests with the token get {expected}"), async || {
        let status = status(server, token).await;
        if status == expected { Ok(()) } else { Err(status.to_string()) }
    })
    .await;
}

#[tokio::test]
async fn members_of_the_configured_group_are_managers() {
    let key = Key::new("one");
    let issuer = Issuer::start(&[&key]).await;
    let server = issuer.start_server().await;
    let caller = async |group| -> CallerView {
        server.call(Method::GET, "/v1/accounts/mine", Some(&key.token(&issuer, group)), None).await
    };
    let (staff, others) = (caller("staff").await, caller("Managers").await);
    assert_eq!((staff.role, others.role), (Role::Manager, Role::Player));
    assert_eq!(staff.player, others.player, "one subject is one player");

    let IdentityView::Oidc(view) = server.get("/v1/identity").await else { panic!("accounts are external") };
    assert_eq!((view.issuer.as_str(), view.client.as_str()), (issuer.url(), "aliens"));
    assert_eq!(view.token_endpoint, format!("{}/token", issuer.url()));
    let body = json!({"name": "manager", "password": "a manager's password"});
    let (status, problem) = read_problem(server.request(Method::POST, "/v1/tokens", None, Some(&body)).await).await;
    assert_eq!((status, problem.code), (StatusCode::NOT_FOUND, ProblemCode::ExternalAccounts));
    assert!(problem.detail.contains(issuer.url()), "{}", problem.detail);
}

#[tokio::test]
async fn ticket_does_not_extend_an_external_token() {
    let key = Key::new("one");
    let issuer = Issuer::start(&[&key]).await;
    let server = issuer.start_server().await;
    let token = key.token(&issuer, "players");
    let body = json!({"nickname": "Ada"});
    let ticket: Ticket = server.call(Method::POST, "/v1/games", Some(&token), Some(&body)).await;
    assert_eq!(ticket.player_token, token);
}

#[tokio::test]
async fn new_keys_are_fetched_and_unknown_keys_do_not_cause_more_fetches() {
    let (old, new, forged) = (Key::new("old"), Key::new("new"), Key::new("forged"));
    let issuer = Issuer::start(&[&old]).await;
    let started = Instant::now();
    let server = issuer.start_server().await;
    assert_eq!(status(&server, &old.token(&issuer, "staff")).await, StatusCode::OK);
    assert_eq!(issuer.fetches(), 1);

    issuer.publish(&[&new]);
    let [replaced, forged] = [&new, &forged].map(|key| key.token(&issuer, "staff"));
    for _ in 0..100 {
        assert_eq!(status(&server, &forged).await, StatusCode::UNAUTHORIZED);
    }
    wait_for_status(&server, &replaced, StatusCode::OK).await;
    assert_eq!(status(&server, &forged).await, StatusCode::UNAUTHORIZED);
    assert_eq!(status(&server, &old.token(&issuer, "staff")).await, StatusCode::UNAUTHORIZED, "it is not published");
    let most = 1 + started.elapsed().as_secs() / MIN_FETCH_INTERVAL_SECONDS;
    assert!(issuer.fetches() as u64 <= most, "{} fetches, at most {most} are allowed", issuer.fetches());
}

#[tokio::test]
async fn guests_can_play_while_the_issuer_is_down() {
    let key = Key::new("one");
    let issuer = Issuer::start_down(&[&key]).await;
    let server = issuer.start_server().await;
    let token = key.token(&issuer, "staff");
    let response = server.request(Method::GET, "/v1/accounts/mine", Some(&token), None).await;
    assert!(response.headers().contains_key("retry-after"));
    let (status_code, problem) = read_problem(response).await;
    assert_eq!((status_code, problem.code), (StatusCode::SERVICE_UNAVAILABLE, ProblemCode::Busy));
    let identity = server.request(Method::GET, "/v1/identity", None, None).await;
    assert_eq!(identity.status(), StatusCode::SERVICE_UNAVAILABLE);
    let guest = server.ticket("Guest").await;
    assert_eq!(status(&server, &guest.player_token).await, StatusCode::OK);

    issuer.go_up();
    wait_for_status(&server, &token, StatusCode::OK).await;
    server.get::<IdentityView>("/v1/identity").await;
}

#[tokio::test]
async fn discovery_document_of_another_issuer_is_refused() {
    let key = Key::new("one");
    let other = Issuer::start(&[&key]).await;
    let discovery = format!("{}/.well-known/openid-configuration", other.url());
    let settings = ["--oidc-issuer", "https://id.example", "--oidc-client", "aliens", "--oidc-discovery", &discovery];
    let server = TestServer::start(&settings).await;
    assert_eq!(status(&server, &key.token(&other, "staff")).await, StatusCode::SERVICE_UNAVAILABLE);
}
