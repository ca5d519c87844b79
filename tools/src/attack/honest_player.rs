//! The control of the kit: an honest bot in the same session.

use super::{
    answer::Answer,
    arena::Arena,
    attempt::{Attempt, AttemptedGame, Claim},
    error::AttackError,
};
use crate::{
    calibrate::KINDS,
    honest::{End, HonestGame},
};

/// Plays an honest game, as a browser does.
pub async fn honest(arena: &Arena) -> Result<Attempt, AttackError> {
    let kind = KINDS.into_iter().find(|kind| kind.name == "expert");
    let kind = kind.ok_or(AttackError::Control("there is no bot for the honest game"))?;
    let (url, session, seed) = (arena.url().to_owned(), arena.session(), arena.seed);
    let played = HonestGame { url, session, number: 0, kind, seed, max_ticks: arena.ticks() }.play().await;
    let played = played.map_err(|_| AttackError::Control("the honest player got no game"))?;
    let answer = match played.end {
        End::Complete => Answer::Accepted,
        End::Refused(reason) => Answer::None(reason),
        End::Unfinished => Answer::None("the page was closed with events left".to_owned()),
    };
    let claim = Claim::Points { claimed: played.score, deserved: played.score };
    let game = AttemptedGame { game: played.game, acknowledged: played.acknowledged };
    Ok(Attempt { player: played.player, session: arena.session(), game, answer, claim })
}
