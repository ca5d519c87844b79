//! Verifies a game: replays its events by the rules, decides the verdict, and counts the ticks that count.

use shared::{
    event::{Batch, Event, EventKind},
    fingerprint::Fingerprint,
    ids::Seq,
    lag,
    replay::{ButtonLog, MAX_TICKS},
    rules::{Buttons, Game, StateHash},
    time::{Tick, Timestamp},
    verdict::{RejectionReason, Verdict},
};

use super::counting::CountingLimit;
use crate::engine::store::{Counting, GameRow};

/// The tolerance for games whose token does not contain their start, in milliseconds. For all others, ingest accepts no
/// tick before it is due.
const CLOCK_TOLERANCE_MILLIS: u64 = 2_000;

/// Replays a batch that begins at or before the next event. Repeated events change nothing, but their buttons must
/// equal the `acknowledged` ones. The buttons of new events are added to `played`. Ticks within the `limit` count.
/// Returns the fingerprints of the windows that the batch completes.
pub fn verify(
    row: &mut GameRow,
    played: &mut Vec<(Tick, ButtonLog)>,
    acknowledged: Option<&ButtonLog>,
    limit: CountingLimit,
    received_at: Timestamp,
    batch: &Batch,
) -> Vec<Fingerprint> {
    let game = Game::resume(row.ticket.tuning.clone(), row.state.clone());
    let (last_tick, last_lag) = (row.state.tick, row.lag_millis());
    let mut verifier = Verifier { game, row, played, fingerprints: Vec::new(), limit, received_at };
    for (seq, event) in batch.numbered() {
        if let Err(reason) = verifier.verify_event(seq, event, acknowledged) {
            verifier.decide(Verdict::Rejected { reason });
        }
    }
    let fingerprints = verifier.fingerprints;
    let ticks = row.state.tick.0 - last_tick.0;
    if ticks > 0 {
        // A game without ticks has not begun to lag.
        let last_lag = if last_tick == Tick::ZERO { 0 } else { last_lag };
        row.pace.add_batch(ticks, row.lag_millis(), last_lag);
    }
    fingerprints
}

/// The replay of one game, with the result of each event in its row.
struct Verifier<'a> {
    game: Game,
    row: &'a mut GameRow,
    played: &'a mut Vec<(Tick, ButtonLog)>,
    fingerprints: Vec<Fingerprint>,
    limit: CountingLimit,
    received_at: Timestamp,
}

impl Verifier<'_> {
    fn verify_event(
        &mut self,
        seq: Seq,
        event: &Event,
        acknowledged: Option<&ButtonLog>,
    ) -> Result<(), RejectionReason> {
        if seq < self.row.next_seq {
            return acknowledged.map_or(Ok(()), |log| check_repeated(log, event));
        }
        self.row.next_seq = seq.plus(1);
        // Servers whose clocks differ may have received two batches of a game: its own time never goes back.
        self.row.updated_at = self.row.updated_at.max(self.received_at);
        match self.row.verdict {
            Verdict::Rejected { .. } => Ok(()),
            Verdict::Live | Verdict::Verified => self.play(event),
        }
    }

    fn play(&mut self, event: &Event) -> Result<(), RejectionReason> {
        match &event.kind {
            EventKind::Buttons(log) => self.play_buttons(event, log)?,
            EventKind::Hash(hash) => self.check_hash(event.tick, *hash)?,
            EventKind::Over(hash) => {
                self.check_hash(event.tick, *hash)?;
                if !self.game.is_over() {
                    return Err(RejectionReason::NotOver { at: event.tick });
                }
            }
            EventKind::Frames { .. }
            | EventKind::Loaded { .. }
            | EventKind::Paused
            | EventKind::Resumed
            | EventKind::Error(_)
            | EventKind::Left => {}
        }
        // The rules decide that a game is over, whether the browser says so or not.
        self.decide(if self.game.is_over() { Verdict::Verified } else { Verdict::Live });
        Ok(())
    }

    fn play_buttons(&mut self, event: &Event, log: &ButtonLog) -> Result<(), RejectionReason> {
        self.check_order(event.tick)?;
        let end = event.last_tick();
        let possible = self.last_possible_tick();
        if end > possible {
            return Err(RejectionReason::AheadOfTime { played: end, possible });
        }
        if end.0 > MAX_TICKS {
            return Err(RejectionReason::TooLong);
        }
        let last_counted = Tick::last_due(self.row.started_at(), self.limit.due_by);
        self.note_button_lag(event, last_counted);
        let mut played = ButtonLog::default();
        for buttons in log.iter() {
            if self.game.is_over() {
                break;
            }
            if self.game.state().tick >= last_counted || !self.is_in_time() {
                self.end_counting();
            }
            self.step(buttons);
            played.push(buttons);
        }
        let is_past_end = played.ticks() < log.ticks();
        if !played.is_empty() {
            self.played.push((event.tick, played));
        }
        self.row.state = self.game.state().clone();
        if is_past_end { Err(RejectionReason::PastEnd { at: self.game.state().tick }) } else { Ok(()) }
    }

    /// Notes the lag of the event's first button if it counts. The buttons after it have less.
    fn note_button_lag(&mut self, event: &Event, last_counted: Tick) {
        let counts = self.row.counting == Counting::Open && self.is_in_time();
        if let Some(button) = lag::first_button(event).filter(|button| counts && *button <= last_counted) {
            let lag = lag::button_lag(button, self.row.started_at(), self.received_at);
            self.row.pace.add_button(lag);
        }
    }

    /// Plays one tick.
    fn step(&mut self, buttons: Buttons) {
        match &mut self.row.window {
            Some(window) => self.fingerprints.extend(window.step(&mut self.game, buttons)),
            None => {
                self.game.step(buttons);
            }
        }
    }

    /// Counts what was played before the next tick. Nothing counts from then on.
    fn end_counting(&mut self) {
        if self.row.counting == Counting::Open {
            self.row.state = self.game.state().clone();
            self.count();
            self.row.counting = Counting::Ended;
        }
    }

    fn decide(&mut self, verdict: Verdict) {
        self.row.verdict = verdict;
        self.count();
    }

    fn count(&mut self) {
        if self.row.counting == Counting::Open && self.is_in_time() {
            self.row.count();
        }
    }

    /// Whether the batch arrived in time to count.
    fn is_in_time(&self) -> bool {
        self.received_at.max(self.row.updated_at) <= self.limit.received_by
    }

    /// The last tick that the game can have reached when the batch was received.
    fn last_possible_tick(&self) -> Tick {
        let started_at = self.row.started_at();
        if self.received_at < started_at {
            return Tick::ZERO;
        }
        Tick::last_due(started_at, self.received_at.after_millis(CLOCK_TOLERANCE_MILLIS))
    }

    fn check_hash(&self, tick: Tick, hash: StateHash) -> Result<(), RejectionReason> {
        self.check_order(tick)?;
        if self.game.state().hash() == hash { Ok(()) } else { Err(RejectionReason::HashMismatch { at: tick }) }
    }

    fn check_order(&self, got: Tick) -> Result<(), RejectionReason> {
        let expected = self.game.state().tick;
        if got == expected { Ok(()) } else { Err(RejectionReason::BrokenLog { expected, got }) }
    }
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
        RejectionReason::PastEnd { .. } => "past_end",
        RejectionReason::TooLong => "too_long",
    }
}

#[cfg(test)]
mod tests {
    use shared::{
        event::SCHEMA_VERSION,
        fingerprint::PlayWindow,
        ids::{GameId, PlayerId},
        ranking::{MAX_LAG_MILLIS, RankDecision, RankStatus, UnrankedCause},
        record::{GameModeration, TicketIssued},
        replay::Seed,
        rules::RULES_VERSION,
        session::SessionId,
        tuning::Tuning,
    };

    use super::*;
    use crate::engine::store::Pace;

    /// A game that no invader can end, started at time 0.
    fn endless_game() -> GameRow {
        let tuning = Tuning { bomb_rate: 0.0.into(), invader_drop_distance: 0.0.into(), ..Tuning::default() };
        GameRow::new(TicketIssued {
            game: GameId(1),
            player: PlayerId(1),
            session: SessionId::OPEN_PLAY,
            nickname: "Ada".parse().unwrap(),
            seed: Seed(1),
            tuning,
            rules_version: RULES_VERSION,
            started_at: Timestamp(0),
            real_time: true,
        })
    }

    /// A game that ends soon, and the number of its ticks without buttons.
    fn short_game() -> (GameRow, u32) {
        let tuning = Tuning { invader_initial_velocity: 600.0.into(), ..Tuning::default() };
        let row = GameRow::new(TicketIssued { tuning, ..endless_game().ticket });
        let mut game = Game::resume(row.ticket.tuning.clone(), row.state.clone());
        while !game.is_over() {
            game.step(Buttons::empty());
        }
        let ticks = game.state().tick.0;
        (row, ticks)
    }

    fn hold(buttons: Buttons, tick: u32, ticks: u32) -> Event {
        let log = std::iter::repeat_n(buttons, ticks as usize).collect();
        Event { tick: Tick(tick), kind: EventKind::Buttons(log) }
    }

    fn no_buttons(tick: u32, ticks: u32) -> Event {
        hold(Buttons::empty(), tick, ticks)
    }

    /// Verifies the next events of a game, received at a time in milliseconds. Returns the ticks that were played.
    fn receive(row: &mut GameRow, limit: CountingLimit, received_at: u64, events: Vec<Event>) -> u32 {
        let batch = Batch { schema: SCHEMA_VERSION, first_seq: row.next_seq, events };
        let mut played = Vec::new();
        verify(row, &mut played, None, limit, Timestamp(received_at), &batch);
        played.iter().map(|(_, log)| log.ticks()).sum()
    }

    fn rejected(reason: RejectionReason) -> Verdict {
        Verdict::Rejected { reason }
    }

    /// The fingerprints of lively play of eleven seconds that arrives in batches of so many ticks.
    fn fingerprints(mut row: GameRow, batch_ticks: usize) -> Vec<Fingerprint> {
        let moves = [Buttons::LEFT, Buttons::empty(), Buttons::RIGHT, Buttons::FIRE];
        let log: Vec<Buttons> = (0..660).map(|tick| moves[tick / 7 % moves.len()]).collect();
        let mut found = Vec::new();
        for part in log.chunks(batch_ticks) {
            let event = Event { tick: row.state.tick, kind: EventKind::Buttons(part.iter().copied().collect()) };
            let batch = Batch { schema: SCHEMA_VERSION, first_seq: row.next_seq, events: vec![event] };
            found.extend(verify(&mut row, &mut Vec::new(), None, CountingLimit::NONE, Timestamp(600_000), &batch));
            // A batch that is repeated completes no window.
            assert_eq!(verify(&mut row, &mut Vec::new(), None, CountingLimit::NONE, Timestamp(600_000), &batch), []);
        }
        found
    }

    #[test]
    fn fingerprints_do_not_depend_on_the_batches_and_need_a_shared_seed() {
        let shared_seed = || GameRow { window: Some(PlayWindow::default()), ..endless_game() };
        let found = fingerprints(shared_seed(), 660);
        assert_eq!(found.iter().map(|fingerprint| fingerprint.at.0).collect::<Vec<_>>(), [300, 300, 600, 600]);
        for batch_ticks in [1, 60, 299, 301] {
            assert_eq!(fingerprints(shared_seed(), batch_ticks), found);
        }
        assert_eq!(fingerprints(endless_game(), 660), []);
    }

    #[test]
    fn game_longer_than_two_hours_is_rejected() {
        let mut row = endless_game();
        let three_hours = 3 * 60 * 60 * 1000;
        for (event, verdict) in
            [(no_buttons(0, MAX_TICKS), Verdict::Live), (no_buttons(MAX_TICKS, 1), rejected(RejectionReason::TooLong))]
        {
            receive(&mut row, CountingLimit::NONE, three_hours, vec![event]);
            assert_eq!(row.verdict, verdict);
        }
    }

    #[test]
    fn game_is_over_by_the_rules_whether_the_browser_says_so_or_not() {
        let (mut row, ticks) = short_game();
        receive(&mut row, CountingLimit::NONE, 600_000, vec![no_buttons(0, ticks - 1)]);
        assert_eq!(row.verdict, Verdict::Live);
        receive(&mut row, CountingLimit::NONE, 600_000, vec![no_buttons(ticks - 1, 1)]);
        assert_eq!((row.verdict, row.counted.verdict), (Verdict::Verified, Verdict::Verified));
    }

    #[test]
    fn buttons_after_the_end_are_rejected_and_not_kept() {
        let (mut row, ticks) = short_game();
        let kept = receive(&mut row, CountingLimit::NONE, 600_000, vec![no_buttons(0, ticks + 60)]);
        assert_eq!(row.verdict, rejected(RejectionReason::PastEnd { at: Tick(ticks) }));
        assert_eq!((kept, row.state.tick), (ticks, Tick(ticks)));
        let (mut row, ticks) = short_game();
        receive(&mut row, CountingLimit::NONE, 600_000, vec![no_buttons(0, ticks)]);
        let kept = receive(&mut row, CountingLimit::NONE, 600_000, vec![no_buttons(ticks, 1)]);
        assert_eq!((row.verdict, kept), (rejected(RejectionReason::PastEnd { at: Tick(ticks) }), 0));
    }

    #[test]
    fn no_tick_is_possible_before_the_start() {
        let mut row = endless_game();
        row.restarted_at = Some(Timestamp(5_000));
        receive(&mut row, CountingLimit::NONE, 4_999, vec![no_buttons(0, 1)]);
        assert_eq!(row.verdict, rejected(RejectionReason::AheadOfTime { played: Tick(1), possible: Tick::ZERO }));
    }

    /// Shots fired in `ticks` ticks of play from the start of the game.
    fn shots(ticks: u32) -> u32 {
        let mut row = endless_game();
        receive(&mut row, CountingLimit::NONE, 600_000, vec![hold(Buttons::FIRE, 0, ticks)]);
        row.counted.result.shots
    }

    #[test]
    fn ticks_count_if_they_were_due_by_the_end_and_arrive_within_the_grace_period() {
        let limit = CountingLimit { due_by: Timestamp(10_000), received_by: Timestamp(20_000) };
        let mut row = endless_game();
        receive(&mut row, limit, 5_000, vec![hold(Buttons::FIRE, 0, 240)]);
        assert!(!row.is_late());
        // 600 ticks are due after ten seconds.
        receive(&mut row, limit, 15_000, vec![hold(Buttons::FIRE, 240, 660)]);
        assert!(row.is_late() && row.result().shots > row.counted.result.shots);
        assert_eq!(row.counted.result.shots, shots(600));

        let mut row = endless_game();
        receive(&mut row, limit, 5_000, vec![hold(Buttons::FIRE, 0, 240)]);
        receive(&mut row, limit, 20_001, vec![hold(Buttons::FIRE, 240, 60)]);
        assert!(row.is_late());
        assert_eq!((row.counted.result.shots, row.counted.updated_at), (shots(240), Timestamp(5_000)));
    }

    #[test]
    fn counting_ends_for_good_at_the_first_tick_that_does_not_count() {
        let limit = CountingLimit { due_by: Timestamp(5_000), received_by: Timestamp(15_000) };
        let mut row = endless_game();
        receive(&mut row, limit, 10_000, vec![hold(Buttons::FIRE, 0, 301)]);
        receive(&mut row, CountingLimit::NONE, 60_000, vec![hold(Buttons::FIRE, 301, 600)]);
        assert_eq!(row.counted.result.shots, shots(300));
    }

    #[test]
    fn player_who_began_another_game_earns_nothing_more_in_this_one() {
        let limit = CountingLimit::NONE.before(Some(Timestamp(5_000)));
        let mut row = endless_game();
        receive(&mut row, limit, 60_000, vec![hold(Buttons::FIRE, 0, 900)]);
        assert_eq!(row.counted.result.shots, shots(300));
        assert_eq!(CountingLimit::NONE.before(None), CountingLimit::NONE);
    }

    #[test]
    fn result_is_reached_with_the_batch_that_changed_it_last() {
        let mut row = endless_game();
        receive(&mut row, CountingLimit::NONE, 5_000, vec![hold(Buttons::FIRE, 0, 240)]);
        receive(&mut row, CountingLimit::NONE, 9_000, vec![no_buttons(240, 1)]);
        assert_eq!((row.counted.reached_at, row.counted.updated_at), (Timestamp(5_000), Timestamp(9_000)));
    }

    #[test]
    fn time_of_a_game_never_goes_back() {
        let mut row = endless_game();
        receive(&mut row, CountingLimit::NONE, 9_000, vec![no_buttons(0, 60)]);
        receive(&mut row, CountingLimit::NONE, 6_000, vec![no_buttons(60, 60)]);
        assert_eq!((row.updated_at, row.verdict), (Timestamp(9_000), Verdict::Live));
    }

    #[test]
    fn pace_has_the_largest_lag_its_growth_and_the_ticks_that_came_in_bulk() {
        let mut row = endless_game();
        // Real time with half a second of delay, then a pause of eight seconds, then ten seconds of play at once.
        receive(&mut row, CountingLimit::NONE, 1_500, vec![no_buttons(0, 60)]);
        receive(&mut row, CountingLimit::NONE, 2_600, vec![no_buttons(60, 60)]);
        receive(&mut row, CountingLimit::NONE, 11_600, vec![no_buttons(120, 60)]);
        receive(&mut row, CountingLimit::NONE, 21_600, vec![no_buttons(180, 600)]);
        let pace =
            Pace { max_lag_millis: 8_600, max_button_lag_millis: 0, lag_sum_millis: 500 + 8_000, bulk_ticks: 600 };
        assert_eq!(row.pace, pace);
    }

    /// The cause if the game does not rank.
    fn cause(row: &GameRow) -> Option<UnrankedCause> {
        match row.rank_status() {
            RankStatus::Ranked => None,
            RankStatus::Unranked { cause } => Some(cause),
        }
    }

    #[test]
    fn button_that_comes_too_late_takes_a_game_of_a_real_time_session_off_the_standings() {
        // A second of play that is due after two seconds.
        for (lag, is_too_late) in [(MAX_LAG_MILLIS, false), (MAX_LAG_MILLIS + 1, true)] {
            let mut row = endless_game();
            receive(&mut row, CountingLimit::NONE, 1_000, vec![no_buttons(0, 60)]);
            let first = Tick(61).due(Timestamp(0)).after_millis(lag);
            receive(&mut row, CountingLimit::NONE, first.0, vec![hold(Buttons::LEFT, 60, 60)]);
            assert_eq!(row.pace.max_button_lag_millis, lag);
            assert_eq!(cause(&row), is_too_late.then_some(UnrankedCause::Lag { millis: lag }));
            assert_eq!(row.counted.verdict, Verdict::Live, "the game is shown");
            row.ticket.real_time = false;
            assert_eq!(cause(&row), None, "in other sessions any pace ranks");
        }
    }

    #[test]
    fn manager_lets_a_late_game_rank() {
        let mut row = endless_game();
        receive(&mut row, CountingLimit::NONE, 600_000, vec![hold(Buttons::FIRE, 0, 60)]);
        assert!(!row.ranks());
        row.moderate(GameModeration {
            game: row.ticket.game,
            player: row.ticket.player,
            decision: RankDecision::Rank,
            decided_by: PlayerId(2),
            decided_at: Timestamp(700_000),
        });
        assert!(row.ranks());
    }

    #[test]
    fn ticks_without_buttons_may_come_late_and_at_once() {
        let mut row = endless_game();
        receive(&mut row, CountingLimit::NONE, 1_000, vec![hold(Buttons::FIRE, 0, 60)]);
        // The idle ticks of a pause of five minutes come at once, and a button after them in time.
        receive(&mut row, CountingLimit::NONE, 302_000, vec![no_buttons(60, 18_000), hold(Buttons::FIRE, 18_060, 60)]);
        assert_eq!((row.pace.bulk_ticks, row.pace.max_button_lag_millis), (18_060, 983));
        // Idle ticks of which the last one is late, too.
        receive(&mut row, CountingLimit::NONE, 900_000, vec![no_buttons(18_120, 60)]);
        assert!(row.pace.max_lag_millis > 500_000, "{:?}", row.pace);
        assert_eq!(row.pace.max_button_lag_millis, 983);
        assert_eq!(cause(&row), None);
    }

    #[test]
    fn lag_of_ticks_that_do_not_count_changes_nothing() {
        let received_by = 20_000 + MAX_LAG_MILLIS;
        let limit = CountingLimit { due_by: Timestamp(10_000), received_by: Timestamp(received_by) };
        // The last tick that counts, one that was due too late, and one that is received too late.
        for (tick, received_at, counts) in
            [(599, received_by, true), (600, received_by, false), (599, received_by + 1, false)]
        {
            let mut row = endless_game();
            receive(&mut row, limit, 10_000, vec![no_buttons(0, tick)]);
            receive(&mut row, limit, received_at, vec![hold(Buttons::FIRE, tick, 1)]);
            assert_eq!(row.pace.max_button_lag_millis > 0, counts, "tick {tick} at {received_at}");
            assert_eq!(row.ranks(), !counts);
        }
    }
}
