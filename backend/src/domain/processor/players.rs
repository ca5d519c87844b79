//! Computes the player rows that a batch of records changes.

use std::collections::BTreeMap;

use shared::{ids::GameId, record::ModerationAction, session::Participant};

use super::{
    best_result::{self, BestResult},
    game_update::GameUpdate,
};
use crate::engine::store::{GameRow, PlayerChange, PlayerRow, Store, StoreError};

/// Returns the changes of all players whose games were touched or who were moderated. `rows` has their rows before.
///
/// Every batch that touches a player's game increments the player row's version, even if the standing is unchanged. The
/// version makes a concurrent, outdated computation fail.
///
/// # Errors
/// If the store fails.
pub async fn player_changes(
    store: &dyn Store,
    updates: &BTreeMap<GameId, GameUpdate>,
    mut rows: BTreeMap<Participant, PlayerRow>,
    moderation_actions: Vec<ModerationAction>,
) -> Result<Vec<PlayerChange>, StoreError> {
    for action in moderation_actions {
        let participant = action.participant();
        let row = rows.entry(participant).or_default();
        if row.moderate(action) {
            row.set_best(best_result::best_of(games_of(store, participant, updates).await?));
        }
    }
    for update in updates.values() {
        let participant = update.row.ticket.participant();
        let row = rows.entry(participant).or_default();
        row.note_game(&update.row.ticket);
        match best_result::after_change(row.standing.as_ref(), &update.row) {
            BestResult::Unchanged => {}
            BestResult::ChangedGame => row.set_best(Some(update.row.standing())),
            BestResult::CompareAll => {
                row.set_best(best_result::best_of(games_of(store, participant, updates).await?));
            }
        }
    }
    let next_version = |(participant, row): (Participant, PlayerRow)| PlayerChange {
        participant,
        row: PlayerRow { version: row.version + 1, ..row },
    };
    Ok(rows.into_iter().map(next_version).collect())
}

/// Returns all games of a player in a session, with the pending updates applied.
async fn games_of(
    store: &dyn Store,
    participant: Participant,
    updates: &BTreeMap<GameId, GameUpdate>,
) -> Result<Vec<GameRow>, StoreError> {
    let stored = store.player_games(participant.player, usize::MAX).await?;
    let untouched = stored.into_iter().filter(|row| !updates.contains_key(&row.ticket.game));
    let updated = updates.values().map(|update| update.row.clone());
    Ok(untouched.chain(updated).filter(|row| row.ticket.participant() == participant).collect())
}
