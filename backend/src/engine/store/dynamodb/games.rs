//! Game tables: a game is its ticket and its segments, each with the buttons of one change and the state after them.

use async_trait::async_trait;
use futures_util::{StreamExt, TryStreamExt, stream};
use serde::{Deserialize, Serialize};
use shared::{
    fingerprint::PlayWindow,
    ids::{GameId, PlayerId, Seq},
    record::{GameModeration, TicketIssued},
    replay::ButtonLog,
    rules::RULES_VERSION,
    session::SessionId,
    time::Timestamp,
    verdict::Verdict,
};

use super::DynamoStore;
use crate::engine::{
    dynamodb::{DynamoError, Item, Key, MAX_CONCURRENT_CALLS, Range, damaged},
    store::{CopyMark, CountedResult, Counting, GameChange, GameRow, GameTables, Pace, RecordedResult, StoreError},
};

/// The prefix of the sort keys of segments.
const SEGMENTS: &str = "stretch/";
/// The sort key of the ticket. It sorts after all segments: the last two rows of a game hold its ticket and its state.
const TICKET: &str = "ticket";
/// The attribute with the state after a segment.
const STATE: &str = "state";
/// The attribute with the buttons of a segment.
const BUTTONS: &str = "buttons";

/// The row of a segment: a game after it, without its state.
#[derive(Serialize, Deserialize)]
struct SegmentRow {
    next_seq: Seq,
    verdict: Verdict,
    updated_at: Timestamp,
    counted: CountedResult,
    #[serde(default)]
    counting: Counting,
    #[serde(default)]
    restarted_at: Option<Timestamp>,
    #[serde(default)]
    pace: Pace,
    #[serde(default)]
    moderation: Option<GameModeration>,
    #[serde(default)]
    window: Option<PlayWindow>,
    #[serde(default)]
    copy: Option<CopyMark>,
    /// The result of all events, for servers that do not replay the game. Rows of format 1 do not have it.
    #[serde(default)]
    recorded: Option<RecordedResult>,
}

#[async_trait]
impl GameTables for DynamoStore {
    async fn game(&self, game: GameId) -> Result<Option<GameRow>, StoreError> {
        match &self.table.query_last(&game_pk(game), 0, 2).await?[..] {
            [ticket, segment] => Ok(Some(read_game(ticket, segment)?)),
            // Its ticket alone: a writer is just adding the game.
            _ => Ok(None),
        }
    }

    async fn buttons(&self, game: GameId) -> Result<ButtonLog, StoreError> {
        let mut log = ButtonLog::default();
        for segment in self.table.query(&game_pk(game), Range::Prefix(SEGMENTS)).await? {
            log.append(&ButtonLog::decode(segment.bytes(BUTTONS)?).map_err(damaged)?);
        }
        Ok(log)
    }

    async fn player_games(&self, player: PlayerId, limit: usize) -> Result<Vec<GameRow>, StoreError> {
        self.newest_games(&player_games_pk(player), 0, limit).await
    }

    async fn session_games(&self, session: SessionId, skip: usize, limit: usize) -> Result<Vec<GameRow>, StoreError> {
        self.newest_games(&session_games_pk(session), skip, limit).await
    }
}

impl DynamoStore {
    /// The games to which the rows of a partition point, newest first.
    async fn newest_games(&self, pk: &str, skip: usize, limit: usize) -> Result<Vec<GameRow>, StoreError> {
        let pointers = self.table.query_last(pk, skip, limit).await?;
        let games = pointers.iter().map(pointed_game).collect::<Result<Vec<GameId>, _>>()?;
        let rows = stream::iter(games).map(|game| self.game(game)).buffered(MAX_CONCURRENT_CALLS);
        Ok(rows.try_collect::<Vec<_>>().await?.into_iter().flatten().collect())
    }
}

/// The rows that are written once for a game: its ticket, and the pointers of its player and its session.
pub fn ticket_items(ticket: &TicketIssued) -> Result<[Item; 3], DynamoError> {
    let sk = format!("{:016x}/{}", ticket.started_at.0, ticket.game);
    let pointer = |pk: String| Item::key_only(&Key::new(pk, sk.as_str()));
    Ok([
        Item::new(&Key::new(game_pk(ticket.game), TICKET), ticket)?,
        pointer(player_games_pk(ticket.player)),
        pointer(session_games_pk(ticket.session)),
    ])
}

/// The segment that a change adds to a game.
pub fn segment_item(GameChange { row, played }: &GameChange) -> Result<Item, DynamoError> {
    let GameRow {
        ticket,
        version,
        next_seq,
        state,
        verdict,
        updated_at,
        counted,
        counting,
        restarted_at,
        pace,
        moderation,
        window,
        copy,
        recorded,
    } = row;
    let key = Key::new(game_pk(ticket.game), format!("{SEGMENTS}{version:08x}"));
    let segment = SegmentRow {
        next_seq: *next_seq,
        verdict: *verdict,
        updated_at: *updated_at,
        counted: *counted,
        counting: *counting,
        restarted_at: *restarted_at,
        pace: *pace,
        moderation: moderation.clone(),
        window: *window,
        copy: *copy,
        recorded: Some(recorded.unwrap_or_else(|| row.replayed_result())),
    };
    let mut buttons = ButtonLog::default();
    played.iter().for_each(|(_, log)| buttons.append(log));
    let state = postcard::to_stdvec(state).map_err(damaged)?;
    Ok(Item::new(&key, &segment)?
        .with_version((*version).into())
        .with_bytes(STATE, state)
        .with_bytes(BUTTONS, buttons.encode()))
}

fn read_game(ticket: &Item, segment: &Item) -> Result<GameRow, DynamoError> {
    let SegmentRow {
        next_seq,
        verdict,
        updated_at,
        counted,
        counting,
        restarted_at,
        pace,
        moderation,
        window,
        copy,
        recorded,
    } = segment.row()?;
    let version = segment.version()?.try_into().map_err(|error: std::num::TryFromIntError| damaged(error))?;
    let ticket: TicketIssued = ticket.row()?;
    let is_replayed = ticket.rules_version == RULES_VERSION;
    // The state of other rules has another form.
    let (state, recorded) = match is_replayed {
        true => (postcard::from_bytes(segment.bytes(STATE)?).map_err(damaged)?, None),
        false => {
            let counted = || RecordedResult { result: counted.result, level: counted.level, ..RecordedResult::UNKNOWN };
            (GameRow::new(ticket.clone()).state, Some(recorded.unwrap_or_else(counted)))
        }
    };
    Ok(GameRow {
        ticket,
        version,
        next_seq,
        state,
        recorded,
        verdict,
        updated_at,
        counted,
        counting,
        restarted_at,
        pace,
        moderation,
        window,
        copy,
    })
}

fn pointed_game(pointer: &Item) -> Result<GameId, DynamoError> {
    let (_, game) = pointer.sk()?.split_once('/').unwrap_or_default();
    game.parse().map_err(|_| damaged(format!("{game:?} is not the number of a game")))
}

fn game_pk(game: GameId) -> String {
    format!("game/{game}")
}

fn player_games_pk(player: PlayerId) -> String {
    format!("player/{player}")
}

fn session_games_pk(session: SessionId) -> String {
    format!("session/{session}")
}
