//! What the rows of the table hold, and under which keys.

use serde::{Deserialize, Serialize};
use shared::{
    ids::{GameId, PlayerId, Seq},
    record::TicketIssued,
    replay::ButtonLog,
    rules::State,
    session::{Participant, SessionId},
    standing::{RankKey, Standing},
    time::Timestamp,
    verdict::Verdict,
};

use super::RANKED;
use crate::engine::{
    dynamodb::{Condition, DynamoError, Item, Key},
    store::{CountedResult, GameChange, GameRow, PlayerRow},
};

/// Partitions of a session's order: each takes 1,000 writes a second.
pub const SPREAD: u64 = 8;
/// The partition of the shards.
pub const SHARDS: &str = "shards";
/// The partition of the leases.
pub const LEASES: &str = "leases";
/// How the orders of a game's stretches begin.
pub const STRETCHES: &str = "stretch/";
/// The order of a game's ticket, after all of its stretches: the last two rows are all there is to know of a game.
const TICKET: &str = "ticket";
/// The bytes of a state.
const STATE: &str = "state";
/// The bytes of a stretch's buttons.
const BUTTONS: &str = "buttons";

/// How far a stretch brings a game, besides its state.
#[derive(Serialize, Deserialize)]
struct Reached {
    next_seq: Seq,
    verdict: Verdict,
    updated_at: Timestamp,
    counted: CountedResult,
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
pub fn participant(Participant { session, player }: Participant) -> Key {
    Key::alone(format!("entrant/{session}/{player}"))
}

/// A part of a session's order.
pub fn rank_of(session: SessionId, part: u64) -> String {
    format!("{session}/{part}")
}

/// What is written once of a game: its ticket, and where it is among its player's and its session's.
pub fn of_ticket(opened: &TicketIssued) -> Result<[Item; 3], DynamoError> {
    let order = format!("{:016x}/{}", opened.started_at.0, opened.game);
    let pointer = |owner: String| Item::mark(&Key::new(owner, order.as_str()));
    Ok([
        Item::new(&Key::new(game(opened.game), TICKET), opened)?,
        pointer(games_of_player(opened.player)),
        pointer(games_of_session(opened.session)),
    ])
}

/// The game that an item among a player's or a session's points to.
pub fn pointed(item: &Item) -> Result<GameId, DynamoError> {
    let (_, game) = item.sk()?.split_once('/').unwrap_or_default();
    game.parse().map_err(damaged)
}

/// What a change adds to a game.
pub fn of_stretch(GameChange { row, played }: &GameChange) -> Result<Item, DynamoError> {
    let GameRow { ticket, version, next_seq, state, verdict, updated_at, counted } = row;
    let key = Key::new(game(ticket.game), format!("{STRETCHES}{version:08x}"));
    let reached = Reached { next_seq: *next_seq, verdict: *verdict, updated_at: *updated_at, counted: *counted };
    let mut buttons = ButtonLog::default();
    played.iter().for_each(|(_, log)| buttons.append(log));
    let state = postcard::to_stdvec(state).map_err(damaged)?;
    Ok(Item::new(&key, &reached)?
        .at_version((*version).into())
        .with_bytes(STATE, state)
        .with_bytes(BUTTONS, buttons.encode()))
}

/// A game, by its ticket and its last stretch.
pub fn read_game(ticket: &Item, stretch: &Item) -> Result<GameRow, DynamoError> {
    let Reached { next_seq, verdict, updated_at, counted } = stretch.row()?;
    let state: State = postcard::from_bytes(stretch.bytes(STATE)?).map_err(damaged)?;
    let version = stretch.version()?.try_into().map_err(damaged)?;
    Ok(GameRow { ticket: ticket.row()?, version, next_seq, state, verdict, updated_at, counted })
}

/// All buttons of a game, by its stretches.
pub fn read_buttons(stretches: &[Item]) -> Result<ButtonLog, DynamoError> {
    let mut whole = ButtonLog::default();
    for stretch in stretches {
        whole.append(&ButtonLog::decode(stretch.bytes(BUTTONS)?).map_err(damaged)?);
    }
    Ok(whole)
}

/// A player's row; in the index where it has a standing.
pub fn of_player(who: Participant, row: &PlayerRow) -> Result<Item, DynamoError> {
    // Its version stands beside it, since the index need not be written where nothing else changes.
    let unversioned = PlayerRow { version: 0, ..row.clone() };
    let item = Item::new(&participant(who), &unversioned)?.at_version(row.version.into());
    Ok(match row.standing.as_ref().map(Standing::rank_key) {
        None => item,
        Some(RankKey(rank)) => {
            item.with_text(RANKED.partition, rank_of(who.session, who.player.0 % SPREAD)).with_bytes(RANKED.order, rank)
        }
    })
}

/// A player's row with its version.
pub fn read_player(item: &Item) -> Result<PlayerRow, DynamoError> {
    let version = item.version()?.try_into().map_err(damaged)?;
    Ok(PlayerRow { version, ..item.row()? })
}

/// The condition that the version before this one is there.
pub fn after(version: u32) -> Condition {
    Condition::as_read(version.checked_sub(1).filter(|before| *before > 0).map(u64::from))
}

fn damaged(error: impl ToString) -> DynamoError {
    DynamoError::Damaged(error.to_string())
}
