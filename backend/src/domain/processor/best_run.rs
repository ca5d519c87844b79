//! A player's standing is the best single run of all games that rank, compared whole.

use std::cmp::Reverse;

use shared::{
    ids::GameId,
    standing::{GameResult, Standing},
};

use crate::engine::store::GameRow;

/// What a changed game means for its player's standing.
#[derive(Debug, PartialEq, Eq)]
pub enum Best {
    /// The changed game is the best.
    This,
    /// The standing stays.
    Unchanged,
    /// The changed game was the best and has become worse: all games must be compared.
    AmongAll,
}

/// Equal runs rank by game id, so that the order of processing does not matter.
fn key(result: GameResult, game: GameId) -> (GameResult, Reverse<GameId>) {
    (result, Reverse(game))
}

/// Judges a changed game against the standing so far.
pub fn after(current: Option<&Standing>, row: &GameRow) -> Best {
    let this = row.counted.verdict.ranks().then(|| key(row.counted.result, row.ticket.game));
    match (current, this) {
        (None, None) => Best::Unchanged,
        (None, Some(_)) => Best::This,
        (Some(best), Some(this)) if this >= key(best.result, best.game) => Best::This,
        (Some(best), _) if best.game == row.ticket.game => Best::AmongAll,
        (Some(_), _) => Best::Unchanged,
    }
}

/// The best of all games.
pub fn among(rows: Vec<GameRow>) -> Option<Standing> {
    let ranking = rows.into_iter().filter(|row| row.counted.verdict.ranks());
    ranking.max_by_key(|row| key(row.counted.result, row.ticket.game)).map(|row| row.standing())
}
