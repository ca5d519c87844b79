//! Tests of the rules of preset arcade in games that a bot plays. The march, the shields, the mystery ship and the
//! tables have unit tests in their modules.

#![allow(clippy::panic, reason = "a failing test may panic")]

use std::collections::BTreeSet;

use shared::{
    bot::Bot,
    replay::Seed,
    rules::{Bomb, BombKind, Buttons, COUNTDOWN_TICKS, Defeat, Game, GameEvent, LIVES, Phase, Px, State},
    tuning::{Bombing, MarchStyle, Sprites, Tuning},
};

/// One tick of a game: the state before it, the game after it, and its game events.
struct Step<'a> {
    before: State,
    game: &'a Game,
    events: Vec<GameEvent>,
}

impl Step<'_> {
    fn after(&self) -> &State {
        self.game.state()
    }

    fn has(&self, is_expected: impl Fn(&GameEvent) -> bool) -> bool {
        self.events.iter().any(is_expected)
    }
}

/// Calls `check` for each tick of eight games of three minutes. The seeds are 0 to 7.
fn play_games(tuning: &Tuning, mut check: impl FnMut(u64, Step)) {
    for seed in 0..8 {
        let mut game = Game::new(tuning.clone(), Seed(seed));
        let mut bot = Bot::new(seed);
        for _ in 0..3 * 60 * 60 {
            let before = game.state().clone();
            let buttons = bot.buttons(&game);
            let events = game.step(buttons).to_vec();
            check(seed, Step { before, game: &game, events });
        }
    }
}

fn of_kind(state: &State, kind: BombKind) -> Option<Bomb> {
    state.bombs.iter().copied().find(|bomb| bomb.kind == kind)
}

const KINDS: [BombKind; 3] = [BombKind::Rolling, BombKind::Plunger, BombKind::Squiggly];

#[test]
fn ship_moves_one_pixel_per_tick_and_its_only_rocket_four() {
    let mut rocket_moves = 0;
    play_games(&Tuning::arcade(), |_, step| {
        let moved = step.after().ship_x - step.before.ship_x;
        let was_reset = step.has(|event| matches!(event, GameEvent::ShipCame | GameEvent::LevelCleared { .. }));
        assert!(was_reset || [Px::ZERO, Px::whole(1), Px::whole(-1)].contains(&moved));
        assert!(step.after().rockets.len() <= 1);
        if let ([was], [is]) = (&step.before.rockets[..], &step.after().rockets[..])
            && step.before.phase == Phase::Playing
            && !step.has(|event| matches!(event, GameEvent::RocketFired { .. }))
        {
            assert_eq!(was.at.y - is.at.y, Px::whole(4));
            rocket_moves += 1;
        }
    });
    assert!(rocket_moves > 1000);
}

#[test]
fn hit_freezes_the_formation_for_16_ticks() {
    let mut frozen = 0;
    let mut freezes = Vec::new();
    play_games(&Tuning::arcade(), |_, step| {
        if step.before.phase != Phase::Playing || step.after().phase != Phase::Playing {
            frozen = 0;
            return;
        }
        let is_same = |slot| {
            let at = |state: &State| {
                state.formation.invaders(step.game.params()).find(|(other, _)| *other == slot).map(|(_, at)| at)
            };
            at(&step.before) == at(step.after())
        };
        let moved = step.after().formation.invaders(step.game.params()).any(|(slot, _)| !is_same(slot));
        if moved && frozen > 0 {
            freezes.push(frozen);
            frozen = 0;
        } else if !moved {
            frozen += 1;
        }
        if step.has(|event| matches!(event, GameEvent::InvaderHit { .. })) {
            frozen = 0;
        }
    });
    let exact = freezes.iter().filter(|ticks| **ticks == 16).count();
    // Some freezes are longer: a round can start with a tick without a move, and a second hit extends a freeze.
    assert!(exact * 10 > freezes.len() * 8 && exact > 100, "{exact} of {}", freezes.len());
}

#[test]
fn at_most_one_bomb_of_each_kind_is_in_flight() {
    let mut max_bombs = 0;
    play_games(&Tuning::arcade(), |_, step| {
        for kind in KINDS {
            assert!(step.after().bombs.iter().filter(|bomb| bomb.kind == kind).count() <= 1);
        }
        max_bombs = max_bombs.max(step.after().bombs.len());
    });
    assert_eq!(max_bombs, 3);
}

#[test]
fn bomb_moves_every_third_tick_by_four_pixels_or_by_five_with_eight_invaders_left() {
    let (mut slow, mut fast) = (0, 0);
    play_games(&Tuning::arcade(), |_, step| {
        for (phase, kind) in KINDS.into_iter().enumerate() {
            let (Some(was), Some(is)) = (of_kind(&step.before, kind), of_kind(step.after(), kind)) else { continue };
            if step.before.phase != Phase::Playing || is.steps == 0 {
                continue;
            }
            let is_turn = step.before.tick.0 as usize % 3 == phase;
            let is_fast = step.before.formation.living() <= 8;
            let moved = (is.at.y - was.at.y).to_f32();
            let expected = match (is_turn, is_fast) {
                (false, _) => 0.0,
                (true, false) => 4.0,
                (true, true) => 5.0,
            };
            assert!((moved - expected).abs() < 0.01, "{kind:?} moved {moved} pixels, not {expected}");
            slow += u32::from(moved > 3.0 && moved < 4.5);
            fast += u32::from(moved > 4.5);
        }
    });
    assert!(slow > 1000 && fast > 10, "{slow} {fast}");
}

#[test]
fn rolling_bomb_is_dropped_above_the_ship() {
    let mut dropped = 0;
    play_games(&Tuning::arcade(), |_, step| {
        if let Some(bomb) = of_kind(step.after(), BombKind::Rolling).filter(|bomb| bomb.steps == 0)
            && of_kind(&step.before, BombKind::Rolling).is_none()
        {
            assert!((bomb.at.x - step.after().ship_x).to_f32().abs() <= 8.0);
            dropped += 1;
        }
    });
    assert!(dropped > 20);
}

#[test]
fn last_invader_drops_no_plunger_and_no_squiggly_is_dropped_during_a_mystery_ship() {
    let (mut last_invader_ticks, mut mystery_ships) = (0, 0);
    play_games(&Tuning::arcade(), |_, step| {
        let dropped = |kind| {
            of_kind(&step.before, kind).is_none() && of_kind(step.after(), kind).is_some_and(|bomb| bomb.steps == 0)
        };
        if step.after().formation.living() == 1 {
            assert!(!dropped(BombKind::Plunger));
            last_invader_ticks += 1;
        }
        if step.has(|event| matches!(event, GameEvent::MysteryCame)) {
            assert!(of_kind(step.after(), BombKind::Squiggly).is_none());
            mystery_ships += 1;
        }
        if step.after().mystery.at().is_some() {
            assert!(!dropped(BombKind::Squiggly));
        }
    });
    assert!(last_invader_ticks > 0 && mystery_ships > 5, "{last_invader_ticks} {mystery_ships}");
}

#[test]
fn bomb_is_dropped_after_the_reload_of_the_others() {
    let mut dropped = 0;
    play_games(&Tuning::arcade(), |_, step| {
        if !step.has(|event| matches!(event, GameEvent::BombDropped { .. })) {
            return;
        }
        let reload = match step.before.score {
            ..300 => 48,
            300..1100 => 16,
            1100..2100 => 11,
            2100..3100 => 8,
            3100.. => 7,
        };
        let others = step.after().bombs.iter().filter(|bomb| bomb.steps > 0);
        assert!(others.into_iter().all(|bomb| bomb.steps > reload || step.after().score != step.before.score));
        dropped += 1;
    });
    assert!(dropped > 50);
}

#[test]
fn hit_on_the_ship_stops_the_game_and_no_bomb_is_dropped_for_48_ticks_after_the_respawn() {
    let mut quiet_until = 0;
    let mut respawns = 0;
    play_games(&Tuning::arcade(), |_, step| {
        if let Phase::Respawning { .. } = step.before.phase {
            assert_eq!((&step.before.formation, step.before.score), (&step.after().formation, step.after().score));
        }
        let tick = step.before.tick.0;
        if step.has(|event| matches!(event, GameEvent::ShipCame)) {
            quiet_until = tick + 48;
            respawns += 1;
        }
        if step.has(|event| matches!(event, GameEvent::BombDropped { .. })) && respawns > 0 {
            assert!(tick > quiet_until || tick + 48 < quiet_until, "a bomb {} ticks early", quiet_until - tick);
        }
        if tick == 0 {
            quiet_until = 0;
        }
    });
    assert!(respawns > 5);
}

#[test]
fn extra_life_is_given_once_at_1500_points() {
    let mut extras = [0; 8];
    let mut reached = [false; 8];
    play_games(&Tuning::arcade(), |seed, step| {
        let is_reached = step.before.score < 1500 && step.after().score >= 1500;
        let extra = step.has(|event| matches!(event, GameEvent::ExtraLife));
        assert_eq!(extra, is_reached);
        extras[seed as usize] += u32::from(extra);
        reached[seed as usize] |= is_reached;
        assert!(step.after().lives <= LIVES + 1);
    });
    assert_eq!(extras.map(|n| n == 1), reached);
    assert!(reached.contains(&true), "no bot reached 1500 points");
}

#[test]
fn shields_erode_and_are_whole_at_the_start_of_each_level() {
    let whole = Game::new(Tuning::arcade(), Seed(1)).state().shields.pixels();
    let (mut hits, mut levels) = (0, 0);
    play_games(&Tuning::arcade(), |_, step| {
        let (was, is) = (step.before.shields.pixels(), step.after().shields.pixels());
        if step.has(|event| matches!(event, GameEvent::LevelCleared { .. })) {
            assert_eq!(is, whole);
            levels += 1;
        } else if step.has(|event| matches!(event, GameEvent::ShieldHit { .. })) {
            assert!(is < was);
            hits += 1;
        }
    });
    assert!(hits > 50 && levels > 0, "{hits} {levels}");
}

#[test]
fn landing_invaders_end_the_game() {
    let mut game =
        Game::new(Tuning { respawn_seconds: 0.0.into(), bomb_rate: 0.0.into(), ..Tuning::arcade() }, Seed(3));
    let mut last = None;
    // The ship stays in the left corner, where few bombs fall.
    for _ in 0..20 * 60 * 60 {
        last = game.step(Buttons::LEFT).last().copied().or(last);
        if game.is_over() {
            break;
        }
    }
    let is_last_event_over = matches!(last, Some(GameEvent::Over(_)));
    assert!(is_last_event_over && game.state().lives == 0);
    let without_bombs = Tuning { bombing: Bombing::Random, bomb_rate: 0.0.into(), ..Tuning::arcade() };
    let mut game = Game::new(without_bombs, Seed(3));
    let over = (0..20 * 60 * 60).find_map(|_| {
        let last = game.step(Buttons::empty()).last().copied();
        last.filter(|event| matches!(event, GameEvent::Over(_)))
    });
    assert_eq!(over, Some(GameEvent::Over(Defeat::Overrun)));
}

#[test]
fn rules_of_both_presets_can_be_combined() {
    let mixed = Tuning {
        name: "mixed".to_owned(),
        sprites: Sprites::Large,
        march: MarchStyle::InTurn,
        bombing: Bombing::Random,
        bomb_rate: 0.1.into(),
        shields: 3.0.into(),
        mystery_seconds: 5.0.into(),
        ..Tuning::default()
    };
    assert_eq!(mixed.validation_errors(), vec![]);
    let (mut mystery_ships, mut hits) = (0, 0);
    play_games(&mixed, |_, step| {
        mystery_ships += u32::from(step.has(|event| matches!(event, GameEvent::MysteryCame)));
        hits += u32::from(step.has(|event| matches!(event, GameEvent::ShieldHit { .. })));
    });
    assert!(mystery_ships > 10 && hits > 10, "{mystery_ships} {hits}");
}

#[test]
fn every_seed_starts_in_the_same_place_and_marches_to_the_right_within_55_ticks() {
    let start = Game::new(Tuning::arcade(), Seed(0)).state().clone();
    let mut delays = BTreeSet::new();
    for seed in 0..1000 {
        let mut game = Game::new(Tuning::arcade(), Seed(seed));
        assert_eq!((&game.state().formation, &game.state().shields), (&start.formation, &start.shields));
        let xs =
            |game: &Game| -> Vec<Px> { game.state().formation.invaders(game.params()).map(|(_, at)| at.x).collect() };
        let before = xs(&game);
        let moved = (1..1000).find(|_| {
            game.step(Buttons::empty());
            xs(&game) != before
        });
        delays.insert(moved.unwrap() - i32::from(COUNTDOWN_TICKS));
        assert!(xs(&game).iter().zip(before).all(|(is, was)| *is >= was), "to the right");
    }
    assert_eq!(delays, (1..=56).collect());
}

#[test]
fn no_bomb_is_dropped_for_up_to_144_ticks_of_a_level_and_the_seed_chooses_for_how_long() {
    let mut quiet = Vec::new();
    for seed in 0..100 {
        let mut game = Game::new(Tuning::arcade(), Seed(seed));
        let is_bomb = |event: &GameEvent| matches!(event, GameEvent::BombDropped { .. });
        let dropped = (0..1000_u32).find(|_| game.step(Buttons::empty()).iter().any(is_bomb));
        quiet.push(dropped.unwrap() - u32::from(COUNTDOWN_TICKS));
    }
    let (shortest, longest) = (quiet.iter().min().unwrap(), quiet.iter().max().unwrap());
    assert!(*shortest < 10 && (135..150).contains(longest), "{shortest} to {longest}");
}
