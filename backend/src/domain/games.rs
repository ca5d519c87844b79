//! Games as players and managers read them: one game, its replay, a player's games, a session's games.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::Arc,
};

use shared::{
    api::{GameFigures, GameReplay, GameView, PlayerGames, SessionGames},
    hands::HandFigures,
    ids::{GameId, PlayerId},
    record::TicketIssued,
    replay::{ButtonLog, Replay},
    session::SessionId,
};

use super::{
    game_figures,
    replay_access::{LogSecrecy, ReadablePart, ReplayReader, ReplayToken, Withheld, readable_part},
};
use crate::{
    clock::Clock,
    engine::{
        registry::{Registry, RegistryError, Session},
        store::{GameRow, Store, StoreError},
    },
};

/// The most games in one page.
const MAX_GAMES: usize = 100;

/// Why a game cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum GameError {
    /// The store has no such game. The processor creates a game shortly after its ticket is issued.
    #[error("there is no game {0}")]
    Unknown(GameId),
    /// The game has other rules than this server.
    #[error(
        "this server cannot replay game {game}, because it was played by rules version {rules_version}; its result stays"
    )]
    NotReplayable {
        /// The game.
        game: GameId,
        /// The version of its rules.
        rules_version: u16,
    },
    /// The replay is secret.
    #[error(transparent)]
    Withheld(#[from] Withheld),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The game's session cannot be read.
    #[error(transparent)]
    Registry(#[from] RegistryError),
}

/// Reads games from the store.
pub struct Games {
    store: Arc<dyn Store>,
    registry: Arc<dyn Registry>,
    /// The delay of replays for the public, in seconds.
    replay_delay: u16,
    clock: Clock,
}

impl Games {
    /// Creates a reader of the games in `store`, whose sessions are in `registry`. `replay_delay` is the delay of replays
    /// for the public, in seconds.
    pub fn new(store: Arc<dyn Store>, registry: Arc<dyn Registry>, replay_delay: u16, clock: Clock) -> Games {
        Games { store, registry, replay_delay, clock }
    }

    /// Returns a game as far as it has been processed, as the public sees it.
    ///
    /// # Errors
    /// If there is no such game, or an engine fails.
    pub async fn view(&self, game: GameId) -> Result<GameView, GameError> {
        let row = self.row(game).await?;
        let session = self.session(row.ticket.session).await?;
        Ok(self.public_view(&row, session.as_ref()))
    }

    /// Returns the replay of a game as far as the caller may read it, and as it has been processed.
    ///
    /// # Errors
    /// If there is no such game, it has other rules, the caller may read nothing of it, or an engine fails.
    pub async fn replay(&self, game: GameId, token: Option<ReplayToken>) -> Result<GameReplay, GameError> {
        let row = self.row(game).await?;
        if row.recorded.is_some() {
            return Err(GameError::NotReplayable { game, rules_version: row.ticket.rules_version });
        }
        let session = self.session(row.ticket.session).await?;
        let (reader, now) = (ReplayReader::new(token, &row.ticket), self.clock.now());
        let secrecy = LogSecrecy::of(&row.ticket, session.as_ref(), now);
        let part = readable_part(reader, &row, secrecy, now, self.replay_delay)?;
        let mut log = self.store.buttons(game).await?;
        let delay_seconds = match part {
            ReadablePart::Whole => 0,
            ReadablePart::Delayed { end, seconds } => {
                log.truncate(end.0);
                seconds
            }
        };
        Ok(GameReplay { replay: replay_of(row, log), delay_seconds })
    }

    /// Returns how a game was played, with marks where no hand plays so, and the last decision of a manager about it.
    ///
    /// # Errors
    /// If there is no such game, or the store fails.
    pub async fn figures(&self, game: GameId) -> Result<GameFigures, GameError> {
        let row = self.row(game).await?;
        let games = self.store.player_games(row.ticket.player, usize::MAX).await?;
        let hand = match row.recorded {
            Some(_) => None,
            None => Some(HandFigures::of(&replay_of(row.clone(), self.store.buttons(game).await?))),
        };
        Ok(game_figures::of(&row, &games, hand))
    }

    /// Returns the newest 100 games of a player, newest first, as the public sees them.
    ///
    /// # Errors
    /// If an engine fails.
    pub async fn of_player(&self, player: PlayerId) -> Result<PlayerGames, GameError> {
        let rows = self.store.player_games(player, MAX_GAMES).await?;
        let mut sessions = HashMap::new();
        for row in &rows {
            if let Entry::Vacant(entry) = sessions.entry(row.ticket.session) {
                entry.insert(self.session(row.ticket.session).await?);
            }
        }
        let session_of = |row: &GameRow| sessions.get(&row.ticket.session).and_then(Option::as_ref);
        Ok(PlayerGames { games: rows.iter().map(|row| self.public_view(row, session_of(row))).collect() })
    }

    /// Returns up to 100 games of a session, newest first, after the first `skip`, as managers see them.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn of_session(&self, session: SessionId, skip: u32) -> Result<SessionGames, StoreError> {
        let rows = self.store.session_games(session, skip as usize, MAX_GAMES).await?;
        let next = (rows.len() == MAX_GAMES).then_some(skip + MAX_GAMES as u32);
        Ok(SessionGames { games: rows.iter().map(GameRow::view).collect(), next })
    }

    /// Returns all games of a session, newest first, as managers see them.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn all_of_session(&self, session: SessionId) -> Result<Vec<GameView>, StoreError> {
        let rows = self.store.session_games(session, 0, usize::MAX).await?;
        Ok(rows.iter().map(GameRow::view).collect())
    }

    async fn row(&self, game: GameId) -> Result<GameRow, GameError> {
        self.store.game(game).await?.ok_or(GameError::Unknown(game))
    }

    /// A game's session; `None` for open play.
    async fn session(&self, session: SessionId) -> Result<Option<Session>, RegistryError> {
        match session {
            SessionId::OPEN_PLAY => Ok(None),
            session => Ok(self.registry.session(session).await?.map(|(session, _)| session)),
        }
    }

    fn public_view(&self, row: &GameRow, session: Option<&Session>) -> GameView {
        let view = row.view();
        match LogSecrecy::of(&row.ticket, session, self.clock.now()).hides_hash() {
            true => GameView { hash: None, ..view },
            false => view,
        }
    }
}

fn replay_of(row: GameRow, log: ButtonLog) -> Replay {
    let TicketIssued { rules_version, seed, tuning, .. } = row.ticket;
    Replay { rules_version, seed, tuning, log }
}
