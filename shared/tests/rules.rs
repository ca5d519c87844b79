//! Properties of the rules: the state stays within its bounds for all buttons, and equal buttons lead to equal states.

#![allow(clippy::panic, reason = "a failing test may panic")]

#[path = "support/any.rs"]
mod any;

use any::{any_buttons, any_tuning};
use proptest::prelude::*;
use shared::{
    bot::Bot,
    replay::{ButtonLog, Replay, Seed},
    rules::{Buttons, COUNTDOWN_TICKS, Defeat, Game, GameEvent, LIVES, Phase, Px, RULES_VERSION, State},
    tuning::Tuning,
};

/// Maximum length of a random game, in ticks: a minute.
const MINUTE: u32 = 60 * 60;

fn preset(arcade: bool) -> Tuning {
    if arcade { Tuning::arcade() } else { Tuning::default() }
}

fn assert_within_bounds(game: &Game, before: &State) {
    let (state, params) = (game.state(), game.params());
    let is_inside = |x: Px| (Px::ZERO..=params.width).contains(&x);
    assert!(is_inside(state.ship_x), "the ship has left the field");
    for (_, at) in state.formation.invaders(params) {
        assert!(is_inside(at.x), "an invader has left the field at a side");
    }
    assert!(state.rockets.len() <= params.rockets_at_once);
    for rocket in &state.rockets {
        assert!(is_inside(rocket.at.x) && rocket.at.y <= params.height, "a rocket has left the field");
    }
    for bomb in &state.bombs {
        assert!(is_inside(bomb.at.x) && bomb.at.y > -Px::whole(20), "a bomb has left the field");
        assert!((params.bomb_min_speed..=params.bomb_max_speed).contains(&bomb.speed));
    }
    let extra = u8::from(params.extra_life_score.is_some());
    assert!(state.lives <= LIVES + extra && state.lives <= before.lives + extra);
    assert!(state.score >= before.score && state.shots >= before.shots && state.level >= before.level);
    assert!(state.shields.pixels() <= before.shields.pixels() || state.level > before.level);
    match state.phase {
        Phase::Countdown { ticks_left } => assert!((1..=COUNTDOWN_TICKS).contains(&ticks_left)),
        Phase::Respawning { ticks_left } => assert!((1..=params.respawn_ticks).contains(&ticks_left)),
        Phase::Playing => assert!(!state.formation.is_empty() && state.lives > 0),
        Phase::Over => assert_eq!(state.lives, 0),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn state_stays_within_its_bounds(
        tuning in any_tuning(),
        seed in any::<u64>(),
        buttons in any_buttons(),
    ) {
        prop_assert_eq!(tuning.validation_errors(), vec![]);
        let mut game = Game::new(tuning, Seed(seed));
        for buttons in buttons {
            let before = game.state().clone();
            game.step(buttons);
            assert_within_bounds(&game, &before);
        }
    }

    #[test]
    fn score_and_shots_match_the_game_events(seed in any::<u64>(), buttons in any_buttons(), arcade in any::<bool>()) {
        let mut game = Game::new(preset(arcade), Seed(seed));
        let (mut points, mut shots) = (0, 0);
        for buttons in buttons {
            for event in game.step(buttons) {
                match event {
                    GameEvent::InvaderHit { points: hit, .. } | GameEvent::MysteryHit { points: hit, .. } => {
                        points += hit;
                    }
                    GameEvent::LevelCleared { bonus, .. } => points += bonus,
                    GameEvent::RocketFired { .. } => shots += 1,
                    _ => {}
                }
            }
        }
        prop_assert_eq!((game.state().score, game.state().shots), (points, shots));
    }

    #[test]
    fn restored_game_continues_like_the_original(
        seed in any::<u64>(),
        buttons in any_buttons(),
        restore_at in any::<prop::sample::Index>(),
        arcade in any::<bool>(),
    ) {
        let mut original = Game::new(preset(arcade), Seed(seed));
        let mut restored = original.clone();
        let restore_at = restore_at.index(buttons.len());
        for (tick, buttons) in buttons.into_iter().enumerate() {
            if tick == restore_at {
                let json = serde_json::to_string(restored.state()).unwrap();
                restored = Game::resume(preset(arcade), serde_json::from_str(&json).unwrap());
            }
            original.step(buttons);
            restored.step(buttons);
        }
        prop_assert_eq!(original.state().hash(), restored.state().hash());
        prop_assert_eq!(original.state(), restored.state());
    }
}

#[test]
fn replays_of_a_thousand_random_games_end_in_the_same_hash() {
    for seed in 0..1000_u64 {
        let tuning = preset(seed % 2 == 0);
        let mut game = Game::new(tuning.clone(), Seed(seed));
        let mut bot = Bot::new(seed);
        let mut log = ButtonLog::default();
        while !game.is_over() && log.ticks() < MINUTE {
            let buttons = bot.buttons(&game);
            log.push(buttons);
            game.step(buttons);
        }
        let log = ButtonLog::decode(&log.encode()).unwrap();
        let replay = Replay { rules_version: RULES_VERSION, seed: Seed(seed), tuning, log };
        assert_eq!(replay.run().hash(), game.state().hash(), "seed {seed}");
    }
}

#[test]
fn button_log_of_a_ten_minute_game_takes_less_than_ten_kilobytes() {
    let tuning = Tuning { invader_drop_distance: 0.0.into(), bomb_rate: 0.0.into(), ..Tuning::default() };
    let mut game = Game::new(tuning, Seed(7));
    let mut bot = Bot::new(7);
    let log: ButtonLog = (0..10 * MINUTE)
        .map(|_| {
            let buttons = bot.buttons(&game);
            game.step(buttons);
            buttons
        })
        .collect();
    assert!(!game.is_over());
    let bytes = log.encode().len();
    assert!(bytes < 10_000, "{bytes} bytes");
}

#[test]
fn state_takes_about_a_kilobyte() {
    let tuning =
        Tuning { bomb_rate: 5.0.into(), bomb_min_velocity: 1.0.into(), shields: 6.0.into(), ..Tuning::default() };
    let mut game = Game::new(tuning, Seed(1));
    for _ in 0..30 * 60 {
        game.step(Buttons::FIRE);
    }
    let bytes = postcard::to_stdvec(game.state()).unwrap().len();
    assert!(bytes < 1200, "{bytes} bytes");
}

/// Plays without buttons until an event satisfies `is_last`, for at most two minutes. Returns all game events.
fn play_without_buttons(game: &mut Game, is_last: impl Fn(&GameEvent) -> bool) -> Vec<GameEvent> {
    let mut events = Vec::new();
    for _ in 0..2 * MINUTE {
        events.extend_from_slice(game.step(Buttons::empty()));
        if events.last().is_some_and(&is_last) {
            return events;
        }
    }
    panic!("the expected game event did not occur within two minutes");
}

#[test]
fn nothing_moves_during_the_countdown() {
    let mut game = Game::new(Tuning::default(), Seed(1));
    let initial = game.state().clone();
    for _ in 0..COUNTDOWN_TICKS {
        assert!(matches!(game.state().phase, Phase::Countdown { .. }));
        game.step(Buttons::all());
    }
    let state = game.state();
    assert_eq!(state.phase, Phase::Playing);
    assert_eq!((state.ship_x, &state.formation, state.shots), (initial.ship_x, &initial.formation, 0));
}

#[test]
fn each_bomb_costs_a_life_and_the_third_ends_the_game() {
    let tuning = Tuning { bomb_rate: 5.0.into(), invader_initial_velocity: 1.0.into(), ..Tuning::default() };
    let mut game = Game::new(tuning, Seed(3));
    let events = play_without_buttons(&mut game, |event| matches!(event, GameEvent::Over(_)));
    let hits = events.iter().filter(|event| matches!(event, GameEvent::ShipHit { .. })).count();
    assert_eq!((hits, events.last()), (3, Some(&GameEvent::Over(Defeat::Bombed))));
    assert!(game.step(Buttons::all()).is_empty(), "a finished game has no further events");
}

#[test]
fn landing_invaders_end_the_game() {
    let tuning = Tuning { bomb_rate: 0.0.into(), invader_initial_velocity: 200.0.into(), ..Tuning::default() };
    let mut game = Game::new(tuning, Seed(3));
    let events = play_without_buttons(&mut game, |event| matches!(event, GameEvent::Over(_)));
    assert_eq!(events.last(), Some(&GameEvent::Over(Defeat::Overrun)));
    assert_eq!(game.state().lives, 0);
}

#[test]
fn cleared_level_gives_fifty_points_times_its_number_and_starts_the_next_level() {
    let tuning = Tuning { bomb_rate: 0.0.into(), invader_drop_distance: 0.0.into(), ..Tuning::default() };
    let mut game = Game::new(tuning, Seed(5));
    let mut bot = Bot::new(5);
    let mut bonuses = Vec::new();
    while game.state().level < 3 {
        let buttons = bot.buttons(&game);
        for event in game.step(buttons) {
            if let GameEvent::LevelCleared { level, bonus } = event {
                bonuses.push((*level, *bonus));
            }
        }
        assert!(game.state().tick.0 < 20 * MINUTE, "the bot does not clear the level in 20 minutes");
    }
    assert_eq!(bonuses, [(1, 50), (2, 100)]);
    assert!(matches!(game.state().phase, Phase::Countdown { .. }));
}

#[test]
fn rockets_do_not_exceed_the_fire_rate() {
    let mut game = Game::new(Tuning::default(), Seed(1));
    let mut fired = Vec::new();
    for tick in 0..COUNTDOWN_TICKS as u32 + 200 {
        let buttons = if tick % 2 == 0 { Buttons::FIRE } else { Buttons::FIRE | Buttons::LEFT };
        if game.step(buttons).iter().any(|event| matches!(event, GameEvent::RocketFired { .. })) {
            fired.push(tick);
        }
    }
    assert!(fired.len() >= 8);
    assert!(fired.windows(2).all(|pair| pair[1] - pair[0] == 25), "2.4 rockets a second: {fired:?}");
}
