//! A bot's client of the public API.

use std::time::Duration;

use reqwest::{Method, RequestBuilder};
use serde::{Serialize, de::DeserializeOwned};
use shared::{
    api::{Ack, Clock, Join, NewGame, Problem, ProblemCode, Seated, SessionView, Ticket},
    clock::{ClockSample, clock_offset},
    event::Batch,
    nickname::Nickname,
    rules::RULES_VERSION,
    session::{JoinCode, SessionId},
};

use crate::clock;

/// The client closes a connection that is idle for this long. The server closes it after ten seconds.
const IDLE_TIMEOUT: Duration = Duration::from_secs(5);
/// Maximum time of a request with its response.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(5);

/// Why a request failed.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// The server refused the request.
    #[error("{}", .0.detail)]
    Refused(Problem),
    /// The body of the response is not what the API describes.
    #[error("the response with status {0} is not in the format of the API; check that the URL is that of the server")]
    Format(reqwest::StatusCode),
    /// There was no response in time.
    #[error("{}", if .0.is_timeout() { "no response in time" } else { "no connection to the server" })]
    NoResponse(#[from] reqwest::Error),
}

impl RequestError {
    /// The code of the problem if the server refused the request.
    pub fn code(&self) -> Option<ProblemCode> {
        match self {
            RequestError::Refused(problem) => Some(problem.code),
            RequestError::Format(_) | RequestError::NoResponse(_) => None,
        }
    }
}

/// Sends one bot's requests.
pub struct ApiClient {
    client: reqwest::Client,
    url: String,
    nickname: Nickname,
    session: Option<SessionId>,
    player_token: Option<String>,
}

/// The session with a join code.
///
/// # Errors
/// If there is no such session, or the server does not respond.
pub async fn find_session(url: &str, code: &JoinCode) -> Result<SessionId, RequestError> {
    let request = reqwest::Client::new().get(format!("{url}/v1/codes/{code}")).timeout(REQUEST_TIMEOUT);
    Ok(send::<SessionView>(request).await?.session)
}

impl ApiClient {
    /// A client for a bot that plays on the server at `url`, in a session or in open play.
    pub fn new(url: String, nickname: Nickname, session: Option<SessionId>) -> ApiClient {
        let client = reqwest::Client::builder().pool_idle_timeout(IDLE_TIMEOUT).build().unwrap_or_default();
        ApiClient { client, url, nickname, session, player_token: None }
    }

    /// Takes a seat in the session. Does nothing in open play, or with a seat.
    pub async fn take_seat(&mut self) -> Result<(), RequestError> {
        if let (Some(session), None) = (self.session, &self.player_token) {
            let join = Join { nickname: self.nickname.clone() };
            let seated: Seated = self.post(&format!("/v1/sessions/{session}/seats"), None, &join).await?;
            self.player_token = seated.player_token;
        }
        Ok(())
    }

    /// Starts a game.
    pub async fn start_game(&mut self) -> Result<Ticket, RequestError> {
        let new_game = NewGame {
            nickname: self.nickname.clone(),
            session: self.session,
            player_token: self.player_token.clone(),
            rules_version: Some(RULES_VERSION),
        };
        let ticket: Ticket = self.post("/v1/games", None, &new_game).await?;
        self.player_token = Some(ticket.player_token.clone());
        Ok(ticket)
    }

    /// Waits until the game starts by the server's clock. With a common start this is later than its ticket.
    pub async fn wait_for_start(&self, ticket: &Ticket) {
        let local_time = || clock::now().0 as f64;
        let sent_at = local_time();
        if let Ok(Clock { now }) = send(self.request(Method::GET, "/v1/clock")).await {
            let sample = ClockSample { sent_at, server: now, received_at: local_time() };
            let offset = clock_offset(&[sample]).unwrap_or_default();
            let left = ticket.started_at.0 as f64 - local_time() - offset;
            tokio::time::sleep(Duration::from_millis(left.max(0.0) as u64)).await;
        }
    }

    /// Sends a heartbeat of the seat, so that the bot keeps it.
    pub async fn send_heartbeat(&self) {
        if let (Some(session), Some(token)) = (self.session, &self.player_token) {
            let request = self.request(Method::PUT, &format!("/v1/sessions/{session}/seats/mine"));
            // The next request for a ticket reports a lost seat.
            let _ = request.bearer_auth(token).send().await;
        }
    }

    /// Sends events of a game.
    pub async fn send_events(&self, ticket: &Ticket, batch: &Batch) -> Result<Ack, RequestError> {
        self.post(&format!("/v1/games/{}/events", ticket.game), Some(&ticket.game_token), batch).await
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url)).timeout(REQUEST_TIMEOUT)
    }

    async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        token: Option<&str>,
        body: &impl Serialize,
    ) -> Result<T, RequestError> {
        let request = self.request(Method::POST, path).json(body);
        send(token.into_iter().fold(request, RequestBuilder::bearer_auth)).await
    }
}

/// Sends a request and reads the response.
async fn send<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, RequestError> {
    let response = request.send().await?;
    let status = response.status();
    let bytes = response.bytes().await?;
    if status.is_success() {
        return serde_json::from_slice(&bytes).map_err(|_| RequestError::Format(status));
    }
    Err(serde_json::from_slice(&bytes).map_or(RequestError::Format(status), RequestError::Refused))
}
