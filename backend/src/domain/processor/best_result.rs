//! Finds a player's best result: the standing is the best single game of all that rank.

use std::cmp::Reverse;

use shared::{
    ids::GameId,
    standing::{GameResult, Standing},
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

/// Orders results. Equal results are ordered by game ID, so that the order of processing does not matter.
fn key(result: GameResult, game: GameId) -> (GameResult, Reverse<GameId>) {
    (result, Reverse(game))
}

/// Compares a changed game with the player's current standing.
pub fn after_change(current: Option<&Standing>, row: &GameRow) -> BestResult {
    let changed = row.counted.verdict.ranks().then(|| key(row.counted.result, row.ticket.game));
    match (current, changed) {
        (None, None) => BestResult::Unchanged,
        (None, Some(_)) => BestResult::ChangedGame,
        (Some(best), Some(changed)) if changed >= key(best.result, best.game) => BestResult::ChangedGame,
        (Some(best), _) if best.game == row.ticket.game => BestResult::CompareAll,
        (Some(_), _) => BestResult::Unchanged,
    }
}

/// Returns the standing of the best game; `None` if no game ranks.
pub fn best_of(rows: Vec<GameRow>) -> Option<Standing> {
    let ranking = rows.into_iter().filter(|row| row.counted.verdict.ranks());
    ranking.max_by_key(|row| key(row.counted.result, row.ticket.game)).map(|row| row.standing())
}
