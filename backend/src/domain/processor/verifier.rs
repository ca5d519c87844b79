//! Verifies a game: replays its events by the rules and decides the verdict.

use shared::{
    event::{Batch, Event, EventKind},
    replay::{ButtonLog, MAX_TICKS},
    rules::{Buttons, Game, StateHash, TICKS_PER_SECOND},
    time::{Tick, Timestamp},
    verdict::{RejectionReason, Verdict},
};

use crate::engine::store::GameRow;

/// The tolerance for steps of the server's clock during a game, in milliseconds.
const CLOCK_TOLERANCE_MILLIS: u64 = 2_000;

/// Replays a batch that begins at or before the next event. Repeated events change nothing, but their buttons must equal
/// the `acknowledged` ones. The buttons of new events are added to `played`.
pub fn verify(
    row: &mut GameRow,
    played: &mut Vec<(Tick, ButtonLog)>,
    acknowledged: Option<&ButtonLog>,
    received_at: Timestamp,
    batch: &Batch,
) {
    let mut game = Game::resume(row.ticket.tuning.clone(), row.state.clone());
    let max_tick = max_possible_tick(row.ticket.started_at, received_at);
    for (seq, event) in batch.numbered() {
        let result = if seq < row.next_seq {
            acknowledged.map_or(Ok(None), |log| check_repeated(log, event).map(|()| None))
        } else {
            row.next_seq = seq.plus(1);
            row.updated_at = row.updated_at.max(received_at);
            match row.verdict {
                Verdict::Rejected { .. } => Ok(None),
                Verdict::Live | Verdict::Verified => play(&mut game, event, max_tick, played),
            }
        };
        match result {
            Ok(Some(verdict)) => row.verdict = verdict,
            Ok(None) => {}
            Err(reason) => row.verdict = Verdict::Rejected { reason },
        }
    }
    row.state = game.state().clone();
}

/// Returns the last tick that a game can have reached at that time.
fn max_possible_tick(started_at: Timestamp, received_at: Timestamp) -> Tick {
    let millis = received_at.millis_since(started_at) + CLOCK_TOLERANCE_MILLIS;
    Tick((millis * u64::from(TICKS_PER_SECOND) / 1000).try_into().unwrap_or(u32::MAX))
}

/// Replays one event. Returns the verdict if it changes.
fn play(
    game: &mut Game,
    event: &Event,
    max_tick: Tick,
    played: &mut Vec<(Tick, ButtonLog)>,
) -> Result<Option<Verdict>, RejectionReason> {
    match &event.kind {
        EventKind::Buttons(log) => play_buttons(game, event, log, max_tick, played).map(|()| None),
        EventKind::Hash(hash) => check_hash(game, event.tick, *hash).map(|()| None),
        EventKind::Over(hash) => {
            check_hash(game, event.tick, *hash)?;
            match game.is_over() {
                true => Ok(Some(Verdict::Verified)),
                false => Err(RejectionReason::NotOver { at: event.tick }),
            }
        }
        EventKind::Frames { .. }
        | EventKind::Loaded { .. }
        | EventKind::Paused
        | EventKind::Resumed
        | EventKind::Error(_)
        | EventKind::Left => Ok(None),
    }
}

fn play_buttons(
    game: &mut Game,
    event: &Event,
    log: &ButtonLog,
    max_tick: Tick,
    played: &mut Vec<(Tick, ButtonLog)>,
) -> Result<(), RejectionReason> {
    check_order(game, event.tick)?;
    let end = event.last_tick();
    if end > max_tick {
        return Err(RejectionReason::AheadOfTime { played: end, possible: max_tick });
    }
    if end.0 > MAX_TICKS {
        return Err(RejectionReason::TooLong);
    }
    for buttons in log.iter() {
        game.step(buttons);
    }
    played.push((event.tick, log.clone()));
    Ok(())
}

fn check_hash(game: &Game, tick: Tick, hash: StateHash) -> Result<(), RejectionReason> {
    check_order(game, tick)?;
    if game.state().hash() == hash { Ok(()) } else { Err(RejectionReason::HashMismatch { at: tick }) }
}

fn check_order(game: &Game, got: Tick) -> Result<(), RejectionReason> {
    let expected = game.state().tick;
    if got == expected { Ok(()) } else { Err(RejectionReason::BrokenLog { expected, got }) }
}

/// Checks that a repeated event has the buttons that were acknowledged.
fn check_repeated(acknowledged: &ButtonLog, event: &Event) -> Result<(), RejectionReason> {
    let EventKind::Buttons(log) = &event.kind else {
        return Ok(());
    };
    let before: Vec<Buttons> = acknowledged.iter().skip(event.tick.0 as usize).take(log.ticks() as usize).collect();
    if log.iter().eq(before) { Ok(()) } else { Err(RejectionReason::Rewritten { at: event.tick }) }
}

/// Returns the value of the metrics label `reason`.
pub fn label(reason: RejectionReason) -> &'static str {
    match reason {
        RejectionReason::AheadOfTime { .. } => "ahead_of_time",
        RejectionReason::Rewritten { .. } => "rewritten",
        RejectionReason::BrokenLog { .. } => "broken_log",
        RejectionReason::HashMismatch { .. } => "hash_mismatch",
        RejectionReason::NotOver { .. } => "not_over",
        RejectionReason::TooLong => "too_long",
    }
}

#[cfg(test)]
mod tests {
    use shared::{
        event::SCHEMA_VERSION,
        ids::{GameId, PlayerId, Seq},
        record::TicketIssued,
        replay::Seed,
        rules::RULES_VERSION,
        session::SessionId,
        tuning::Tuning,
    };

    use super::*;
    use crate::engine::store::CountedResult;

    /// A game that no invader can end, started at time 0.
    fn endless_game() -> GameRow {
        let tuning = Tuning { bomb_rate: 0.0.into(), invader_drop_distance: 0.0.into(), ..Tuning::default() };
        let state = Game::new(tuning.clone(), Seed(1)).state().clone();
        let ticket = TicketIssued {
            game: GameId(1),
            player: PlayerId(1),
            session: SessionId::OPEN_PLAY,
            nickname: "Ada".parse().unwrap(),
            seed: Seed(1),
            tuning,
            rules_version: RULES_VERSION,
            started_at: Timestamp(0),
        };
        let counted = CountedResult::of(&state, Verdict::Live, Timestamp(0));
        GameRow {
            ticket,
            version: 1,
            next_seq: Seq(0),
            state,
            verdict: Verdict::Live,
            updated_at: Timestamp(0),
            counted,
        }
    }

    fn no_buttons(tick: u32, ticks: u32) -> Event {
        let log = std::iter::repeat_n(Buttons::empty(), ticks as usize).collect();
        Event { tick: Tick(tick), kind: EventKind::Buttons(log) }
    }

    #[test]
    fn game_longer_than_two_hours_is_rejected() {
        let mut row = endless_game();
        let three_hours = Timestamp(3 * 60 * 60 * 1000);
        for (first_seq, event, verdict) in [
            (0, no_buttons(0, MAX_TICKS), Verdict::Live),
            (1, no_buttons(MAX_TICKS, 1), Verdict::Rejected { reason: RejectionReason::TooLong }),
        ] {
            let batch = Batch { schema: SCHEMA_VERSION, first_seq: Seq(first_seq), events: vec![event] };
            verify(&mut row, &mut Vec::new(), None, three_hours, &batch);
            assert_eq!(row.verdict, verdict);
        }
    }
}
