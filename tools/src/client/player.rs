//! A player's client: a seat, tickets and events.

use reqwest::Method;
use shared::{
    api::{Ack, Clock, Join, NewGame, Seated, SessionView, Ticket},
    clock::ClockSample,
    event::Batch,
    ids::GameId,
    nickname::Nickname,
    rules::RULES_VERSION,
    session::{JoinCode, SessionId},
};

use super::{Api, RequestError};
use crate::clock::{self, ServerClock};

/// Sends one player's requests.
#[derive(Debug, Clone)]
pub struct PlayerClient {
    /// Sends the requests.
    pub api: Api,
    nickname: Nickname,
    session: Option<SessionId>,
    /// The player's token, once the player has a seat or a ticket.
    pub token: Option<String>,
}

/// The session with a join code.
///
/// # Errors
/// If there is no such session, or the server does not respond.
pub async fn find_session(api: &Api, code: &JoinCode) -> Result<SessionId, RequestError> {
    Ok(api.get::<SessionView>(&format!("/v1/codes/{code}"), None).await?.session)
}

impl PlayerClient {
    /// A client for a player of a session or of open play.
    pub fn new(api: Api, nickname: Nickname, session: Option<SessionId>) -> PlayerClient {
        PlayerClient { api, nickname, session, token: None }
    }

    /// Takes a seat in the session. Does nothing in open play, or with a seat.
    ///
    /// # Errors
    /// If the server refuses the seat or does not respond.
    pub async fn take_seat(&mut self) -> Result<(), RequestError> {
        if self.token.is_none() { self.take_seat_again().await } else { Ok(()) }
    }

    /// Takes a seat in the session, as the same player if the client has a token. Does nothing in open play.
    ///
    /// # Errors
    /// If the server refuses the seat or does not respond.
    pub async fn take_seat_again(&mut self) -> Result<(), RequestError> {
        if let Some(session) = self.session {
            let join = Join { nickname: self.nickname.clone() };
            let path = format!("/v1/sessions/{session}/seats");
            let seated: Seated = self.api.post(&path, self.token.as_deref(), &join).await?;
            self.token = seated.player_token;
        }
        Ok(())
    }

    /// Leaves the seat. Does nothing in open play.
    ///
    /// # Errors
    /// If the server refuses the request or does not respond.
    pub async fn leave_seat(&self) -> Result<(), RequestError> {
        self.send_about_seat(Method::DELETE).await
    }

    /// Sends a heartbeat of the seat, so that the player keeps it. Does nothing in open play.
    ///
    /// # Errors
    /// If the server refuses the request or does not respond.
    pub async fn send_heartbeat(&self) -> Result<(), RequestError> {
        self.send_about_seat(Method::PUT).await
    }

    async fn send_about_seat(&self, method: Method) -> Result<(), RequestError> {
        match (self.session, &self.token) {
            (Some(session), Some(token)) => {
                self.api.send(method, &format!("/v1/sessions/{session}/seats/mine"), Some(token)).await
            }
            _ => Ok(()),
        }
    }

    /// Starts a game.
    ///
    /// # Errors
    /// If the server refuses the ticket or does not respond.
    pub async fn start_game(&mut self) -> Result<Ticket, RequestError> {
        let new_game = NewGame {
            nickname: self.nickname.clone(),
            session: self.session,
            player_token: self.token.clone(),
            rules_version: Some(RULES_VERSION),
        };
        let ticket: Ticket = self.api.post("/v1/games", None, &new_game).await?;
        self.token = Some(ticket.player_token.clone());
        Ok(ticket)
    }

    /// Waits until the game starts by the server's clock. With a common start this is later than its ticket.
    pub async fn wait_for_start(&self, ticket: &Ticket) {
        if let Ok(clock) = self.server_clock(1).await {
            tokio::time::sleep(clock.time_until(ticket.started_at)).await;
        }
    }

    /// Estimates the server's clock from a number of samples.
    ///
    /// # Errors
    /// If the server does not respond.
    pub async fn server_clock(&self, samples: usize) -> Result<ServerClock, RequestError> {
        let local_time = || clock::now().0 as f64;
        let mut taken = Vec::new();
        for _ in 0..samples {
            let sent_at = local_time();
            let Clock { now } = self.api.get("/v1/clock", None).await?;
            taken.push(ClockSample { sent_at, server: now, received_at: local_time() });
        }
        Ok(ServerClock::new(&taken))
    }

    /// Sends events of a game.
    ///
    /// # Errors
    /// If the server refuses the events or does not respond.
    pub async fn send_events(&self, game: GameId, game_token: &str, batch: &Batch) -> Result<Ack, RequestError> {
        self.api.post(&events_path(game), Some(game_token), batch).await
    }
}

/// The path to which a game's events are posted.
pub fn events_path(game: GameId) -> String {
    format!("/v1/games/{game}/events")
}
