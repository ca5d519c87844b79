//! Reads rows of games and players from the store, and caches those of games, so that a live game is not read again for every batch of its events.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use futures_util::{StreamExt, TryStreamExt, stream};
use quick_cache::sync::Cache;
use shared::{ids::GameId, replay::ButtonLog, session::Participant};

use super::game_update::GameUpdate;
use crate::engine::store::{GameRow, PlayerRow, Store, StoreError};

/// Rows in the cache.
const MAX_CACHED_ROWS: usize = 10_000;
/// Rows read at the same time.
const MAX_CONCURRENT_READS: usize = 32;

/// The rows of games, cached.
pub struct GameRows {
    store: Arc<dyn Store>,
    cache: Cache<GameId, GameRow>,
    /// Games of other rules are not replayed.
    rules_version: u16,
}

impl GameRows {
    /// Creates an empty cache over `store`, for a processor with these rules.
    pub fn new(store: Arc<dyn Store>, rules_version: u16) -> GameRows {
        GameRows { store, cache: Cache::new(MAX_CACHED_ROWS), rules_version }
    }

    /// The version of the rules of the games that are replayed.
    pub fn rules_version(&self) -> u16 {
        self.rules_version
    }

    /// Reads games, many at the same time. Games without a row are missing from the result.
    pub async fn read_all(
        &self,
        games: impl IntoIterator<Item = GameId>,
    ) -> Result<BTreeMap<GameId, GameUpdate>, StoreError> {
        let reads = games.into_iter().map(|game| self.read(game));
        let found: Vec<_> = stream::iter(reads).buffer_unordered(MAX_CONCURRENT_READS).try_collect().await?;
        Ok(found.into_iter().flatten().map(|update| (update.row.ticket.game, update)).collect())
    }

    async fn read(&self, game: GameId) -> Result<Option<GameUpdate>, StoreError> {
        if let Some(row) = self.cache.get(&game) {
            return Ok(Some(GameUpdate::from_row(row, true)));
        }
        self.read_uncached(game).await
    }

    /// Reads a game from the store, even if it is cached.
    pub async fn read_uncached(&self, game: GameId) -> Result<Option<GameUpdate>, StoreError> {
        self.cache.remove(&game);
        Ok(self.store.game(game).await?.map(|row| GameUpdate::from_row(row.for_rules(self.rules_version), false)))
    }

    /// Reads the rows of players. They are not cached: another game of the player may have changed them.
    pub async fn read_players(
        &self,
        participants: BTreeSet<Participant>,
    ) -> Result<Vec<(Participant, PlayerRow)>, StoreError> {
        self.store.players_of(participants.into_iter().collect()).await
    }

    /// Reads all buttons of a game, including those of its pending update.
    pub async fn buttons(&self, update: &GameUpdate) -> Result<ButtonLog, StoreError> {
        let mut log = self.store.buttons(update.row.ticket.game).await?;
        update.append_played(&mut log);
        Ok(log)
    }

    /// Caches a row as it was stored.
    pub fn insert(&self, row: GameRow) {
        self.cache.insert(row.ticket.game, row);
    }

    /// Empties the cache.
    pub fn clear(&self) {
        self.cache.clear();
    }
}
