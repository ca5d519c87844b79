//! Speed of the rules: ticks per second, and the time to verify a 10-minute game.

use divan::{Bencher, counter::ItemsCount};
use shared::{
    bot::Bot,
    replay::{ButtonLog, Replay, Seed},
    rules::{Game, RULES_VERSION, TICKS_PER_SECOND},
    tuning::{Bombing, Tuning},
};

const TEN_MINUTES: u32 = 10 * 60 * TICKS_PER_SECOND;

fn main() {
    divan::main();
}

/// A ten-minute game of a bot, with few bombs and invaders that never drop.
fn ten_minutes(preset: &Tuning) -> Replay {
    let tuning = Tuning { bomb_rate: 0.01.into(), invader_drop_distance: 0.0.into(), ..preset.clone() };
    (0..1000)
        .map(|seed| play(&tuning, Seed(seed)))
        .find(|replay| replay.log.ticks() == TEN_MINUTES)
        .unwrap_or_else(|| unreachable!("no bot with a seed below 1000 survives ten minutes"))
}

fn play(tuning: &Tuning, seed: Seed) -> Replay {
    let mut game = Game::new(tuning.clone(), seed);
    let mut bot = Bot::new(seed.0);
    let mut log = ButtonLog::default();
    while !game.is_over() && log.ticks() < TEN_MINUTES {
        let buttons = bot.buttons(&game);
        log.push(buttons);
        game.step(buttons);
    }
    Replay { rules_version: RULES_VERSION, seed, tuning: tuning.clone(), log }
}

/// Each call verifies a 10-minute game. Items are ticks.
#[divan::bench]
fn verify_ten_minutes_of_classic(bencher: Bencher) {
    verify(bencher, &Tuning::default());
}

/// Uses random bombing, which the bot survives for ten minutes.
#[divan::bench]
fn verify_ten_minutes_of_arcade(bencher: Bencher) {
    verify(bencher, &Tuning { bombing: Bombing::Random, ..Tuning::arcade() });
}

fn verify(bencher: Bencher, preset: &Tuning) {
    let replay = ten_minutes(preset);
    bencher.counter(ItemsCount::new(TEN_MINUTES)).bench_local(|| replay.run().hash());
}
