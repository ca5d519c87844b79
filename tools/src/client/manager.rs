//! A manager's client: sessions, games and standings.

use clap::Args;
use reqwest::StatusCode;
use serde::{Serialize, de::DeserializeOwned};
use shared::{
    account::{AccountName, Password},
    api::{GameFigures, GameView, Ranked, SessionView, SignIn, Standings, Tokens},
    ids::{GameId, PlayerId},
    session::{Move, Plan, SessionId},
};

use super::{Api, RequestError};

/// The account of a manager.
#[derive(Debug, Clone, Args)]
pub struct SignInOptions {
    /// Account name of a manager
    #[arg(long, value_name = "NAME", default_value = "manager")]
    pub manager: AccountName,
    /// Password of that manager
    #[arg(long, value_name = "PASSWORD", env = "ALIEN_MANAGER_PASSWORD", hide_env_values = true)]
    pub manager_password: Password,
}

/// Sends a manager's requests.
#[derive(Debug, Clone)]
pub struct ManagerClient {
    api: Api,
    token: String,
}

impl ManagerClient {
    /// Signs in. The access token lasts for 15 minutes.
    ///
    /// # Errors
    /// If name or password are wrong, or the server does not respond.
    pub async fn sign_in(api: Api, options: &SignInOptions) -> Result<ManagerClient, RequestError> {
        let sign_in = SignIn { name: options.manager.clone(), password: options.manager_password.clone() };
        let tokens: Tokens = api.post("/v1/tokens", None, &sign_in).await?;
        Ok(ManagerClient { api, token: tokens.access_token })
    }

    /// Creates a session and opens it.
    ///
    /// # Errors
    /// If the server refuses the plan or does not respond.
    pub async fn open_session(&self, plan: &Plan) -> Result<SessionView, RequestError> {
        let session: SessionView = self.post("/v1/sessions", plan).await?;
        self.move_session(session.session, Move::Open).await
    }

    /// Moves a session to another stage.
    ///
    /// # Errors
    /// If the session's stage does not allow the move, or the server does not respond.
    pub async fn move_session(&self, session: SessionId, requested: Move) -> Result<SessionView, RequestError> {
        self.post(&format!("/v1/sessions/{session}/moves"), &requested).await
    }

    /// A game as far as it has been processed, as the public sees it.
    ///
    /// # Errors
    /// If there is no such game, or the server does not respond.
    pub async fn game(&self, game: GameId) -> Result<GameView, RequestError> {
        self.api.get(&format!("/v1/games/{game}"), None).await
    }

    /// How a game was played.
    ///
    /// # Errors
    /// If there is no such game, or the server does not respond.
    pub async fn figures(&self, game: GameId) -> Result<GameFigures, RequestError> {
        self.api.get(&format!("/v1/games/{game}/figures"), Some(&self.token)).await
    }

    /// A player's standing in a session. `None` if the player has none.
    ///
    /// # Errors
    /// If the server does not respond.
    pub async fn standing(&self, session: SessionId, player: PlayerId) -> Result<Option<Ranked>, RequestError> {
        let path = format!("/v1/standings?session={session}&around={player}");
        match self.api.get::<Standings>(&path, None).await {
            Ok(around) => Ok(around.standings.into_iter().find(|ranked| ranked.standing.player == player)),
            Err(RequestError::Refused(refusal)) if refusal.status == StatusCode::NOT_FOUND => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, RequestError> {
        self.api.post(path, Some(&self.token), body).await
    }
}
