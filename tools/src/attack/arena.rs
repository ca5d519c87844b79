//! The server that is attacked, with the session in which all strategies compete.

use std::time::{Duration, Instant};

use shared::{
    api::{GameView, ProblemCode, SessionView, Standings},
    ids::{GameId, Seq},
    nickname::NicknameError,
    session::{InvalidName, Plan, SessionId},
    time::TICKS_PER_SECOND,
    tuning::Tuning,
};

use super::{error::AttackError, forged_game::ForgedGame, strategy::Strategy};
use crate::client::{Api, ManagerClient, PlayerClient};

/// Maximum time of a request with its response.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);
/// How long acknowledged events may take until they are processed.
const PROCESSING_LIMIT: Duration = Duration::from_secs(60);
/// The time between two looks at a game that is not processed.
const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// The server that is attacked.
pub struct Arena {
    /// Creates and moves sessions, and reads games.
    pub manager: ManagerClient,
    url: String,
    /// The session in which all strategies compete that need no session of their own: a contest in real time.
    session: SessionId,
    seconds: u32,
    /// Seed of the adversaries' decisions.
    pub seed: u64,
    started: Instant,
}

impl Arena {
    /// Opens the common session. The attack lasts `seconds` seconds from now on.
    ///
    /// # Errors
    /// If the server refuses the session.
    pub async fn open(manager: ManagerClient, url: String, seconds: u32, seed: u64) -> Result<Arena, AttackError> {
        let plan = Plan { real_time: true, ..plan("Adversaries", Tuning::arcade())? };
        let session = manager.open_session(&plan).await?.session;
        Ok(Arena { manager, url, session, seconds, seed, started: Instant::now() })
    }

    /// A client with connections of its own.
    pub fn api(&self) -> Api {
        Api::new(self.url.clone(), REQUEST_TIMEOUT)
    }

    /// The URL of the server.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The common session.
    pub fn session(&self) -> SessionId {
        self.session
    }

    /// Opens a session that one strategy has for itself.
    ///
    /// # Errors
    /// If the server refuses the session.
    pub async fn open_session(&self, plan: &Plan) -> Result<SessionView, AttackError> {
        Ok(self.manager.open_session(plan).await?)
    }

    /// A player of a session, without a seat.
    ///
    /// # Errors
    /// If the nickname is not valid.
    pub fn player(&self, session: SessionId, strategy: Strategy) -> Result<PlayerClient, NicknameError> {
        Ok(PlayerClient::new(self.api(), strategy.name().parse()?, Some(session)))
    }

    /// A game of the common session.
    ///
    /// # Errors
    /// If the server refuses the seat or the ticket.
    pub async fn game(&self, strategy: Strategy) -> Result<ForgedGame, AttackError> {
        ForgedGame::start(self.player(self.session, strategy)?, self.session).await
    }

    /// A game once the server has processed the events below `next_seq`.
    ///
    /// # Errors
    /// If the server does not respond, or does not process them in time.
    pub async fn processed_game(&self, game: GameId, next_seq: Seq) -> Result<GameView, AttackError> {
        let started = Instant::now();
        while started.elapsed() < PROCESSING_LIMIT {
            match self.manager.game(game).await {
                Ok(view) if view.next_seq >= next_seq => return Ok(view),
                Ok(_) => {}
                // The processor has not read the ticket yet.
                Err(error) if error.code() == Some(ProblemCode::NotFound) => {}
                Err(error) => return Err(error.into()),
            }
            tokio::time::sleep(POLL_INTERVAL).await;
        }
        Err(AttackError::Control("the server did not process what it acknowledged"))
    }

    /// The standings of the common session, best first.
    ///
    /// # Errors
    /// If the server does not respond.
    pub async fn standings(&self) -> Result<Standings, AttackError> {
        Ok(self.api().get(&format!("/v1/standings?session={}&top=100", self.session), None).await?)
    }

    /// The ticks of a game that lasts as long as the attack.
    pub fn ticks(&self) -> u32 {
        self.seconds * TICKS_PER_SECOND
    }

    /// Waits until a part of the attack's time is over, percent.
    pub async fn wait_until(&self, percent: u32) {
        tokio::time::sleep_until((self.started + self.time(percent)).into()).await;
    }

    /// Whether a part of the attack's time is over, percent.
    pub fn is_past(&self, percent: u32) -> bool {
        self.started.elapsed() >= self.time(percent)
    }

    fn time(&self, percent: u32) -> Duration {
        Duration::from_secs(self.seconds.into()) * percent / 100
    }
}

/// A plan for a session with unlimited attempts.
///
/// # Errors
/// If the name is not valid.
pub fn plan(name: &str, tuning: Tuning) -> Result<Plan, InvalidName> {
    Ok(Plan { name: name.parse()?, tuning: Some(tuning), ..Plan::open_play() })
}
