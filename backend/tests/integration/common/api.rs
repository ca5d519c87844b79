//! A client of the API, with the requests that tests need.

use std::time::Duration;

use reqwest::{Client, Method, Response, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use shared::{
    api::{
        Ack, FlowView, GameReplay, GameView, NewGame, Problem, SeatView, Seated, Seats, SessionView, Standings, Ticket,
        Tokens, ViewerToken,
    },
    event::{Batch, Event},
    ids::{GameId, PlayerId, Seq},
    rules::RULES_VERSION,
    session::{Admission, SessionId},
};

use super::{
    eventually,
    games::{batch, wait_for_tick},
};

/// The first manager's password.
pub const MANAGER_PASSWORD: &str = "a manager's password";
/// The password of every account that [`Api::register`] creates.
pub const PLAYER_PASSWORD: &str = "a player's password";

/// A client for one server.
pub struct Api {
    pub url: String,
    pub client: Client,
}

impl Api {
    /// A client for the server at `url`. It closes idle connections before the server does, because a request on a
    /// connection that the server closes at the same moment fails.
    pub fn new(url: String) -> Api {
        Api { url, client: Client::builder().pool_idle_timeout(Duration::from_secs(5)).build().unwrap() }
    }

    /// `HOST:PORT` of the server.
    pub fn authority(&self) -> &str {
        self.url.strip_prefix("http://").unwrap()
    }

    /// Sends a request and returns the response, whatever its status.
    pub async fn request(&self, method: Method, path: &str, token: Option<&str>, body: Option<&Value>) -> Response {
        let mut request = self.client.request(method, format!("{}{path}", self.url));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        request.send().await.unwrap()
    }

    /// Sends a request that must succeed, and returns the body of the response.
    pub async fn call<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        token: Option<&str>,
        body: Option<&Value>,
    ) -> T {
        let response = self.request(method.clone(), path, token, body).await;
        let status = response.status();
        let text = response.text().await.unwrap();
        assert!(status.is_success(), "{method} {path}: {status} {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// Reads a public resource.
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> T {
        self.call(Method::GET, path, None, None).await
    }

    /// Reads a public resource as text.
    pub async fn get_text(&self, path: &str) -> String {
        self.request(Method::GET, path, None, None).await.error_for_status().unwrap().text().await.unwrap()
    }

    /// A ticket for a game of open play, for a new player.
    pub async fn ticket(&self, nickname: &str) -> Ticket {
        self.ticket_of(nickname, None).await
    }

    /// A ticket for a game of open play, for the player with this token.
    pub async fn ticket_of(&self, nickname: &str, player_token: Option<String>) -> Ticket {
        let nickname = nickname.parse().unwrap();
        let request = NewGame { nickname, session: None, player_token, rules_version: Some(RULES_VERSION) };
        let response = self.client.post(format!("{}/v1/games", self.url)).json(&request).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::CREATED);
        response.json().await.unwrap()
    }

    /// Sends a batch of the ticket's game.
    pub async fn send(&self, ticket: &Ticket, batch: &Batch) -> Response {
        let address = format!("{}/v1/games/{}/events", self.url, ticket.game);
        self.client.post(address).bearer_auth(&ticket.game_token).json(batch).send().await.unwrap()
    }

    /// Sends events that the server must acknowledge, as soon as their ticks are due. Stores the token for the next events
    /// in the ticket.
    pub async fn send_ok(&self, ticket: &mut Ticket, first_seq: u32, events: Vec<Event>) -> Ack {
        let batch = batch(first_seq, events);
        if batch.has_ticks() {
            wait_for_tick(ticket, batch.last_tick()).await;
        }
        let response = self.send(ticket, &batch).await;
        assert_eq!(response.status(), StatusCode::OK);
        let ack: Ack = response.json().await.unwrap();
        ticket.game_token.clone_from(&ack.game_token);
        ack
    }

    /// Waits until the game satisfies `condition`, and returns it.
    pub async fn game_when(&self, ticket: &Ticket, condition: impl Fn(&GameView) -> bool) -> GameView {
        let path = format!("/v1/games/{}", ticket.game);
        eventually(&format!("game {} reaches a state", ticket.game), async || {
            let response = self.request(Method::GET, &path, None, None).await;
            // The game is unknown until the processor has processed its ticket.
            if response.status() == StatusCode::NOT_FOUND {
                return Err("the game is unknown".to_owned());
            }
            let view: GameView = response.error_for_status().unwrap().json().await.unwrap();
            if condition(&view) { Ok(view) } else { Err(format!("{view:?}")) }
        })
        .await
    }

    /// Waits until the processor has processed `events` events of the game, and returns the game.
    pub async fn processed_game(&self, ticket: &Ticket, events: u32) -> GameView {
        self.game_when(ticket, |view| view.next_seq >= Seq(events)).await
    }

    /// The replay of a game, as far as the holder of the token may read it.
    pub async fn replay(&self, game: GameId, token: Option<&str>) -> GameReplay {
        self.call(Method::GET, &format!("/v1/games/{game}/replay"), token, None).await
    }

    /// A viewer token of a session.
    pub async fn viewer_token(&self, manager: &Tokens, session: SessionId) -> String {
        let path = format!("/v1/sessions/{session}/viewer-tokens");
        let issued: ViewerToken = self.call(Method::POST, &path, Some(&manager.access_token), None).await;
        issued.viewer_token
    }

    /// Signs in the first manager.
    pub async fn sign_in_manager(&self) -> Tokens {
        let body = json!({"name": "manager", "password": MANAGER_PASSWORD});
        self.call(Method::POST, "/v1/tokens", None, Some(&body)).await
    }

    /// Creates an account.
    pub async fn register(&self, nickname: &str) -> Tokens {
        let body = json!({"nickname": nickname, "password": PLAYER_PASSWORD});
        self.call(Method::POST, "/v1/accounts", None, Some(&body)).await
    }

    /// Creates a session.
    pub async fn create_session(&self, manager: &Tokens, plan: Value) -> SessionView {
        self.call(Method::POST, "/v1/sessions", Some(&manager.access_token), Some(&plan)).await
    }

    /// Creates a session and opens it.
    pub async fn open_session(&self, manager: &Tokens, plan: Value) -> SessionView {
        let session = self.create_session(manager, plan).await;
        self.move_session(manager, &session, json!({"move": "open"})).await
    }

    /// Moves a session to another stage, and returns it.
    pub async fn move_session(&self, manager: &Tokens, session: &SessionView, wanted: Value) -> SessionView {
        let path = format!("/v1/sessions/{}/moves", session.session);
        self.call(Method::POST, &path, Some(&manager.access_token), Some(&wanted)).await
    }

    /// Asks for a seat in a session.
    pub async fn join(&self, session: &SessionView, token: Option<&str>, nickname: &str) -> Response {
        let path = format!("/v1/sessions/{}/seats", session.session);
        self.request(Method::POST, &path, token, Some(&json!({"nickname": nickname}))).await
    }

    /// Seats a new guest in a session.
    pub async fn seat_guest(&self, session: &SessionView, nickname: &str) -> Seated {
        let response = self.join(session, None, nickname).await;
        assert_eq!(response.status(), StatusCode::OK, "{nickname}");
        response.json().await.unwrap()
    }

    /// Sends a heartbeat of a seat.
    pub async fn heartbeat(&self, session: &SessionView, token: Option<&str>) -> Response {
        let path = format!("/v1/sessions/{}/seats/mine", session.session);
        self.request(Method::PUT, &path, token, None).await
    }

    /// Lets a manager approve, rename, remove or readmit a player.
    pub async fn moderate(&self, manager: &Tokens, session: &SessionView, player: PlayerId, change: Value) {
        let path = format!("/v1/sessions/{}/seats/{player}", session.session);
        let response = self.request(Method::PATCH, &path, Some(&manager.access_token), Some(&change)).await;
        assert_eq!(response.status(), StatusCode::NO_CONTENT, "{change}");
    }

    /// Changes which new players can join a session, and returns it.
    pub async fn set_admission(&self, manager: &Tokens, session: &SessionView, admission: Admission) -> SessionView {
        let path = format!("/v1/sessions/{}/admission", session.session);
        let body = json!({"admission": admission});
        self.call(Method::PUT, &path, Some(&manager.access_token), Some(&body)).await
    }

    /// Every player who ever had a seat in a session or waits for one.
    pub async fn seats(&self, manager: &Tokens, session: &SessionView) -> Vec<SeatView> {
        let path = format!("/v1/sessions/{}/seats", session.session);
        self.call::<Seats>(Method::GET, &path, Some(&manager.access_token), None).await.seats
    }

    /// Asks for a ticket for a game of a session.
    pub async fn request_session_ticket(&self, session: &SessionView, token: &str) -> Response {
        // The nickname of the seat counts.
        let body = json!({"nickname": "Ignored", "session": session.session});
        self.request(Method::POST, "/v1/games", Some(token), Some(&body)).await
    }

    /// A ticket for a game of a session.
    pub async fn session_ticket(&self, session: &SessionView, token: &str) -> Ticket {
        let response = self.request_session_ticket(session, token).await;
        assert_eq!(response.status(), StatusCode::CREATED);
        response.json().await.unwrap()
    }

    /// How many events were processed, as the manager's page shows it.
    pub async fn event_flow(&self, manager: &Tokens) -> FlowView {
        self.call(Method::GET, "/v1/flow", Some(&manager.access_token), None).await
    }

    /// Waits until at least `events` events were processed, and returns the flow of events.
    pub async fn event_flow_after(&self, manager: &Tokens, events: u64) -> FlowView {
        eventually(&format!("{events} events are processed"), async || {
            let flow = self.event_flow(manager).await;
            if flow.events >= events { Ok(flow) } else { Err(format!("{flow:?}")) }
        })
        .await
    }

    /// The number of dead letters.
    pub async fn dead_letter_count(&self) -> u64 {
        self.event_flow(&self.sign_in_manager().await).await.dead_letters
    }

    /// The first 100 standings of open play.
    pub async fn standings(&self) -> Standings {
        self.get("/v1/standings?top=100").await
    }
}

/// The problem that a response reports, with the status.
pub async fn read_problem(response: Response) -> (StatusCode, Problem) {
    let status = response.status();
    assert_eq!(response.headers()["content-type"], "application/problem+json", "{status}");
    (status, response.json().await.unwrap())
}
