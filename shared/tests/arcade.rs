//! Each rule of preset arcade, shown in games that are really played. What concerns a single part (the march, the
//! shields, the mystery ship, the tables) is tested beside it.

#![allow(clippy::panic, reason = "a test that cannot go on has failed")]

use shared::{
    bot::Bot,
    replay::Seed,
    rules::{Bomb, BombKind, Buttons, Defeat, Game, GameEvent, LIVES, Phase, Px, State},
    tuning::{Bombing, MarchStyle, Sprites, Tuning},
};

/// One tick of a game: the state before and after, and what happened.
struct Step<'a> {
    before: State,
    game: &'a Game,
    happened: Vec<GameEvent>,
}

impl Step<'_> {
    fn after(&self) -> &State {
        self.game.state()
    }

    fn is(&self, wanted: impl Fn(&GameEvent) -> bool) -> bool {
        self.happened.iter().any(wanted)
    }
}

/// Three minutes of a few games that a bot plays.
fn watch(tuning: &Tuning, mut see: impl FnMut(u64, Step)) {
    for seed in 0..8 {
        let mut game = Game::new(tuning.clone(), Seed(seed));
        let mut bot = Bot::new(seed);
        for _ in 0..3 * 60 * 60 {
            let before = game.state().clone();
            let buttons = bot.buttons(&game);
            let happened = game.step(buttons).to_vec();
            see(seed, Step { before, game: &game, happened });
        }
    }
}

fn of_kind(state: &State, kind: BombKind) -> Option<Bomb> {
    state.bombs.iter().copied().find(|bomb| bomb.kind == kind)
}

const KINDS: [BombKind; 3] = [BombKind::Rolling, BombKind::Plunger, BombKind::Squiggly];

#[test]
fn the_ship_moves_one_pixel_a_tick_and_has_one_rocket_of_four() {
    let mut flights = 0;
    watch(&Tuning::arcade(), |_, step| {
        let moved = step.after().ship_x - step.before.ship_x;
        let came = step.is(|event| matches!(event, GameEvent::ShipCame | GameEvent::LevelCleared { .. }));
        assert!(came || [Px::ZERO, Px::whole(1), Px::whole(-1)].contains(&moved));
        assert!(step.after().rockets.len() <= 1);
        if let ([was], [is]) = (&step.before.rockets[..], &step.after().rockets[..])
            && step.before.phase == Phase::Playing
            && !step.is(|event| matches!(event, GameEvent::RocketFired { .. }))
        {
            assert_eq!(was.at.y - is.at.y, Px::whole(4));
            flights += 1;
        }
    });
    assert!(flights > 1000);
}

#[test]
fn a_hit_freezes_the_formation_for_16_ticks() {
    let mut frozen = 0;
    let mut runs = Vec::new();
    watch(&Tuning::arcade(), |_, step| {
        if step.before.phase != Phase::Playing || step.after().phase != Phase::Playing {
            frozen = 0;
            return;
        }
        let same = |slot| {
            let at = |state: &State| {
                state.formation.invaders(step.game.params()).find(|(other, _)| *other == slot).map(|(_, at)| at)
            };
            at(&step.before) == at(step.after())
        };
        let moved = step.after().formation.invaders(step.game.params()).any(|(slot, _)| !same(slot));
        if moved && frozen > 0 {
            runs.push(frozen);
            frozen = 0;
        } else if !moved {
            frozen += 1;
        }
        if step.is(|event| matches!(event, GameEvent::InvaderHit { .. })) {
            frozen = 0;
        }
    });
    let exact = runs.iter().filter(|ticks| **ticks == 16).count();
    // Now and then a round's first turn comes to nothing, or a second hit prolongs the first.
    assert!(exact * 10 > runs.len() * 8 && exact > 100, "{exact} of {}", runs.len());
}

#[test]
fn three_bombs_at_most_one_of_each_kind() {
    let mut most = 0;
    watch(&Tuning::arcade(), |_, step| {
        for kind in KINDS {
            assert!(step.after().bombs.iter().filter(|bomb| bomb.kind == kind).count() <= 1);
        }
        most = most.max(step.after().bombs.len());
    });
    assert_eq!(most, 3);
}

#[test]
fn each_bomb_advances_every_third_tick_by_four_pixels_and_by_five_when_eight_are_left() {
    let (mut slow, mut fast) = (0, 0);
    watch(&Tuning::arcade(), |_, step| {
        for (phase, kind) in KINDS.into_iter().enumerate() {
            let (Some(was), Some(is)) = (of_kind(&step.before, kind), of_kind(step.after(), kind)) else { continue };
            if step.before.phase != Phase::Playing || is.steps == 0 {
                continue;
            }
            let turn = step.before.tick.0 as usize % 3 == phase;
            let few = step.before.formation.living() <= 8;
            let by = (is.at.y - was.at.y).to_f32();
            let expected = match (turn, few) {
                (false, _) => 0.0,
                (true, false) => 4.0,
                (true, true) => 5.0,
            };
            assert!((by - expected).abs() < 0.01, "{kind:?} moved {by} pixels, not {expected}");
            slow += u32::from(by > 3.0 && by < 4.5);
            fast += u32::from(by > 4.5);
        }
    });
    assert!(slow > 1000 && fast > 10, "{slow} {fast}");
}

#[test]
fn rolling_bombs_fall_above_the_ship() {
    let mut dropped = 0;
    watch(&Tuning::arcade(), |_, step| {
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
fn the_last_invader_drops_no_plunger_and_the_mystery_ship_keeps_squigglies_away() {
    let (mut alone, mut visits) = (0, 0);
    watch(&Tuning::arcade(), |_, step| {
        let dropped = |kind| {
            of_kind(&step.before, kind).is_none() && of_kind(step.after(), kind).is_some_and(|bomb| bomb.steps == 0)
        };
        if step.after().formation.living() == 1 {
            assert!(!dropped(BombKind::Plunger));
            alone += 1;
        }
        if step.is(|event| matches!(event, GameEvent::MysteryCame)) {
            assert!(of_kind(step.after(), BombKind::Squiggly).is_none());
            visits += 1;
        }
        if step.after().mystery.at().is_some() {
            assert!(!dropped(BombKind::Squiggly));
        }
    });
    assert!(alone > 0 && visits > 5, "{alone} {visits}");
}

#[test]
fn a_bomb_waits_until_the_others_have_fallen_by_the_reload() {
    let mut dropped = 0;
    watch(&Tuning::arcade(), |_, step| {
        if !step.is(|event| matches!(event, GameEvent::BombDropped { .. })) {
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
fn a_lost_ship_stops_the_game_and_no_bomb_falls_for_48_ticks_after_the_next_has_come() {
    let mut quiet_until = 0;
    let mut respawns = 0;
    watch(&Tuning::arcade(), |_, step| {
        if let Phase::Respawning { .. } = step.before.phase {
            assert_eq!((&step.before.formation, step.before.score), (&step.after().formation, step.after().score));
        }
        let tick = step.before.tick.0;
        if step.is(|event| matches!(event, GameEvent::ShipCame)) {
            quiet_until = tick + 48;
            respawns += 1;
        }
        if step.is(|event| matches!(event, GameEvent::BombDropped { .. })) && respawns > 0 {
            assert!(tick > quiet_until || tick + 48 < quiet_until, "a bomb {} ticks early", quiet_until - tick);
        }
        if tick == 0 {
            quiet_until = 0;
        }
    });
    assert!(respawns > 5);
}

#[test]
fn one_more_life_comes_at_1500_points_and_only_once() {
    let mut extras = [0; 8];
    let mut passed = [false; 8];
    watch(&Tuning::arcade(), |seed, step| {
        let passes = step.before.score < 1500 && step.after().score >= 1500;
        let extra = step.is(|event| matches!(event, GameEvent::ExtraLife));
        assert_eq!(extra, passes);
        extras[seed as usize] += u32::from(extra);
        passed[seed as usize] |= passes;
        assert!(step.after().lives <= LIVES + 1);
    });
    assert_eq!(extras.map(|n| n == 1), passed);
    assert!(passed.contains(&true), "no bot came that far");
}

#[test]
fn shields_wear_and_are_whole_again_at_each_wave() {
    let whole = Game::new(Tuning::arcade(), Seed(1)).state().shields.pixels();
    let (mut hits, mut waves) = (0, 0);
    watch(&Tuning::arcade(), |_, step| {
        let (was, is) = (step.before.shields.pixels(), step.after().shields.pixels());
        if step.is(|event| matches!(event, GameEvent::ShieldHit { .. })) {
            assert!(is < was);
            hits += 1;
        }
        if step.is(|event| matches!(event, GameEvent::LevelCleared { .. })) {
            assert_eq!(is, whole);
            waves += 1;
        }
    });
    assert!(hits > 50 && waves > 0, "{hits} {waves}");
}

#[test]
fn invaders_that_land_end_the_game_at_once() {
    let mut game =
        Game::new(Tuning { respawn_seconds: 0.0.into(), bomb_rate: 0.0.into(), ..Tuning::arcade() }, Seed(3));
    let mut last = None;
    // In a corner, where few bombs fall, until they land.
    for _ in 0..20 * 60 * 60 {
        last = game.step(Buttons::LEFT).last().copied().or(last);
        if game.is_over() {
            break;
        }
    }
    let ended = matches!(last, Some(GameEvent::Over(_)));
    assert!(ended && game.state().lives == 0);
    let harmless = Tuning { bombing: Bombing::Random, bomb_rate: 0.0.into(), ..Tuning::arcade() };
    let mut game = Game::new(harmless, Seed(3));
    let over = (0..20 * 60 * 60).find_map(|_| {
        let last = game.step(Buttons::empty()).last().copied();
        last.filter(|event| matches!(event, GameEvent::Over(_)))
    });
    assert_eq!(over, Some(GameEvent::Over(Defeat::Overrun)));
}

#[test]
fn rules_of_both_presets_mix() {
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
    assert_eq!(mixed.mistakes(), vec![]);
    let (mut visits, mut hits) = (0, 0);
    watch(&mixed, |_, step| {
        visits += u32::from(step.is(|event| matches!(event, GameEvent::MysteryCame)));
        hits += u32::from(step.is(|event| matches!(event, GameEvent::ShieldHit { .. })));
    });
    assert!(visits > 10 && hits > 10, "{visits} {hits}");
}
