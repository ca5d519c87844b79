//! What a tuning comes to at one level, in the units of a tick.

use super::{Px, TICKS_PER_SECOND};
use crate::tuning::{Decimal, Tuning};

/// Rows of invaders at most: 8 by tuning and the part that levels add.
pub const MAX_ROWS: usize = 11;
/// Columns of invaders at most: 20 by tuning and 5 that levels add.
pub const MAX_COLUMNS: usize = 25;
/// Rockets in flight at most. The fire rate alone keeps it lower unless rockets crawl; one more is not fired.
pub const MAX_ROCKETS: usize = 24;
/// Bombs in flight at most; one more is not dropped.
pub const MAX_BOMBS: usize = 48;

/// No speed grows beyond this, however high the level: at 14 pixels a tick nothing can jump through an invader or
/// the ship.
const SPEED_LIMIT: Decimal = Decimal::from_micros(840_000_000);

/// The figures of one level, derived from a tuning once as the level starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LevelRates {
    /// Width of the playfield.
    pub width: Px,
    /// Height of the playfield.
    pub height: Px,
    /// Rows of invaders, 1 to [`MAX_ROWS`].
    pub rows: usize,
    /// Columns of invaders, 1 to [`MAX_COLUMNS`].
    pub columns: usize,
    /// Distance between two columns.
    pub column_spacing: Px,
    /// Only the columns below this one drop bombs.
    pub bombing_columns: usize,
    /// March speed as the level opens, a tick.
    pub march_speed: Px,
    /// Added to the march speed at every turn, a tick.
    pub march_acceleration: Px,
    /// The march is never faster than this, a tick.
    pub march_limit: Px,
    /// Drop at an edge.
    pub drop_distance: Px,
    /// Speed of the ship, a tick.
    pub ship_speed: Px,
    /// Speed of a rocket, a tick.
    pub rocket_speed: Px,
    /// Ticks from one rocket to the next, at least 1.
    pub reload_ticks: u16,
    /// The slowest bomb, a tick.
    pub bomb_min_speed: Px,
    /// The fastest bomb, a tick.
    pub bomb_max_speed: Px,
    /// An invader drops a bomb in a tick when a 32-bit draw is below this.
    pub bomb_chance: u32,
    /// Points for an invader.
    pub points: u32,
}

impl LevelRates {
    /// The figures of `level`, which counts from 1.
    ///
    /// With x = level * levelDifficultyMultiplier: march speed * (1 + 1.5x), bomb rate and speeds * (1 + x);
    /// with the level capped: fire rate + 0.4 a level, rows + 0.1, columns + 0.2.
    pub fn new(tuning: &Tuning, level: u32) -> LevelRates {
        let x = whole(level).times(tuning.level_difficulty_multiplier);
        let harder = |base: Decimal, by: Decimal| base.times(Decimal::ONE.plus(by));
        let capped = whole(level).min(tuning.limit_level_increase);
        let more = |base: Decimal, tenths: i64| base.plus(capped.times(Decimal::from_micros(tenths * 100_000)));

        let files = more(tuning.invader_files, 2);
        LevelRates {
            width: Px::length(tuning.game_width),
            height: Px::length(tuning.game_height),
            rows: parts(more(tuning.invader_ranks, 1)),
            columns: parts(files),
            column_spacing: Px::ratio(200 * Decimal::ONE.micros(), files.micros()),
            bombing_columns: parts(tuning.invader_files),
            march_speed: speed(harder(tuning.invader_initial_velocity, x.times(Decimal::from_micros(1_500_000)))),
            march_acceleration: speed(tuning.invader_acceleration),
            march_limit: speed(SPEED_LIMIT),
            drop_distance: Px::length(tuning.invader_drop_distance),
            ship_speed: speed(tuning.ship_speed),
            rocket_speed: speed(tuning.rocket_velocity),
            reload_ticks: ticks_between(more(tuning.rocket_max_fire_rate, 4)),
            bomb_min_speed: speed(harder(tuning.bomb_min_velocity, x)),
            bomb_max_speed: speed(harder(tuning.bomb_max_velocity, x)),
            bomb_chance: chance(harder(tuning.bomb_rate, x)),
            points: (tuning.points_per_invader.micros() / Decimal::ONE.micros()) as u32,
        }
    }
}

fn whole(n: u32) -> Decimal {
    Decimal::from_micros(i64::from(n) * Decimal::ONE.micros())
}

/// How many whole numbers from 0 lie below `count`.
fn parts(count: Decimal) -> usize {
    let one = Decimal::ONE.micros();
    ((count.micros() + one - 1) / one) as usize
}

fn speed(pixels_per_second: Decimal) -> Px {
    Px::speed(pixels_per_second.min(SPEED_LIMIT))
}

/// Whole ticks from one event to the next, rounded to the nearest, at least 1.
fn ticks_between(per_second: Decimal) -> u16 {
    let second = i64::from(TICKS_PER_SECOND) * Decimal::ONE.micros();
    let ticks = (second + per_second.micros() / 2) / per_second.micros();
    ticks.clamp(1, i64::from(u16::MAX)) as u16
}

/// The chance in one tick as a threshold of a 32-bit draw, rounded down.
fn chance(per_second: Decimal) -> u32 {
    let second = i128::from(TICKS_PER_SECOND) * i128::from(Decimal::ONE.micros());
    let threshold = (i128::from(per_second.micros()) << 32) / second;
    threshold.min(u32::MAX.into()) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn per_second(speed: Px) -> f32 {
        speed.to_f32() * 60.0
    }

    #[test]
    fn level_one_of_classic_is_the_originals() {
        let rates = LevelRates::new(&Tuning::default(), 1);
        assert_eq!((rates.rows, rates.columns, rates.bombing_columns), (6, 11, 10));
        assert!((per_second(rates.march_speed) - 32.5).abs() < 0.01);
        assert!((per_second(rates.bomb_min_speed) - 60.0).abs() < 0.01);
        assert_eq!(rates.reload_ticks, 25, "2.4 rockets a second");
        assert_eq!(rates.bomb_chance, (0.06_f64 / 60.0 * 4_294_967_296.0) as u32);
        assert!((rates.column_spacing.to_f32() - 200.0 / 10.2).abs() < 0.001);
    }

    #[test]
    fn the_capped_level_stops_growing() {
        let at = |level| LevelRates::new(&Tuning::default(), level);
        assert_eq!(at(25).rows, at(500).rows);
        assert_eq!(at(25).columns, at(500).columns);
        assert_eq!(at(25).reload_ticks, at(500).reload_ticks);
        assert!(at(500).march_speed > at(25).march_speed);
    }

    #[test]
    fn no_level_outgrows_the_bounds() {
        let wildest = Tuning {
            invader_ranks: 8.0.into(),
            invader_files: 20.0.into(),
            level_difficulty_multiplier: 2.0.into(),
            invader_initial_velocity: 600.0.into(),
            ..Tuning::default()
        };
        let rates = LevelRates::new(&wildest, u32::MAX);
        assert!(rates.rows <= MAX_ROWS && rates.columns <= MAX_COLUMNS);
        assert_eq!(rates.march_speed, rates.march_limit);
    }
}
