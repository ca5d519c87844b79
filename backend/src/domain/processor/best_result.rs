//! Finds a player's best result: the standing is the best single game of all that rank.

use std::cmp::Reverse;

use shared::{
    ids::GameId,
    standing::{GameResult, Standing},
    time::Timestamp,
};

use crate::engine::store::GameRow;

/// How a changed game affects its player's standing.
#[derive(Debug, PartialEq, Eq)]
pub enum BestResult {
    /// The changed game is the best.
    ChangedGame,
    /// The standing stays.
    Unchanged,
    /// The changed game was the best and got worse, so all games must be compared.
    CompareAll,
}

/// The rank of a game among those of its player.
type Key = (GameResult, Reverse<Timestamp>, Reverse<GameId>);

/// Orders results. Of equal results, the one that was reached first is better. The game ID is last, so that the order of
/// processing does not matter.
fn key(result: GameResult, reached_at: Timestamp, game: GameId) -> Key {
    (result, Reverse(reached_at), Reverse(game))
}

fn row_key(row: &GameRow) -> Key {
    key(row.counted.result, row.counted.reached_at, row.ticket.game)
}

/// Compares a changed game with the player's current standing.
pub fn after_change(current: Option<&Standing>, row: &GameRow) -> BestResult {
    let changed = row.ranks().then(|| row_key(row));
    match (current, changed) {
        (None, None) => BestResult::Unchanged,
        (None, Some(_)) => BestResult::ChangedGame,
        (Some(best), Some(changed)) if changed >= key(best.result, best.reached_at, best.game) => {
            BestResult::ChangedGame
        }
        (Some(best), _) if best.game == row.ticket.game => BestResult::CompareAll,
        (Some(_), _) => BestResult::Unchanged,
    }
}

/// Returns the standing of the best game; `None` if no game ranks.
pub fn best_of(rows: Vec<GameRow>) -> Option<Standing> {
    let ranking = rows.into_iter().filter(GameRow::ranks);
    ranking.max_by_key(row_key).map(|row| row.standing())
}
