//! What the rows of the table hold, and under which keys.

use serde::{Deserialize, Serialize};
use shared::{
    ids::{GameId, PlayerId, Seq},
    record::Opened,
    replay::ButtonLog,
    rules::State,
    session::{Entrant, SessionId},
    standing::{RankKey, Standing},
    time::Timestamp,
    verdict::Verdict,
};

use super::RANKED;
use crate::{
    dynamodb::{Condition, DynamoError, Item, Key},
    store::{Counted, GameChange, GameRow, PlayerRow},
};

/// Partitions of a session's order: each takes 1,000 writes a second.
pub const SPREAD: u64 = 8;
/// The partition of the shards.
pub const SHARDS: &str = "shards";
/// The partition of the leases.
pub const LEASES: &str = "leases";
/// How the orders of a game's ticket and of how far it is begin.
pub const FACTS: &str = "a/";
/// How the orders of a game's buttons begin.
pub const BUTTONS: &str = "b/";
/// A state's, and a log's, bytes.
const BYTES: &str = "bytes";

/// A game so far, besides its state.
#[derive(Serialize, Deserialize)]
struct SoFar {
    verdict: Verdict,
    updated_at: Timestamp,
    counted: Counted,
}

/// The partition of a game.
pub fn game(game: GameId) -> String {
    format!("game/{game}")
}

/// The partition of a player's games.
pub fn games_of_player(player: PlayerId) -> String {
    format!("player/{player}")
}

/// The partition of a session's games.
pub fn games_of_session(session: SessionId) -> String {
    format!("session/{session}")
}

/// A player in a session.
pub fn entrant(Entrant { session, player }: Entrant) -> Key {
    Key::alone(format!("entrant/{session}/{player}"))
}

/// A part of a session's order.
pub fn rank_of(session: SessionId, part: u64) -> String {
    format!("{session}/{part}")
}

/// What is written once of a game: its ticket, and where it is among its player's and its session's.
pub fn of_ticket(opened: &Opened) -> Result<[Item; 3], DynamoError> {
    let order = format!("{:016x}/{}", opened.opened_at.0, opened.game);
    let pointer = |owner: String| Item::mark(&Key::new(owner, order.as_str()));
    Ok([
        Item::new(&Key::new(game(opened.game), format!("{FACTS}opened")), opened)?,
        pointer(games_of_player(opened.player)),
        pointer(games_of_session(opened.session)),
    ])
}

/// The game that an item among a player's or a session's points to.
pub fn pointed(item: &Item) -> Result<GameId, DynamoError> {
    let (_, game) = item.sk()?.split_once('/').unwrap_or_default();
    game.parse().map_err(damaged)
}

/// How far a game is.
pub fn so_far(row: &GameRow) -> Result<Item, DynamoError> {
    let GameRow { opened, next_seq, state, verdict, updated_at, counted } = row;
    let so_far = SoFar { verdict: *verdict, updated_at: *updated_at, counted: *counted };
    let key = Key::new(game(opened.game), format!("{FACTS}so-far"));
    let state = postcard::to_stdvec(state).map_err(damaged)?;
    Ok(Item::new(&key, &so_far)?.at_version(next_seq.0.into()).with_bytes(BYTES, state))
}

/// A game, by both of its items.
pub fn read_game(opened: &Item, so_far: &Item) -> Result<GameRow, DynamoError> {
    let SoFar { verdict, updated_at, counted } = so_far.row()?;
    let state: State = postcard::from_bytes(so_far.bytes(BYTES)?).map_err(damaged)?;
    let next_seq = Seq(so_far.version()?.try_into().map_err(damaged)?);
    Ok(GameRow { opened: opened.row()?, next_seq, state, verdict, updated_at, counted })
}

/// The buttons that a change adds, all of them as one.
pub fn of_buttons(change: &GameChange) -> Option<Item> {
    let (first, _) = change.played.first()?;
    let mut whole = ButtonLog::default();
    change.played.iter().for_each(|(_, log)| whole.append(log));
    let key = Key::new(game(change.row.opened.game), format!("{BUTTONS}{:08x}", first.0));
    Some(Item::mark(&key).with_bytes(BYTES, whole.encode()))
}

/// All buttons of a game. Processors that are cut short, and go on elsewhere, write some of them twice.
pub fn read_buttons(items: &[Item]) -> Result<ButtonLog, DynamoError> {
    let mut whole = ButtonLog::default();
    for item in items {
        let (_, tick) = item.sk()?.split_once('/').unwrap_or_default();
        let first = u32::from_str_radix(tick, 16).map_err(damaged)?;
        let log = ButtonLog::decode(item.bytes(BYTES)?).map_err(damaged)?;
        let known = whole.ticks().saturating_sub(first);
        whole.append(&log.iter().skip(known as usize).collect());
    }
    Ok(whole)
}

/// A player's row; in the index where it has a standing.
pub fn of_player(who: Entrant, row: &PlayerRow) -> Result<Item, DynamoError> {
    let item = Item::new(&entrant(who), row)?;
    Ok(match row.standing.as_ref().map(Standing::rank_key) {
        None => item,
        Some(RankKey(rank)) => {
            item.with_text(RANKED.partition, rank_of(who.session, who.player.0 % SPREAD)).with_bytes(RANKED.order, rank)
        }
    })
}

/// The condition that a player's row is this one.
pub fn is(row: &PlayerRow) -> Result<Condition, DynamoError> {
    if *row == PlayerRow::default() { Ok(Condition::Absent) } else { Condition::row(row) }
}

fn damaged(error: impl ToString) -> DynamoError {
    DynamoError::Damaged(error.to_string())
}
