//! `tools calibrate`: plays games of bots and programs, and measures how often the marks of `shared::hands` find them.
//! `tools calibrate lag` measures the lag of bad Wi-Fi.
//!
//! Bots stand for players here, with guessed skills. No human play is recorded, so the rates say nothing about people.

mod interval;
pub mod lag;
mod player;
mod report;

use std::{
    num::NonZero,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use clap::{Args, Subcommand, ValueEnum};
use shared::{
    hands::{HandCounter, HandFigures, HandMark, marks},
    rules::{Game, Seed, TICKS_PER_SECOND},
    tuning::Tuning,
};

pub use interval::Interval;
pub use player::{KINDS, Kind, Player};
pub use report::{Report, Row, reason};

/// What to calibrate: marks, or the subject of a subcommand.
#[derive(Debug, Clone, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Calibration {
    #[command(subcommand)]
    subject: Option<Subject>,
    #[command(flatten)]
    marks: Options,
}

/// What is calibrated instead of marks.
#[derive(Debug, Clone, Subcommand)]
enum Subject {
    /// Measure the lag of buttons that bad Wi-Fi causes, by simulation
    #[command(after_help = "\
Example:
  tools calibrate lag --games 1000
          1,000 games with 5 % of packets lost, round trips of 300 ms and outages of 20 s")]
    Lag(lag::Options),
}

impl Calibration {
    /// Runs it. Returns the report.
    pub fn run(&self) -> String {
        match &self.subject {
            Some(Subject::Lag(options)) => lag::run(options).to_string(),
            None => run(&self.marks).to_string(),
        }
    }
}

/// Options of the calibration of marks.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// Number of games of each kind of player
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub games: u32,
    /// Maximum length of a game in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub seconds: u32,
    /// Preset of the games
    #[arg(long, value_enum, default_value_t = Preset::Arcade)]
    pub preset: Preset,
    /// Seed of the first game. Game number I of each kind has the seed N + I
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
}

/// A preset of the rules.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Preset {
    /// The arcade machine
    Arcade,
    /// The workshop's original game
    Classic,
}

impl Preset {
    fn tuning(self) -> Tuning {
        match self {
            Preset::Arcade => Tuning::arcade(),
            Preset::Classic => Tuning::default(),
        }
    }
}

/// A game that was played for the calibration.
#[derive(Debug, Clone)]
pub struct CalibrationGame {
    /// Points at the end.
    pub score: u32,
    /// The figures of its buttons.
    pub figures: HandFigures,
    /// The marks of its buttons.
    pub marks: Vec<HandMark>,
}

/// Plays the games of all kinds of players, on all processors at the same time.
pub fn run(options: &Options) -> Report {
    let rows = KINDS.iter().map(|kind| Row { kind: kind.name, games: play_games(kind, options) });
    Report { rows: rows.collect() }
}

fn play_games(kind: &Kind, options: &Options) -> Vec<CalibrationGame> {
    let next = AtomicUsize::new(0);
    let play_some = || {
        let numbers = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed) as u64);
        let numbers = numbers.take_while(|number| *number < u64::from(options.games));
        numbers.map(|number| play(kind, options, options.seed.wrapping_add(number))).collect::<Vec<_>>()
    };
    thread::scope(|scope| {
        let threads = thread::available_parallelism().map_or(1, NonZero::get);
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(play_some)).collect();
        threads.into_iter().filter_map(|thread| thread.join().ok()).flatten().collect()
    })
}

/// Plays one game of a kind of player.
pub fn play(kind: &Kind, options: &Options, seed: u64) -> CalibrationGame {
    let mut game = Game::new(options.preset.tuning(), Seed(seed));
    let mut player = Player::new(kind, seed);
    let mut counter = HandCounter::default();
    while !game.is_over() && game.state().tick.0 < options.seconds.saturating_mul(TICKS_PER_SECOND) {
        let buttons = player.buttons(&game);
        counter.count(game.state().phase, buttons);
        counter.count_events(game.step(buttons));
    }
    let figures = counter.figures();
    CalibrationGame { score: game.state().score, figures, marks: marks(&figures) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(kind: &Kind, preset: Preset, games: u32) -> Vec<HandMark> {
        let options = Options { games, seconds: 60, preset, seed: 0 };
        play_games(kind, &options).into_iter().flat_map(|game| game.marks).collect()
    }

    #[test]
    fn bots_are_not_marked_on_fast_or_slow_devices() {
        for preset in [Preset::Arcade, Preset::Classic] {
            for kind in KINDS.iter().filter(|kind| !kind.looks_ahead()) {
                assert_eq!(marked(kind, preset, 10), [], "{} in {preset:?}", kind.name);
            }
        }
    }

    #[test]
    fn plain_look_ahead_player_scores_more_than_a_bot_and_is_marked() {
        let bot = &KINDS[0];
        let look_ahead = KINDS.iter().find(|kind| kind.looks_ahead()).unwrap();
        for preset in [Preset::Arcade, Preset::Classic] {
            let options = Options { games: 1, seconds: 60, preset, seed: 3 };
            let [bot, look_ahead] = [bot, look_ahead].map(|kind| play(kind, &options, 3));
            assert!(look_ahead.score > bot.score, "{} and {} points in {preset:?}", look_ahead.score, bot.score);
            assert!(!look_ahead.marks.is_empty(), "{preset:?}: {:?}", look_ahead.figures);
        }
    }

    #[test]
    fn look_ahead_player_with_holds_of_one_length_is_marked_for_them_and_one_with_varied_holds_is_not() {
        for kind in KINDS.iter().filter(|kind| kind.name.starts_with("look-ahead, ")) {
            let options = Options { games: 1, seconds: 90, preset: Preset::Arcade, seed: 3 };
            let game = play(kind, &options, 3);
            let is_even = game.marks.iter().any(|mark| matches!(mark, HandMark::EvenHolds { .. }));
            assert_eq!(is_even, kind.name != "look-ahead, varied holds", "{}: {:?}", kind.name, game.figures);
        }
    }

    #[test]
    fn look_ahead_players_are_marked_for_their_aim() {
        // After a quick hit the gun fires again while the button is still down.
        let fires_unaimed = "look-ahead, holds of 10 ticks";
        for preset in [Preset::Arcade, Preset::Classic] {
            for kind in KINDS.iter().filter(|kind| kind.looks_ahead() && kind.name != fires_unaimed) {
                let game = play(kind, &Options { games: 1, seconds: 90, preset, seed: 3 }, 3);
                let is_marked = game.marks.iter().any(|mark| matches!(mark, HandMark::RocketHits { .. }));
                assert!(is_marked, "{} in {preset:?}: {:?}", kind.name, game.figures);
            }
        }
    }
}
