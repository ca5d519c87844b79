//! How fast the rules run: ticks a second, and the time to verify a 10-minute game.

use divan::{Bencher, counter::ItemsCount};
use shared::{
    bot::Bot,
    replay::{ButtonLog, Replay, Seed},
    rules::{Game, RULES_VERSION, TICKS_PER_SECOND},
    tuning::Tuning,
};

const TEN_MINUTES: u32 = 10 * 60 * TICKS_PER_SECOND;

fn main() {
    divan::main();
}

/// A bot's game that lasts ten minutes: few bombs, and a march that never comes down.
fn ten_minutes() -> Replay {
    let tuning = Tuning { bomb_rate: 0.01.into(), invader_drop_distance: 0.0.into(), ..Tuning::default() };
    (0..1000)
        .map(|seed| play(&tuning, Seed(seed)))
        .find(|replay| replay.log.ticks() == TEN_MINUTES)
        .unwrap_or_else(|| unreachable!("no bot survives ten minutes"))
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

/// One call verifies a whole 10-minute game; the items are ticks.
#[divan::bench]
fn verify_ten_minutes(bencher: Bencher) {
    let replay = ten_minutes();
    bencher.counter(ItemsCount::new(TEN_MINUTES)).bench_local(|| replay.run().hash());
}
