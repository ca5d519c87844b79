//! Level parameters: the parameters of a tuning at one level, converted to units per tick.

use super::{Point, Px, Size};
use crate::{
    time::TICKS_PER_SECOND,
    tuning::{Bombing, Decimal, MarchStyle, Sprites, Tuning},
};

/// Maximum number of rows of invaders: 8 by tuning and 3 that levels add.
pub const MAX_ROWS: usize = 11;
/// Maximum number of columns of invaders: 20 by tuning and 5 that levels add.
pub const MAX_COLUMNS: usize = 25;
/// Maximum number of rockets in flight. No further rocket is fired.
pub const MAX_ROCKETS: usize = 24;
/// Maximum number of bombs in flight. No further bomb is dropped.
pub const MAX_BOMBS: usize = 48;
/// Maximum number of shields.
pub const MAX_SHIELDS: usize = 6;

/// Upper limit of all speeds, pixels per second. At 14 pixels per tick no shot can pass through an invader or the ship
/// between two ticks.
const SPEED_LIMIT: Decimal = Decimal::from_micros(840_000_000);

/// The parameters of one level. Computed from the tuning when the level starts.
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
    /// Distance between the centres of two columns.
    pub column_spacing: Px,
    /// Distance between the centres of two rows.
    pub row_spacing: Px,
    /// Size of an invader.
    pub invader: Size,
    /// Size of the ship.
    pub ship: Size,
    /// Initial centre of the rightmost invader in the top row.
    pub first: Point,
    /// With [`MarchStyle::Together`]: maximum distance by which the seed moves the formation to either side at the start
    /// of the level.
    pub max_shift: Px,
    /// How the formation marches.
    pub march: MarchStyle,
    /// How the invaders drop bombs.
    pub bombing: Bombing,
    /// Number of columns, from the right, that drop bombs at random.
    pub bombing_columns: usize,
    /// Initial march speed, per tick.
    pub march_speed: Px,
    /// Increase of the march speed at each turn at an edge, per tick.
    pub march_acceleration: Px,
    /// Maximum march speed, per tick.
    pub march_limit: Px,
    /// With [`MarchStyle::InTurn`]: distance that an invader moves sideways.
    pub march_step: Px,
    /// With [`MarchStyle::InTurn`]: distance that the last invader moves to the right.
    pub last_march_step: Px,
    /// Distance by which the formation drops at an edge.
    pub drop_distance: Px,
    /// Ticks for which the formation stops after an invader is hit.
    pub freeze_ticks: u16,
    /// Speed of the ship, per tick.
    pub ship_speed: Px,
    /// Speed of a rocket, per tick.
    pub rocket_speed: Px,
    /// Minimum number of ticks between two rockets, at least 1.
    pub reload_ticks: u16,
    /// Speed of the slowest bomb, per tick.
    pub bomb_min_speed: Px,
    /// Speed of the fastest bomb, per tick.
    pub bomb_max_speed: Px,
    /// A front-rank invader drops a bomb in a tick if a random 32-bit number is below this threshold.
    pub bomb_threshold: u32,
    /// Maximum number of rockets in flight, 1 to [`MAX_ROCKETS`].
    pub rockets_at_once: usize,
    /// Points for an invader of the two lowest rows.
    pub points: u32,
    /// Additional points for every two rows further up.
    pub points_rise: u32,
    /// Points for clearing the level.
    pub bonus: u32,
    /// Number of shields, 0 to [`MAX_SHIELDS`].
    pub shields: usize,
    /// Ticks between two mystery ships; `None` without mystery ships.
    pub mystery_ticks: Option<u16>,
    /// Score that gives an extra life; `None` without an extra life.
    pub extra_life_score: Option<u32>,
    /// Ticks for which the game stops after the ship is hit.
    pub respawn_ticks: u16,
    /// Ticks without new bombs after the ship respawns.
    pub quiet_ticks: u16,
}

impl LevelParams {
    /// The parameters of `level`, which counts from 1.
    ///
    /// With x = level * `level_difficulty_multiplier`, the march speed is multiplied by 1 + 1.5x, and the bomb rate
    /// and speeds by 1 + x. Per level up to `limit_level_increase`, the fire rate grows by 0.4, rows by 0.1 and
    /// columns by 0.2.
    pub fn new(tuning: &Tuning, level: u32) -> LevelParams {
        let x = Decimal::whole(level).times(tuning.level_difficulty_multiplier);
        let scaled = |base: Decimal, growth: Decimal| base.times(Decimal::ONE.plus(growth));
        let capped = tuning.capped_level(level);
        let grown = |base: Decimal, tenths: i64| base.plus(capped.times(Decimal::from_micros(tenths * 100_000)));

        let files = tuning.invader_files_at(level);
        let rows = grown(tuning.invader_ranks, 1).ceil();
        let height = Px::length(tuning.game_height);
        let columns = files.ceil();
        let (invader, ship, row_spacing, column_spacing, first_x) = match tuning.sprites {
            Sprites::Large => {
                let spread = Px::ratio(200 * Decimal::ONE.micros(), files.micros());
                (Size::pixels(18, 14), Size::pixels(20, 16), Px::whole(20), spread, Px::whole(100))
            }
            Sprites::Small => {
                let half = Px::whole(8 * (columns as i32 - 1));
                (Size::pixels(12, 8), Size::pixels(14, 8), Px::whole(16), Px::whole(16), half)
            }
        };
        let rows_above_lowest = row_spacing.times(rows as i32 - 1);
        let top =
            wave_height(tuning, level).map_or(Px::ZERO, |lowest| (height - lowest - rows_above_lowest).max(Px::ZERO));
        let width = Px::length(tuning.game_width);
        let first = Point { x: Px::from_raw(width.raw() / 2) + first_x, y: top };
        let (room_left, room_right) = (first.x - column_spacing.times(columns as i32 - 1), width - first.x);
        LevelParams {
            width,
            height,
            rows,
            columns,
            column_spacing,
            row_spacing,
            invader,
            ship,
            first,
            max_shift: Px::from_raw(column_spacing.raw() / 2).min(room_left).min(room_right).max(Px::ZERO),
            march: tuning.march,
            bombing: tuning.bombing,
            bombing_columns: tuning.invader_files.ceil(),
            march_speed: speed(scaled(tuning.invader_initial_velocity, x.times(Decimal::from_micros(1_500_000)))),
            march_acceleration: speed(tuning.invader_acceleration),
            march_limit: speed(SPEED_LIMIT),
            march_step: Px::length(tuning.march_step),
            last_march_step: Px::length(tuning.last_march_step),
            drop_distance: Px::length(tuning.invader_drop_distance),
            freeze_ticks: ticks(tuning.freeze_seconds),
            ship_speed: speed(tuning.ship_speed),
            rocket_speed: speed(tuning.rocket_velocity),
            reload_ticks: ticks_between(grown(tuning.rocket_max_fire_rate, 4)),
            bomb_min_speed: speed(scaled(tuning.bomb_min_velocity, x)),
            bomb_max_speed: speed(scaled(tuning.bomb_max_velocity, x)),
            bomb_threshold: tick_threshold(scaled(tuning.bomb_rate, x)),
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

    /// Points for an invader of a row. Row 0 is the top row.
    pub fn invader_points(&self, row: usize) -> u32 {
        let from_below = (self.rows - 1).saturating_sub(row) as u32;
        self.points + from_below / 2 * self.points_rise
    }
}

/// Initial height of the lowest row at a level; `None` if the tuning lists no heights.
fn wave_height(tuning: &Tuning, level: u32) -> Option<Px> {
    let (first, later) = tuning.wave_heights.split_first()?;
    let height = match level.saturating_sub(2) as usize {
        wave if level > 1 && !later.is_empty() => later[wave % later.len()],
        _ => *first,
    };
    Some(Px::length(height))
}

/// A parameter that counts things, as an integer.
fn count(value: Decimal) -> u32 {
    (value.micros() / Decimal::ONE.micros()).clamp(0, u32::MAX.into()) as u32
}

/// A time in ticks, rounded to the nearest.
fn ticks(seconds: Decimal) -> u16 {
    let micros = seconds.micros().saturating_mul(i64::from(TICKS_PER_SECOND)) + Decimal::ONE.micros() / 2;
    (micros / Decimal::ONE.micros()).clamp(0, u16::MAX.into()) as u16
}

fn speed(pixels_per_second: Decimal) -> Px {
    Px::speed(pixels_per_second.min(SPEED_LIMIT))
}

/// The number of ticks between two events at a rate, rounded to the nearest, at least 1.
fn ticks_between(per_second: Decimal) -> u16 {
    let second = i64::from(TICKS_PER_SECOND) * Decimal::ONE.micros();
    let ticks = (second + per_second.micros() / 2) / per_second.micros();
    ticks.clamp(1, i64::from(u16::MAX)) as u16
}

/// The probability per tick as a threshold for a random 32-bit number, rounded down.
fn tick_threshold(per_second: Decimal) -> u32 {
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
    fn level_one_of_classic_matches_the_original() {
        let params = LevelParams::new(&Tuning::default(), 1);
        assert_eq!((params.rows, params.columns, params.bombing_columns), (6, 11, 10));
        assert!((per_second(params.march_speed) - 32.5).abs() < 0.01);
        assert!((per_second(params.bomb_min_speed) - 60.0).abs() < 0.01);
        assert_eq!(params.reload_ticks, 25, "2.4 rockets a second");
        assert_eq!(params.bomb_threshold, (0.06_f64 / 60.0 * 4_294_967_296.0) as u32);
        assert!((params.column_spacing.to_f32() - 200.0 / 10.2).abs() < 0.001);
    }

    #[test]
    fn arcade_matches_the_arcade_machine() {
        let params = LevelParams::new(&Tuning::arcade(), 1);
        assert_eq!((params.rows, params.columns, params.column_spacing), (5, 11, Px::whole(16)));
        let points: Vec<u32> = (0..5).rev().map(|row| params.invader_points(row)).collect();
        assert_eq!(points, [10, 10, 20, 20, 30], "from the bottom up");
        assert_eq!((params.freeze_ticks, params.mystery_ticks, params.quiet_ticks), (16, Some(1536), 48));
        assert_eq!((params.ship_speed, params.rocket_speed), (Px::whole(1), Px::whole(4)));
        assert_eq!((params.rockets_at_once, params.shields, params.extra_life_score), (1, 4, Some(1500)));
        assert_eq!(
            (params.march_step, params.last_march_step, params.drop_distance),
            (Px::whole(2), Px::whole(3), Px::whole(8))
        );
    }

    #[test]
    fn waves_of_arcade_start_lower_and_repeat_from_the_second() {
        let lowest = |level| {
            let params = LevelParams::new(&Tuning::arcade(), level);
            (params.height - params.first.y - params.row_spacing.times(4)).to_f32()
        };
        let heights: Vec<f32> = (1..=12).map(lowest).collect();
        assert_eq!(heights, [120.0, 96.0, 80.0, 72.0, 72.0, 72.0, 64.0, 64.0, 64.0, 96.0, 80.0, 72.0]);
    }

    #[test]
    fn seed_moves_the_formation_by_half_a_column_at_most_and_not_out_of_the_field() {
        let shift = |tuning: Tuning, level| LevelParams::new(&tuning, level).max_shift.to_f32();
        assert!((shift(Tuning::default(), 1) - 100.0 / 10.2).abs() < 0.001);
        let narrow = |width: f64| Tuning { game_width: width.into(), ..Tuning::default() };
        assert_eq!((shift(narrow(200.0), 1), shift(narrow(206.0), 1)), (0.0, 3.0));
        let columns = Tuning {
            invader_files: 9.0.into(),
            sprites: Sprites::Small,
            game_width: 210.0.into(),
            ..Tuning::default()
        };
        assert_eq!((shift(columns.clone(), 5), shift(columns, 25)), (8.0, 1.0), "10 and 14 columns, 16 pixels apart");
    }

    #[test]
    fn capped_parameters_stop_growing() {
        let at = |level| LevelParams::new(&Tuning::default(), level);
        assert_eq!(at(25).rows, at(500).rows);
        assert_eq!(at(25).columns, at(500).columns);
        assert_eq!(at(25).reload_ticks, at(500).reload_ticks);
        assert!(at(500).march_speed > at(25).march_speed);
    }

    #[test]
    fn parameters_stay_within_their_limits_at_every_level() {
        let extreme = Tuning {
            invader_ranks: 8.0.into(),
            invader_files: 20.0.into(),
            level_difficulty_multiplier: 2.0.into(),
            invader_initial_velocity: 600.0.into(),
            ..Tuning::default()
        };
        let params = LevelParams::new(&extreme, u32::MAX);
        assert!(params.rows <= MAX_ROWS && params.columns <= MAX_COLUMNS);
        assert_eq!(params.march_speed, params.march_limit);
    }
}
