//! A bot's side of the public API.

use std::time::Duration;

use reqwest::{Method, RequestBuilder, Response};
use serde::{Serialize, de::DeserializeOwned};
use shared::{
    api::{Ack, Clock, Join, NewGame, Problem, ProblemCode, Seated, SessionView, Ticket},
    clock::{ClockSample, clock_offset},
    event::Batch,
    nickname::Nickname,
    session::{JoinCode, SessionId},
};

use crate::clock;

/// A connection is given up that is idle for so long: the server closes it after ten seconds.
const IDLE: Duration = Duration::from_secs(5);
/// A request may take this long.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why a call did not do it.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The server has said no.
    #[error("{}", .0.detail)]
    Refused(Problem),
    /// It has said something that we do not understand.
    #[error("an answer of {0} that makes no sense")]
    Senseless(reqwest::StatusCode),
    /// There was no answer in time.
    #[error("{}", if .0.is_timeout() { "no answer in time" } else { "no connection" })]
    Unanswered(#[from] reqwest::Error),
}

impl CallError {
    /// Which rule it is that says no, if it is one.
    pub fn code(&self) -> Option<ProblemCode> {
        match self {
            CallError::Refused(problem) => Some(problem.code),
            CallError::Senseless(_) | CallError::Unanswered(_) => None,
        }
    }
}

/// Talks to the server in one bot's name.
pub struct Caller {
    client: reqwest::Client,
    url: String,
    nickname: Nickname,
    session: Option<SessionId>,
    player_token: Option<String>,
}

/// The session of a code.
///
/// # Errors
/// Where there is none, or no server.
pub async fn session_of(url: &str, code: &JoinCode) -> Result<SessionId, CallError> {
    let request = reqwest::Client::new().get(format!("{url}/v1/codes/{code}")).timeout(PATIENCE);
    Ok(answer::<SessionView>(request).await?.session)
}

impl Caller {
    /// A bot that plays at `url`, in a session or in open play.
    pub fn new(url: String, nickname: Nickname, session: Option<SessionId>) -> Caller {
        let client = reqwest::Client::builder().pool_idle_timeout(IDLE).build().unwrap_or_default();
        Caller { client, url, nickname, session, player_token: None }
    }

    /// Takes a seat in the session, if it plays in one and has none.
    pub async fn join(&mut self) -> Result<(), CallError> {
        if let (Some(session), None) = (self.session, &self.player_token) {
            let request = Join { nickname: self.nickname.clone() };
            let seated: Seated = self.post(&format!("/v1/sessions/{session}/seats"), None, &request).await?;
            self.player_token = seated.player_token;
        }
        Ok(())
    }

    /// Opens a game.
    pub async fn open(&mut self) -> Result<Ticket, CallError> {
        let request =
            NewGame { nickname: self.nickname.clone(), session: self.session, player_token: self.player_token.clone() };
        let ticket: Ticket = self.post("/v1/games", None, &request).await?;
        self.player_token = Some(ticket.player_token.clone());
        Ok(ticket)
    }

    /// Waits for the game's beginning, which a common start puts off.
    pub async fn until_begin(&self, ticket: &Ticket) {
        let own = || clock::now().0 as f64;
        let asked = own();
        if let Ok(Clock { now }) = answer(self.request(Method::GET, "/v1/clock")).await {
            let ahead =
                clock_offset(&[ClockSample { sent_at: asked, server: now, received_at: own() }]).unwrap_or_default();
            let left = ticket.started_at.0 as f64 - own() - ahead;
            tokio::time::sleep(Duration::from_millis(left.max(0.0) as u64)).await;
        }
    }

    /// Says that this bot is there, which holds its seat.
    pub async fn heartbeat(&self) {
        if let (Some(session), Some(token)) = (self.session, &self.player_token) {
            let request = self.request(Method::PUT, &format!("/v1/sessions/{session}/seats/mine"));
            // A seat that is lost shows at the next ticket.
            let _ = request.bearer_auth(token).send().await;
        }
    }

    /// Sends events of a game.
    pub async fn send(&self, ticket: &Ticket, batch: &Batch) -> Result<Ack, CallError> {
        self.post(&format!("/v1/games/{}/events", ticket.game), Some(&ticket.game_token), batch).await
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url)).timeout(PATIENCE)
    }

    async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        token: Option<&str>,
        body: &impl Serialize,
    ) -> Result<T, CallError> {
        let request = self.request(Method::POST, path).json(body);
        answer(token.into_iter().fold(request, RequestBuilder::bearer_auth)).await
    }
}

async fn answer<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, CallError> {
    let answer: Response = request.send().await?;
    let status = answer.status();
    let bytes = answer.bytes().await?;
    if status.is_success() {
        return serde_json::from_slice(&bytes).map_err(|_| CallError::Senseless(status));
    }
    Err(serde_json::from_slice(&bytes).map_or(CallError::Senseless(status), CallError::Refused))
}
