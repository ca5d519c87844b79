//! Golden replays: recorded games with the hash of their final state. If a hash differs, the rules have changed and
//! RULES_VERSION must change. `UPDATE_GOLDEN=1 cargo test -p shared --test golden` records the games again.

use std::{fs, path::PathBuf};

use serde::{Deserialize, Serialize};
use shared::{
    bot::Bot,
    replay::{ButtonLog, Replay, Seed},
    rules::{Game, RULES_VERSION, StateHash},
    tuning::Tuning,
};

const GAMES: u64 = 12;
/// Maximum length of a game, in ticks: ten minutes.
const MAX_TICKS: u32 = 10 * 60 * 60;

#[derive(Serialize, Deserialize)]
struct Golden {
    replay: Replay,
    hash: StateHash,
}

fn path(seed: u64) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/{seed:02}.json"))
}

/// Four tunings in turn: classic, arcade, an easier classic and a harder one.
fn tuning(seed: u64) -> Tuning {
    match seed % 4 {
        0 => Tuning::default(),
        1 => Tuning::arcade(),
        2 => Tuning {
            name: "gentle".into(),
            bomb_rate: 0.02.into(),
            invader_drop_distance: 4.0.into(),
            ..Tuning::default()
        },
        _ => Tuning {
            name: "wild".into(),
            bomb_rate: 0.3.into(),
            bomb_max_velocity: 180.0.into(),
            invader_acceleration: 4.5.into(),
            invader_ranks: 3.0.into(),
            invader_files: 14.0.into(),
            rocket_max_fire_rate: 6.0.into(),
            ..Tuning::default()
        },
    }
}

fn record(seed: u64) -> Golden {
    let tuning = tuning(seed);
    let mut game = Game::new(tuning.clone(), Seed(seed));
    let mut bot = Bot::new(seed);
    let mut log = ButtonLog::default();
    while !game.is_over() && log.ticks() < MAX_TICKS {
        let buttons = bot.buttons(&game);
        log.push(buttons);
        game.step(buttons);
    }
    let hash = game.state().hash();
    Golden { replay: Replay { rules_version: RULES_VERSION, seed: Seed(seed), tuning, log }, hash }
}

#[test]
fn golden_replays_end_in_their_recorded_hashes() {
    for seed in 0..GAMES {
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            let json = serde_json::to_string_pretty(&record(seed)).unwrap();
            fs::write(path(seed), json + "\n").unwrap();
        }
        let golden: Golden = serde_json::from_slice(&fs::read(path(seed)).unwrap()).unwrap();
        assert_eq!(golden.replay.rules_version, RULES_VERSION);
        assert_eq!(golden.replay.run().hash(), golden.hash, "golden replay {seed}");
    }
}
