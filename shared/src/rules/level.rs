//! What a tuning comes to at one level, in the units of a tick.

use super::{Point, Px, TICKS_PER_SECOND, shield::MAX_SHIELDS};
use crate::tuning::{Bombing, Decimal, MarchStyle, Sprites, Tuning};

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

/// A box around a centre.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// From the centre to the left and the right edge.
    pub half_width: Px,
    /// From the centre to the upper and the lower edge.
    pub half_height: Px,
}

impl Size {
    /// Even numbers of pixels.
    const fn pixels(width: i32, height: i32) -> Size {
        Size { half_width: Px::whole(width / 2), half_height: Px::whole(height / 2) }
    }
}

/// The figures of one level, derived from a tuning once as the level starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LevelParams {
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
    /// Distance between two rows.
    pub row_spacing: Px,
    /// The box of an invader.
    pub invader: Size,
    /// The box of the ship.
    pub ship: Size,
    /// Where the rightmost invader of the top row stands as the level opens.
    pub first: Point,
    /// How the formation marches.
    pub march: MarchStyle,
    /// How bombs are dropped.
    pub bombing: Bombing,
    /// Only the columns below this one drop bombs.
    pub bombing_columns: usize,
    /// March speed as the level opens, a tick.
    pub march_speed: Px,
    /// Added to the march speed at every turn, a tick.
    pub march_acceleration: Px,
    /// The march is never faster than this, a tick.
    pub march_limit: Px,
    /// With the march in turn, how far one moves sideways.
    pub march_step: Px,
    /// With the march in turn, how far the last one moves to the right.
    pub last_march_step: Px,
    /// Drop at an edge.
    pub drop_distance: Px,
    /// Ticks for which the formation stands still when an invader is hit.
    pub freeze_ticks: u16,
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
    /// Rockets in flight at once, 1 to [`MAX_ROCKETS`].
    pub rockets_at_once: usize,
    /// Points for an invader of the two lowest rows.
    pub points: u32,
    /// Points more for every two rows further up.
    pub points_rise: u32,
    /// Points for clearing the level.
    pub bonus: u32,
    /// Shields as the level opens, up to [`MAX_SHIELDS`].
    pub shields: usize,
    /// Ticks from one mystery ship to the next; none where there is none.
    pub mystery_ticks: Option<u16>,
    /// The score that gives one more life, if any does.
    pub extra_life_score: Option<u32>,
    /// Ticks for which the game stands still when the ship is lost.
    pub respawn_ticks: u16,
    /// Ticks without a new bomb after that.
    pub quiet_ticks: u16,
}

impl LevelParams {
    /// The figures of `level`, which counts from 1.
    ///
    /// With x = level * levelDifficultyMultiplier: march speed * (1 + 1.5x), bomb rate and speeds * (1 + x);
    /// with the level capped: fire rate + 0.4 a level, rows + 0.1, columns + 0.2.
    pub fn new(tuning: &Tuning, level: u32) -> LevelParams {
        let x = whole(level).times(tuning.level_difficulty_multiplier);
        let harder = |base: Decimal, by: Decimal| base.times(Decimal::ONE.plus(by));
        let capped = whole(level).min(tuning.limit_level_increase);
        let more = |base: Decimal, tenths: i64| base.plus(capped.times(Decimal::from_micros(tenths * 100_000)));

        let files = more(tuning.invader_files, 2);
        let rows = parts(more(tuning.invader_ranks, 1));
        let height = Px::length(tuning.game_height);
        let columns = parts(files);
        let (invader, ship, row_spacing, column_spacing, to_the_right) = match tuning.sprites {
            Sprites::Large => {
                let spread = Px::ratio(200 * Decimal::ONE.micros(), files.micros());
                (Size::pixels(18, 14), Size::pixels(20, 16), Px::whole(20), spread, Px::whole(100))
            }
            Sprites::Small => {
                let half = Px::whole(8 * (columns as i32 - 1));
                (Size::pixels(12, 8), Size::pixels(14, 8), Px::whole(16), Px::whole(16), half)
            }
        };
        let above_lowest = row_spacing.times(rows as i32 - 1);
        let top = wave(tuning, level).map_or(Px::ZERO, |lowest| (height - lowest - above_lowest).max(Px::ZERO));
        let width = Px::length(tuning.game_width);
        LevelParams {
            width,
            height,
            rows,
            columns,
            column_spacing,
            row_spacing,
            invader,
            ship,
            first: Point { x: Px::from_raw(width.raw() / 2) + to_the_right, y: top },
            march: tuning.march,
            bombing: tuning.bombing,
            bombing_columns: parts(tuning.invader_files),
            march_speed: speed(harder(tuning.invader_initial_velocity, x.times(Decimal::from_micros(1_500_000)))),
            march_acceleration: speed(tuning.invader_acceleration),
            march_limit: speed(SPEED_LIMIT),
            march_step: Px::length(tuning.march_step),
            last_march_step: Px::length(tuning.last_march_step),
            drop_distance: Px::length(tuning.invader_drop_distance),
            freeze_ticks: ticks(tuning.freeze_seconds),
            ship_speed: speed(tuning.ship_speed),
            rocket_speed: speed(tuning.rocket_velocity),
            reload_ticks: ticks_between(more(tuning.rocket_max_fire_rate, 4)),
            bomb_min_speed: speed(harder(tuning.bomb_min_velocity, x)),
            bomb_max_speed: speed(harder(tuning.bomb_max_velocity, x)),
            bomb_chance: chance(harder(tuning.bomb_rate, x)),
            rockets_at_once: count(tuning.rockets_at_once).clamp(1, MAX_ROCKETS as u32) as usize,
            points: count(tuning.points_per_invader),
            points_rise: count(tuning.points_rise),
            bonus: level.saturating_mul(count(tuning.level_bonus)),
            shields: (count(tuning.shields) as usize).min(MAX_SHIELDS),
            mystery_ticks: Some(ticks(tuning.mystery_seconds)).filter(|ticks| *ticks > 0),
            extra_life_score: Some(count(tuning.extra_life_score)).filter(|score| *score > 0),
            respawn_ticks: ticks(tuning.respawn_seconds),
            quiet_ticks: ticks(tuning.quiet_seconds),
        }
    }

    /// What an invader of a row is worth; row 0 is the top.
    pub fn worth(&self, row: usize) -> u32 {
        let from_below = (self.rows - 1).saturating_sub(row) as u32;
        self.points + from_below / 2 * self.points_rise
    }
}

/// How high the lowest row stands at a level, if the tuning says so.
fn wave(tuning: &Tuning, level: u32) -> Option<Px> {
    let (first, later) = tuning.wave_heights.split_first()?;
    let height = match level.saturating_sub(2) as usize {
        wave if level > 1 && !later.is_empty() => later[wave % later.len()],
        _ => *first,
    };
    Some(Px::length(height))
}

fn count(figure: Decimal) -> u32 {
    (figure.micros() / Decimal::ONE.micros()).clamp(0, u32::MAX.into()) as u32
}

/// A time in whole ticks, rounded to the nearest.
fn ticks(seconds: Decimal) -> u16 {
    let scaled = seconds.micros().saturating_mul(i64::from(TICKS_PER_SECOND)) + Decimal::ONE.micros() / 2;
    (scaled / Decimal::ONE.micros()).clamp(0, u16::MAX.into()) as u16
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
        let params = LevelParams::new(&Tuning::default(), 1);
        assert_eq!((params.rows, params.columns, params.bombing_columns), (6, 11, 10));
        assert!((per_second(params.march_speed) - 32.5).abs() < 0.01);
        assert!((per_second(params.bomb_min_speed) - 60.0).abs() < 0.01);
        assert_eq!(params.reload_ticks, 25, "2.4 rockets a second");
        assert_eq!(params.bomb_chance, (0.06_f64 / 60.0 * 4_294_967_296.0) as u32);
        assert!((params.column_spacing.to_f32() - 200.0 / 10.2).abs() < 0.001);
    }

    #[test]
    fn arcade_is_the_machine() {
        let params = LevelParams::new(&Tuning::arcade(), 1);
        assert_eq!((params.rows, params.columns, params.column_spacing), (5, 11, Px::whole(16)));
        let worth: Vec<u32> = (0..5).rev().map(|row| params.worth(row)).collect();
        assert_eq!(worth, [10, 10, 20, 20, 30], "from the bottom up");
        assert_eq!((params.freeze_ticks, params.mystery_ticks, params.quiet_ticks), (16, Some(1536), 48));
        assert_eq!((params.ship_speed, params.rocket_speed), (Px::whole(1), Px::whole(4)));
        assert_eq!((params.rockets_at_once, params.shields, params.extra_life_score), (1, 4, Some(1500)));
        assert_eq!(
            (params.march_step, params.last_march_step, params.drop_distance),
            (Px::whole(2), Px::whole(3), Px::whole(8))
        );
    }

    #[test]
    fn arcades_waves_start_lower_and_repeat_from_the_second() {
        let lowest = |level| {
            let params = LevelParams::new(&Tuning::arcade(), level);
            (params.height - params.first.y - params.row_spacing.times(4)).to_f32()
        };
        let heights: Vec<f32> = (1..=12).map(lowest).collect();
        assert_eq!(heights, [120.0, 96.0, 80.0, 72.0, 72.0, 72.0, 64.0, 64.0, 64.0, 96.0, 80.0, 72.0]);
    }

    #[test]
    fn the_capped_level_stops_growing() {
        let at = |level| LevelParams::new(&Tuning::default(), level);
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
        let params = LevelParams::new(&wildest, u32::MAX);
        assert!(params.rows <= MAX_ROWS && params.columns <= MAX_COLUMNS);
        assert_eq!(params.march_speed, params.march_limit);
    }
}
