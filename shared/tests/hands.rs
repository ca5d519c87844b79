//! Figures and marks of constructed button logs, and of bots.

use proptest::prelude::*;
use shared::{
    bot::{Bot, Skill},
    hands::{Button, ButtonFigures, HandCounter, HandFigures, HandMark, PaceFigures, marks, pace_marks},
    replay::{ButtonLog, Replay},
    rules::{Buttons, COUNTDOWN_TICKS, Game, Phase, RULES_VERSION, Seed},
    tuning::Tuning,
};

const LEFT: Buttons = Buttons::LEFT;
const RIGHT: Buttons = Buttons::RIGHT;
const FIRE: Buttons = Buttons::FIRE;
const NONE: Buttons = Buttons::empty();
const PAUSED: Phase = Phase::Respawning { ticks_left: 1 };

/// The figures of ticks with input, given as runs of equal buttons.
fn figures(runs: &[(Buttons, usize)]) -> HandFigures {
    count(runs.iter().map(|(buttons, ticks)| (Phase::Playing, *buttons, *ticks)))
}

fn count(runs: impl Iterator<Item = (Phase, Buttons, usize)>) -> HandFigures {
    let mut counter = HandCounter::default();
    for (phase, buttons, ticks) in runs {
        (0..ticks).for_each(|_| counter.count(phase, buttons));
    }
    counter.figures()
}

/// `times` repetitions of the runs.
fn repeated(runs: &[(Buttons, usize)], times: usize) -> Vec<(Buttons, usize)> {
    runs.repeat(times)
}

#[test]
fn presses_and_holds_of_each_button_are_counted() {
    let figures =
        figures(&[(NONE, 5), (LEFT, 4), (LEFT | FIRE, 1), (NONE, 3), (LEFT, 2), (FIRE, 9), (NONE, 1), (RIGHT, 7)]);
    assert_eq!(figures.ticks, 32);
    let left = figures.left;
    assert_eq!((left.presses, left.holds, left.shortest_hold, left.median_hold), (2, 2, 2, 2));
    assert_eq!((left.single_tick_holds, left.short_holds), (0, 1));
    let fire = figures.fire;
    assert_eq!((fire.presses, fire.holds, fire.shortest_hold, fire.median_hold), (2, 2, 1, 1));
    assert_eq!((fire.single_tick_holds, fire.single_tick_holds_percent()), (1, 50));
    assert_eq!((figures.right.presses, figures.right.holds, figures.right.shortest_hold), (1, 0, 0), "still held");
    assert_eq!((figures.changes, figures.consecutive_changes), (7, 2));
    assert_eq!((figures.moves, figures.single_tick_moves), (5, 0));
    assert!((figures.presses_per_second() - 5.0 * 60.0 / 32.0).abs() < 0.001);
}

#[test]
fn holds_of_half_a_second_and_more_count_as_32_ticks() {
    let figures = figures(&[(FIRE, 400), (NONE, 1), (FIRE, 31), (NONE, 1), (FIRE, 32), (NONE, 1)]);
    assert_eq!((figures.fire.shortest_hold, figures.fire.median_hold), (31, 32));
}

#[test]
fn most_presses_are_those_of_the_busiest_ten_seconds() {
    let slow = repeated(&[(FIRE, 6), (NONE, 6)], 50);
    let fast = repeated(&[(FIRE | LEFT, 3), (NONE, 3)], 100);
    let figures = figures(&[slow.clone(), fast, slow[..60].to_vec()].concat());
    assert_eq!((figures.fire.presses, figures.fire.peak_presses), (180, 100));
    assert_eq!((figures.left.peak_presses, figures.right.peak_presses, figures.peak_presses), (100, 0, 200));
}

#[test]
fn countdowns_and_respawns_are_left_out() {
    let playing = |buttons, ticks| (Phase::Playing, buttons, ticks);
    let figures = count(
        [
            (PAUSED, FIRE, 1),
            (PAUSED, NONE, 1),
            (PAUSED, LEFT, 3),
            playing(LEFT, 2),
            playing(NONE, 2),
            playing(RIGHT, 1),
            (PAUSED, RIGHT, 4),
            (PAUSED, NONE, 1),
        ]
        .into_iter(),
    );
    assert_eq!(figures.ticks, 5);
    assert_eq!((figures.fire.presses, figures.left.presses, figures.left.holds), (0, 0, 0));
    assert_eq!((figures.right.presses, figures.right.holds, figures.right.shortest_hold), (1, 1, 5));
    assert_eq!((figures.changes, figures.moves), (2, 2));
}

#[test]
fn replay_leaves_out_its_countdown() {
    let tap = [FIRE, NONE, NONE, NONE].into_iter().cycle();
    let log: ButtonLog = tap.take(usize::from(COUNTDOWN_TICKS) + 40).collect();
    let replay = Replay { rules_version: RULES_VERSION, seed: Seed(1), tuning: Tuning::arcade(), log };
    let figures = HandFigures::of(&replay);
    assert_eq!((figures.ticks, figures.fire.presses), (40, 10));
}

#[test]
fn direction_of_a_single_tick_is_found_but_not_a_stop_between_two_directions() {
    assert_eq!(figures(&[(LEFT, 9), (NONE, 1), (RIGHT, 9)]).single_tick_moves, 0);
    assert_eq!(figures(&[(LEFT, 9), (LEFT | RIGHT, 1), (RIGHT, 9)]).single_tick_moves, 0);
    assert_eq!(figures(&[(LEFT, 9), (NONE, 1), (LEFT, 9)]).single_tick_moves, 1);
    assert_eq!(figures(&[(LEFT, 9), (RIGHT, 1), (LEFT, 9)]).single_tick_moves, 1);
    assert_eq!(figures(&[(NONE, 9), (RIGHT, 1), (NONE, 9)]).single_tick_moves, 1);
    assert_eq!(figures(&[(NONE, 9), (RIGHT, 2), (NONE, 9)]).single_tick_moves, 0);
}

#[test]
fn too_many_presses_are_marked_with_the_figure_and_the_bound() {
    // 20 presses a second, not evenly, in holds of two ticks and less.
    let figures = figures(&repeated(&[(FIRE, 2), (NONE, 1), (FIRE, 1), (NONE, 2), (FIRE, 2), (NONE, 2)], 120));
    let [mark] = marks(&figures)[..] else { panic!("{:?}", marks(&figures)) };
    assert_eq!(mark, HandMark::Presses { button: Button::Fire, presses: 180 });
    assert_eq!(
        mark.to_string(),
        "18.0 presses of fire a second over 10 s; no hand presses one button more than 16 times a second"
    );
}

#[test]
fn presses_at_the_bounds_are_not_marked() {
    // 15 presses a second for a minute, a twentieth of them late.
    let taps = [repeated(&[(FIRE, 2), (NONE, 2)], 20), vec![(NONE, 1)]].concat();
    assert_eq!(marks(&figures(&taps.repeat(45))), []);
}

#[test]
fn presses_of_all_buttons_are_marked_together() {
    let taps = [(LEFT | FIRE, 2), (NONE, 2), (RIGHT | FIRE, 2), (NONE, 3)].repeat(10);
    let figures = figures(&[taps, vec![(NONE, 1)]].concat().repeat(10));
    let presses = figures.peak_presses;
    assert!((260..=268).contains(&presses), "{figures:?}");
    assert_eq!(marks(&figures), [HandMark::PressesInAll { presses }]);
}

#[test]
fn holds_of_a_single_tick_are_marked() {
    let holds = |short, long| {
        let short = repeated(&[(FIRE, 1), (NONE, 20)], short);
        marks(&figures(&[short, repeated(&[(FIRE, 3), (NONE, 20)], long)].concat()))
    };
    assert_eq!(holds(40, 9), [], "too few to judge");
    assert_eq!(holds(50, 50), [], "half of them");
    let mark = HandMark::SingleTickHolds { button: Button::Fire, percent: 60, holds: 100 };
    assert_eq!(holds(60, 40), [mark]);
    assert_eq!(
        mark.to_string(),
        "60 % of 100 presses of fire were shorter than 1/30 s; a hand presses so briefly in at most 50 %"
    );
}

#[test]
fn moves_of_a_single_tick_are_marked() {
    let moves = repeated(&[(LEFT, 9), (RIGHT, 1), (LEFT, 5), (NONE, 9)], 20);
    assert_eq!(marks(&figures(&moves)), []);
    let moves = repeated(&[(LEFT, 9), (NONE, 1), (LEFT, 5), (RIGHT, 9)], 20);
    let moves = [moves, repeated(&[(LEFT, 9), (NONE, 1)], 40)].concat();
    let [mark] = marks(&figures(&moves))[..] else { panic!("{:?}", marks(&figures(&moves))) };
    assert!(matches!(mark, HandMark::SingleTickMoves { percent: 26..=45, moves: 160 }), "{mark:?}");
}

#[test]
fn presses_at_equal_distances_are_marked() {
    let even = |presses| figures(&repeated(&[(FIRE, 4), (NONE, 4)], presses));
    assert_eq!((even(60).fire.even_presses, marks(&even(60))), (60, vec![]));
    assert_eq!(marks(&even(61)), [HandMark::EvenPresses { button: Button::Fire, presses: 61 }]);
    let slow = figures(&repeated(&[(FIRE, 4), (NONE, 12)], 200));
    assert_eq!(slow.fire.even_presses, 1, "longer distances are no repetition");
    let uneven = figures(&repeated(&[(FIRE, 4), (NONE, 4), (FIRE, 4), (NONE, 5)], 100));
    assert_eq!(uneven.fire.even_presses, 2);
}

#[test]
fn holds_of_exactly_equal_length_are_marked() {
    let holds = |equal: usize, others: usize| {
        let equal = [(FIRE, 3), (NONE, 17), (LEFT | FIRE, 3), (NONE, 10)].repeat(equal / 2);
        figures(&[equal, [(FIRE, 5), (NONE, 17)].repeat(others)].concat())
    };
    assert_eq!(marks(&holds(48, 0)), [], "too few to judge");
    assert_eq!(marks(&holds(90, 10)), [], "at the bound");
    let figures = holds(92, 8);
    let ButtonFigures { even_holds, even_hold_ticks, off_grid_percent, .. } = figures.fire;
    assert_eq!((even_holds, even_hold_ticks), (92, 3));
    assert!((40..60).contains(&off_grid_percent), "{off_grid_percent}");
    let mark = HandMark::EvenHolds { button: Button::Fire, ticks: 3, percent: 92, holds: 100 };
    assert_eq!(marks(&figures), [mark]);
    assert_eq!(
        mark.to_string(),
        "92 % of 100 presses of fire lasted exactly 3/60 s; of a hand's presses at most 90 % are equal"
    );
}

#[test]
fn holds_of_one_frame_of_a_slow_device_are_not_marked() {
    // 20 frames a second: whatever the fingers do, buttons change every third tick.
    let long = [(FIRE, 3), (NONE, 9), (FIRE | LEFT, 3), (LEFT, 6), (NONE, 6)];
    let short = [(FIRE, 3), (NONE, 9), (FIRE | LEFT, 3), (LEFT, 3), (NONE, 9)];
    let figures = figures(&[long, short].concat().repeat(50));
    assert_eq!((figures.fire.even_holds_percent(), figures.fire.off_grid_percent), (100, 0));
    assert_eq!(marks(&figures), []);
}

#[test]
fn rockets_are_counted_with_those_that_hit() {
    let figures = play(&mut Bot::with_skill(3, Skill::EXPERT), Tuning::arcade(), 3);
    assert!(figures.rockets > 50, "{figures:?}");
    assert!((1..figures.rockets).contains(&figures.rocket_hits), "{figures:?}");
}

#[test]
fn nearly_every_rocket_that_hits_is_marked() {
    let marks = |rockets, rocket_hits| marks(&HandFigures { rockets, rocket_hits, ..HandFigures::default() });
    let mark = HandMark::RocketHits { percent: 97, rockets: 100 };
    assert_eq!(marks(100, 97), [mark]);
    assert_eq!(mark.to_string(), "97 % of 100 rockets hit; a hand that aims hits with at most 95 %");
    assert_eq!(marks(100, 95), [], "at the bound");
    assert_eq!(marks(69, 69), [], "too few to judge");
    assert_eq!(marks(70, 70).len(), 1);
}

#[test]
fn idle_game_has_no_marks() {
    assert_eq!(marks(&HandFigures::default()), []);
    let figures = figures(&[(NONE, 36_000)]);
    assert_eq!(marks(&figures), []);
    assert_eq!(figures, HandFigures { ticks: 36_000, ..HandFigures::default() });
}

#[test]
fn bots_of_every_skill_are_not_marked() {
    let skills = [Skill::STEADY, Skill::BEGINNER, Skill::AVERAGE, Skill::EXPERT, Skill::BUTTON_MASHER];
    for (seed, skill) in (0..20).flat_map(|seed| skills.map(|skill| (seed, skill))) {
        for tuning in [Tuning::arcade(), Tuning::default()] {
            let figures = play(&mut Bot::with_skill(seed, skill), tuning, seed);
            assert!(figures.ticks > 300, "{skill:?}, seed {seed}: {figures:?}");
            assert_eq!(marks(&figures), [], "{skill:?}, seed {seed}: {figures:?}");
        }
    }
}

#[test]
fn faster_bots_press_as_fast_as_their_skill_says() {
    let presses_per_second = |skill| {
        let figures = play(&mut Bot::with_skill(3, skill), Tuning::arcade(), 3);
        figures.fire.presses as f32 * 60.0 / figures.ticks as f32
    };
    for (skill, range) in [(Skill::BEGINNER, 2.0..3.5), (Skill::AVERAGE, 4.0..5.5), (Skill::BUTTON_MASHER, 11.0..14.0)]
    {
        let rate = presses_per_second(skill);
        assert!(range.contains(&rate), "{skill:?}: {rate}");
    }
}

/// The figures of a bot's game of at most two minutes.
fn play(bot: &mut Bot, tuning: Tuning, seed: u64) -> HandFigures {
    let mut game = Game::new(tuning, Seed(seed));
    let mut counter = HandCounter::default();
    while !game.is_over() && game.state().tick.0 < 2 * 60 * 60 {
        let buttons = bot.buttons(&game);
        counter.count(game.state().phase, buttons);
        counter.count_events(game.step(buttons));
    }
    counter.figures()
}

#[test]
fn pace_within_the_bounds_has_no_marks() {
    let honest = PaceFigures {
        pace_percent: 83,
        max_lag_millis: 21_000,
        max_button_lag_millis: 21_000,
        lag_sum_millis: 60_000,
        bulk_percent: 40,
        parallel_games: 1,
        practice_millis: 60_000,
    };
    assert_eq!(pace_marks(&honest), []);
}

#[test]
fn each_figure_of_pace_has_its_mark() {
    let figures = PaceFigures {
        pace_percent: 49,
        max_lag_millis: 60_001,
        max_button_lag_millis: 60_001,
        lag_sum_millis: 300_001,
        bulk_percent: 76,
        parallel_games: 2,
        practice_millis: 61_000,
    };
    let texts: Vec<String> = pace_marks(&figures).iter().map(HandMark::to_string).collect();
    assert_eq!(
        texts,
        [
            "played at 49 % of real time; below 50 % a player has more time to decide",
            "ticks arrived up to 60 s after they were due; the bound is 60 s",
            "the game fell behind by 300 s in all; the bound is 300 s",
            "76 % of the game arrived in bulk; the bound is 75 %",
            "2 games of this player were played at the same time; a player plays one",
            "started again 61 s after the player had its seed; in more than 60 s a player can practise the game",
        ]
    );
}

#[test]
fn marks_are_stored_with_a_code() {
    let mark = HandMark::EvenPresses { button: Button::Left, presses: 90 };
    let json = serde_json::to_string(&mark).unwrap();
    assert_eq!(json, r#"{"code":"even_presses","button":"left","presses":90}"#);
    assert_eq!(serde_json::from_str::<HandMark>(&json).unwrap(), mark);
}

fn any_runs() -> impl Strategy<Value = Vec<(Phase, Buttons, usize)>> {
    let phase = prop_oneof![3 => Just(Phase::Playing), 1 => Just(PAUSED)];
    let run = (phase, (0_u8..8).prop_map(Buttons::from_bits_truncate), 1_usize..40);
    proptest::collection::vec(run, 0..150)
}

proptest! {
    #[test]
    fn figures_do_not_depend_on_where_the_log_is_split(runs in any_runs(), splits in proptest::collection::vec(any::<bool>(), 6000)) {
        let mut counter = HandCounter::default();
        let ticks = runs.iter().flat_map(|(phase, buttons, ticks)| std::iter::repeat_n((*phase, *buttons), *ticks));
        for ((phase, buttons), is_split) in ticks.zip(splits) {
            counter.count(phase, buttons);
            if is_split {
                counter = postcard::from_bytes(&postcard::to_stdvec(&counter).unwrap()).unwrap();
            }
        }
        let bytes = postcard::to_stdvec(&counter).unwrap().len();
        prop_assert!(bytes < 300, "{} bytes", bytes);
        prop_assert_eq!(counter.figures(), count(runs.into_iter()));
    }

    #[test]
    fn parts_are_at_most_as_many_as_the_whole(runs in any_runs()) {
        let figures = count(runs.into_iter());
        for button in Button::ALL.map(|button| figures.button(button)) {
            prop_assert!(button.single_tick_holds <= button.short_holds && button.short_holds <= button.holds);
            prop_assert!(button.even_holds <= button.holds && (button.even_hold_ticks > 0) == (button.holds > 0));
            prop_assert!(button.holds <= button.presses && button.presses - button.holds <= 1);
            prop_assert!(button.peak_presses <= button.presses && button.even_presses <= button.presses);
            prop_assert!(button.shortest_hold <= button.median_hold);
        }
        prop_assert!(figures.consecutive_changes <= figures.changes && figures.changes <= figures.ticks);
        prop_assert!(figures.single_tick_moves <= figures.moves && figures.moves <= figures.changes);
    }

    #[test]
    fn left_and_right_are_judged_alike(runs in any_runs()) {
        let swap = |buttons: Buttons| {
            let mut swapped = buttons & FIRE;
            swapped.set(LEFT, buttons.contains(RIGHT));
            swapped.set(RIGHT, buttons.contains(LEFT));
            swapped
        };
        let mirrored = count(runs.iter().map(|(phase, buttons, ticks)| (*phase, swap(*buttons), *ticks)));
        let figures = count(runs.iter().copied());
        prop_assert_eq!(HandFigures { left: figures.right, right: figures.left, ..figures }, mirrored);
    }
}
