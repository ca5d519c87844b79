//! Finds games that copy another player's game of the same seed, and appends their marks to the stream.
//!
//! The fingerprints of all games of a session are in the store. A game is a copy if another player's game has a
//! fingerprint in common with it and was received earlier. That stays true whatever is processed later, so the order of
//! processing, and the number of processors, do not matter: of two games, the processor that notes its fingerprint last
//! finds both.
//!
//! A mark is a record, so that all processors agree, and a rebuild as well. The row of a shard lists the marks that its
//! processor has found, until the rows of the marked games have them. A processor that has read the whole shard appends
//! the marks that are still missing. A mark that was appended twice changes nothing.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use futures_util::{StreamExt, TryStreamExt, stream};
use shared::{
    ids::GameId,
    record::{GameMarked, Record},
    time::Timestamp,
};

use super::{ProcessError, game_update::GameUpdate};
use crate::{
    clock::Clock,
    engine::{
        store::{FingerprintHolder, GameFingerprint, Store, StoreError},
        stream::{Stream, StreamError},
    },
};

/// Fingerprints whose games are read at the same time.
const MAX_CONCURRENT_READS: usize = 32;

/// Marks by the marked game.
pub type Marks = BTreeMap<GameId, GameMarked>;

/// Finds and marks copies.
pub struct Copies {
    stream: Arc<dyn Stream>,
    store: Arc<dyn Store>,
    /// The games whose marks this processor has appended.
    appended: Mutex<BTreeSet<GameId>>,
    clock: Clock,
}

impl Copies {
    /// Finds copies in `store` and appends their marks to `stream`.
    pub fn new(stream: Arc<dyn Stream>, store: Arc<dyn Store>, clock: Clock) -> Copies {
        Copies { stream, store, appended: Mutex::default(), clock }
    }

    /// Notes the fingerprints of a batch of records. Returns the marks of a shard after the batch: those before it and
    /// those of the copies that the fingerprints show, without the marks that games already have. `updates` has the
    /// games of the batch.
    ///
    /// # Errors
    /// If the store fails. The same call can be repeated.
    pub async fn find(
        &self,
        mut marks: Marks,
        fingerprints: Vec<GameFingerprint>,
        updates: &BTreeMap<GameId, GameUpdate>,
    ) -> Result<Marks, StoreError> {
        if !fingerprints.is_empty() {
            self.store.note_fingerprints(fingerprints.clone()).await?;
        }
        let now = self.clock.now();
        let reads = fingerprints.into_iter().map(|noted| self.read_marks(noted, now));
        let found: Vec<Vec<GameMarked>> = stream::iter(reads).buffered(MAX_CONCURRENT_READS).try_collect().await?;
        for mark in found.into_iter().flatten() {
            marks.entry(mark.game).or_insert(mark);
        }
        self.without_marked(marks, updates).await
    }

    async fn read_marks(&self, noted: GameFingerprint, now: Timestamp) -> Result<Vec<GameMarked>, StoreError> {
        let holders = self.store.fingerprint_holders(noted.session, noted.fingerprint).await?;
        Ok(marks_of(&noted, &holders, now))
    }

    /// Appends the marks of a shard that are still missing. A stream that is only read keeps its records.
    ///
    /// # Errors
    /// If an engine fails. The same call can be repeated.
    pub async fn append(&self, marks: &Marks) -> Result<(), ProcessError> {
        for (game, mark) in self.without_marked(marks.clone(), &BTreeMap::new()).await? {
            if self.has_appended(game) {
                continue;
            }
            let GameMarked { copy_of, at, .. } = mark;
            match self.stream.append_record(&Record::GameMarked(Box::new(mark))).await {
                Ok(()) => {
                    tracing::warn!(%game, %copy_of, tick = at.0, "game held back: another player's game has the same play");
                    self.remember(game);
                }
                Err(StreamError::ReadOnly) => return Ok(()),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Returns the marks whose games are not marked. Rows are read from the store, because another processor may write
    /// them.
    async fn without_marked(&self, marks: Marks, updates: &BTreeMap<GameId, GameUpdate>) -> Result<Marks, StoreError> {
        let mut missing = Marks::new();
        for (game, mark) in marks {
            let copy = match updates.get(&game) {
                Some(update) => update.row.copy,
                None => self.store.game(game).await?.and_then(|row| row.copy),
            };
            if copy.is_none() {
                missing.insert(game, mark);
            }
        }
        Ok(missing)
    }

    fn has_appended(&self, game: GameId) -> bool {
        self.appended.lock().unwrap_or_else(PoisonError::into_inner).contains(&game)
    }

    fn remember(&self, game: GameId) {
        self.appended.lock().unwrap_or_else(PoisonError::into_inner).insert(game);
    }
}

/// The marks that follow from a new fingerprint: of its game, if another player's game came before, and of later games
/// of other players. `holders` has the games with this fingerprint, in ascending order.
fn marks_of(noted: &GameFingerprint, holders: &[FingerprintHolder], marked_at: Timestamp) -> Vec<GameMarked> {
    let later = holders.iter().filter(|holder| **holder > noted.holder);
    let marks = std::iter::once(&noted.holder).chain(later).filter_map(|copy| {
        let mut earlier = holders.iter().take_while(|holder| *holder < copy);
        let original = earlier.find(|holder| holder.player != copy.player)?;
        let at = noted.fingerprint.at;
        Some(GameMarked { game: copy.game, player: copy.player, copy_of: original.game, at, marked_at })
    });
    marks.collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use shared::{fingerprint::Fingerprint, ids::PlayerId, session::SessionId, time::Tick};

    use super::*;

    fn holder(received_at: u64, game: u64, player: u64) -> FingerprintHolder {
        FingerprintHolder { received_at: Timestamp(received_at), game: GameId(game), player: PlayerId(player) }
    }

    /// The copies that are found when games are processed in this order, each with its original.
    fn found(order: &[FingerprintHolder]) -> BTreeSet<(u64, u64)> {
        let mut holders = Vec::new();
        let mut found = BTreeSet::new();
        for next in order {
            holders.push(*next);
            holders.sort_unstable();
            let fingerprint = Fingerprint { at: Tick(300), hash: 1 };
            let noted = GameFingerprint { session: SessionId(1), fingerprint, holder: *next };
            let marks = marks_of(&noted, &holders, Timestamp(0));
            found.extend(marks.into_iter().map(|mark| (mark.game.0, mark.copy_of.0)));
        }
        found
    }

    #[test]
    fn the_game_that_was_received_later_is_the_copy_in_any_order_of_processing() {
        let (original, copy) = (holder(5_000, 9, 1), holder(6_000, 2, 2));
        assert_eq!(found(&[original, copy]), BTreeSet::from([(2, 9)]));
        assert_eq!(found(&[copy, original]), BTreeSet::from([(2, 9)]));
        // Of two that were received at the same time, the game with the smaller ID is the original.
        assert_eq!(found(&[original, holder(5_000, 2, 2)]), BTreeSet::from([(9, 2)]));
    }

    #[test]
    fn players_do_not_copy_themselves() {
        assert_eq!(found(&[holder(5_000, 1, 1), holder(6_000, 2, 1)]), BTreeSet::new());
    }

    proptest! {
        #[test]
        fn the_same_games_are_copies_in_any_order_of_processing(
            order in Just(vec![(1, 1), (2, 2), (3, 1), (4, 3), (5, 1)]).prop_shuffle()
        ) {
            let holders: Vec<FingerprintHolder> =
                order.iter().map(|(game, player)| holder(game * 1_000, *game, *player)).collect();
            let copies: BTreeSet<u64> = found(&holders).into_iter().map(|(game, _)| game).collect();
            prop_assert_eq!(copies, BTreeSet::from([2, 3, 4, 5]));
        }
    }
}
