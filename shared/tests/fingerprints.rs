//! Fingerprints of copies are those of their originals, and players who play by themselves have none in common.

#![allow(clippy::unwrap_used, reason = "a failing test may panic")]

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use shared::{
    bot::{Bot, Skill},
    fingerprint::{Fingerprint, MIN_CHANGES, PlayWindow, WINDOW_TICKS},
    rules::{Buttons, Game, Seed},
    time::Tick,
    tuning::Tuning,
};

const NONE: Buttons = Buttons::empty();
const FIRE: Buttons = Buttons::FIRE;
/// Left and right together do not move the ship.
const BOTH: Buttons = Buttons::LEFT.union(Buttons::RIGHT);
const SEED: Seed = Seed(1);
const WINDOW: usize = WINDOW_TICKS as usize;

/// The fingerprints of a game of this seed that is played in batches of these numbers of ticks. Between two batches the
/// window is stored.
fn in_batches(buttons: &[Buttons], batches: &[usize]) -> Vec<Fingerprint> {
    let mut game = Game::new(Tuning::arcade(), SEED);
    let mut window = PlayWindow::default();
    let mut found = Vec::new();
    let mut rest = buttons;
    for ticks in batches.iter().copied().chain([usize::MAX]) {
        let (batch, later) = rest.split_at(ticks.min(rest.len()));
        found.extend(batch.iter().flat_map(|buttons| window.step(&mut game, *buttons)));
        window = serde_json::from_str(&serde_json::to_string(&window).unwrap()).unwrap();
        rest = later;
    }
    found
}

fn fingerprints(buttons: &[Buttons]) -> Vec<Fingerprint> {
    in_batches(buttons, &[])
}

/// Lively play of 20 seconds: the ship moves to and fro and fires. Between two moves it holds `rest`.
fn lively(rest: Buttons) -> Vec<Buttons> {
    let moves = [Buttons::LEFT, rest, Buttons::RIGHT | FIRE, FIRE];
    (0..4 * WINDOW).map(|tick| moves[tick / 7 % moves.len()]).collect()
}

/// The ends of the windows of which two games have fingerprints in common, in seconds, once for each.
fn common(one: &[Buttons], other: &[Buttons]) -> Vec<u32> {
    let other: BTreeSet<Fingerprint> = fingerprints(other).into_iter().collect();
    fingerprints(one).iter().filter(|found| other.contains(found)).map(|found| found.at.0 / 60).collect()
}

#[test]
fn each_window_of_lively_play_has_two_fingerprints() {
    let found = fingerprints(&lively(NONE));
    let ends: Vec<Tick> = found.iter().map(|fingerprint| fingerprint.at).collect();
    assert_eq!(ends, [300, 300, 600, 600, 900, 900, 1200, 1200].map(Tick));
    assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), 8);
}

#[test]
fn idle_play_and_countdowns_have_no_fingerprints() {
    assert_eq!(fingerprints(&vec![NONE; 4 * WINDOW]), []);
    assert_eq!(fingerprints(&vec![FIRE; 4 * WINDOW]), []);
    let in_countdown: Vec<Buttons> = lively(NONE).into_iter().take(180).chain(vec![NONE; WINDOW - 180]).collect();
    assert_eq!(fingerprints(&in_countdown), []);
}

#[test]
fn window_needs_eight_changes() {
    let with_changes = |count: u32| {
        let is_down = |tick: u32| (tick / 10).min(count) % 2 == 1;
        let taps = (0..WINDOW_TICKS).map(|tick| if is_down(tick) { FIRE } else { NONE });
        fingerprints(&std::iter::repeat_n(NONE, WINDOW).chain(taps).collect::<Vec<_>>())
    };
    assert_eq!(with_changes(MIN_CHANGES - 1), []);
    // It has its buttons, but no moves.
    assert_eq!(with_changes(MIN_CHANGES).len(), 1);
}

#[test]
fn copy_with_another_move_at_the_beginning_has_the_same_buttons_and_moves_later() {
    let mut copy = lively(NONE);
    copy[200..206].fill(Buttons::LEFT);
    assert_eq!(common(&copy, &lively(NONE)), [10, 10, 15, 15, 20, 20]);
}

#[test]
fn copy_with_buttons_without_effect_has_the_same_moves() {
    assert_eq!(common(&lively(BOTH), &lively(NONE)), [5, 10, 15, 20]);
    let mut copy = lively(BOTH);
    copy[200..206].fill(Buttons::LEFT);
    assert_eq!(common(&copy, &lively(NONE)), [10, 15, 20]);
}

#[test]
fn copy_with_another_move_in_every_window_is_not_found() {
    let mut copy = lively(NONE);
    (0..4).for_each(|window| copy[window * WINDOW + 200..window * WINDOW + 206].fill(Buttons::LEFT));
    assert_eq!(common(&copy, &lively(NONE)), [] as [u32; 0]);
}

proptest! {
    #[test]
    fn fingerprints_do_not_depend_on_the_batches(
        runs in prop::collection::vec((0_u8..8, 1_usize..40), 1..60),
        batches in prop::collection::vec(1_usize..400, 0..20),
    ) {
        let buttons: Vec<Buttons> =
            runs.iter().flat_map(|(bits, ticks)| vec![Buttons::from_bits_truncate(*bits); *ticks]).collect();
        prop_assert_eq!(in_batches(&buttons, &batches), fingerprints(&buttons));
    }
}

/// The fingerprints of a bot's game of at most a minute. `mask` has the buttons that the bot uses.
fn fingerprints_of(mut bot: Bot, mask: Buttons, tuning: Tuning) -> Vec<Fingerprint> {
    let mut game = Game::new(tuning, SEED);
    let mut window = PlayWindow::default();
    let mut found = Vec::new();
    while !game.is_over() && game.state().tick < Tick(3600) {
        let buttons = bot.buttons(&game) & mask;
        found.extend(window.step(&mut game, buttons));
    }
    found
}

/// Bots of the same skill differ by their mistakes and by the times at which their fingers move.
#[test]
fn players_who_play_by_themselves_have_no_fingerprints_in_common() {
    let moving =
        [Skill::BEGINNER, Skill::AVERAGE, Skill::EXPERT, Skill::BUTTON_MASHER].map(|skill| (skill, Buttons::all()));
    let standing_still = [Skill::AVERAGE, Skill::BUTTON_MASHER].map(|skill| (skill, FIRE));
    for tuning in [Tuning::arcade(), Tuning::default()] {
        let mut known = BTreeMap::new();
        for (skill, mask) in moving.into_iter().chain(standing_still) {
            for seed in 0..200 {
                for fingerprint in fingerprints_of(Bot::with_skill(seed, skill), mask, tuning.clone()) {
                    let other = known.insert(fingerprint, (seed, skill));
                    assert_eq!(other, None, "{}, bot {seed}, {skill:?}: {fingerprint:?}", tuning.name);
                }
            }
        }
        assert!(known.len() > 10_000);
    }
}
