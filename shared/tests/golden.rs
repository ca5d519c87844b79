//! Golden replays: recorded games with the hash of their final state. If a hash differs, the rules have changed and
//! RULES_VERSION must change. `UPDATE_GOLDEN=1 cargo test -p shared --test golden` records the games again.

#![allow(clippy::unwrap_used, reason = "a failing test may panic")]

#[path = "support/golden_files.rs"]
mod golden_files;
#[path = "support/look_ahead.rs"]
mod look_ahead;

use std::{fs, path::Path};

use golden_files::{Golden, LOOK_AHEAD_GAMES, path};
use shared::{
    bot::Bot,
    replay::{ButtonLog, Replay, Seed},
    rules::{Game, RULES_VERSION},
    tuning::Tuning,
};

/// Numbers of the games that a bot plays.
const BOT_GAMES: std::ops::Range<u64> = 0..12;
/// Maximum length of a bot's game, in ticks: ten minutes.
const MAX_BOT_TICKS: u32 = 10 * 60 * 60;
/// Maximum length of a look-ahead player's game, in ticks: four minutes.
const MAX_LOOK_AHEAD_TICKS: u32 = 4 * 60 * 60;

/// Bots play four tunings in turn: classic, arcade, an easier classic and a harder one. Look-ahead players play the
/// three presets.
fn tuning(number: u64) -> Tuning {
    if LOOK_AHEAD_GAMES.contains(&number) {
        return match number % 3 {
            0 => Tuning::arcade(),
            1 => Tuning::default(),
            _ => stampede(),
        };
    }
    match number % 4 {
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

fn stampede() -> Tuning {
    Tuning::from_toml(Path::new("stampede.toml"), include_str!("../../presets/stampede.toml")).unwrap()
}

fn record(number: u64) -> Golden {
    let (tuning, seed) = (tuning(number), Seed(number));
    let game = Game::new(tuning.clone(), seed);
    let log = if BOT_GAMES.contains(&number) {
        play_bot(game, number)
    } else {
        look_ahead::play(game, MAX_LOOK_AHEAD_TICKS).into_iter().collect()
    };
    let replay = Replay { rules_version: RULES_VERSION, seed, tuning, log };
    let hash = replay.run().hash();
    Golden { replay, hash }
}

fn play_bot(mut game: Game, seed: u64) -> ButtonLog {
    let mut bot = Bot::new(seed);
    let mut log = ButtonLog::default();
    while !game.is_over() && log.ticks() < MAX_BOT_TICKS {
        let buttons = bot.buttons(&game);
        log.push(buttons);
        game.step(buttons);
    }
    log
}

#[test]
fn golden_replays_end_in_their_recorded_hashes() {
    for number in BOT_GAMES.chain(LOOK_AHEAD_GAMES) {
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            let json = serde_json::to_string_pretty(&record(number)).unwrap();
            fs::write(path(number), json + "\n").unwrap();
        }
        let golden = Golden::read(number);
        assert_eq!(golden.replay.rules_version, RULES_VERSION);
        assert_eq!(golden.replay.run().hash(), golden.hash, "golden replay {number}");
    }
}
