//! Checks that a tuning is playable.

use super::{Decimal, Field, Sprites, Tuning};

/// The maximum length of `wave_heights`.
pub const MAX_WAVES: usize = 16;
/// The largest entry of `wave_heights`, pixels.
const MAX_WAVE_HEIGHT: Decimal = Decimal::whole(600);

/// Parameters that must be whole numbers.
const WHOLE_PARAMETERS: [&str; 7] = [
    "points_per_invader",
    "points_rise",
    "level_bonus",
    "limit_level_increase",
    "rockets_at_once",
    "shields",
    "extra_life_score",
];

/// One reason why a tuning is invalid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ValidationError {
    /// The text is not TOML.
    #[error("{0}")]
    Syntax(String),
    /// The parameter is unknown, or its value has the wrong type.
    #[error("{field}: {why}")]
    Field {
        /// The parameter's name in the file.
        field: String,
        /// The reason, with the expected names or type.
        why: String,
    },
    /// A parameter is outside its range.
    #[error("{field} is {value}, but must be between {min} and {max}", field = field.name, min = field.min, max = field.max)]
    OutOfRange {
        /// The parameter.
        field: Field,
        /// The value.
        value: Decimal,
    },
    /// A parameter that counts things is not a whole number.
    #[error("{field} is {value}, but must be a whole number")]
    NotWhole {
        /// The parameter's name.
        field: &'static str,
        /// The value.
        value: Decimal,
    },
    /// The widest formation does not fit into the playfield.
    #[error("game_width is {width}, but {columns} columns need {needed}")]
    TooNarrow {
        /// Width of the playfield, pixels.
        width: Decimal,
        /// Columns of the widest formation.
        columns: usize,
        /// Width of that formation, pixels.
        needed: Decimal,
    },
    /// `wave_heights` lists more than [`MAX_WAVES`] levels.
    #[error("wave_heights lists {0} levels, but must list at most {MAX_WAVES}")]
    TooManyWaves(usize),
    /// An entry of `wave_heights` is outside its range.
    #[error("wave_heights holds {0}, but each entry must be between 0 and {MAX_WAVE_HEIGHT}")]
    WaveHeight(Decimal),
    /// The slowest bomb is faster than the fastest.
    #[error("bomb_min_velocity is {min}, but must not exceed bomb_max_velocity, which is {max}")]
    BombsReversed {
        /// Speed of the slowest bomb, pixels per second.
        min: Decimal,
        /// Speed of the fastest bomb, pixels per second.
        max: Decimal,
    },
    /// The name is empty, longer than 32 characters, or not printable ASCII.
    #[error("name is {0:?}, but must be 1 to 32 printable ASCII characters")]
    Name(String),
}

impl Tuning {
    /// All reasons why this tuning is invalid; empty if it is valid.
    pub fn validation_errors(&self) -> Vec<ValidationError> {
        let mut errors: Vec<ValidationError> = self.out_of_range().chain(self.not_whole()).collect();
        errors.extend(self.invalid_waves());
        let (min, max) = (self.bomb_min_velocity, self.bomb_max_velocity);
        if min > max {
            errors.push(ValidationError::BombsReversed { min, max });
        }
        let is_printable = self.name.bytes().all(|b| b == b' ' || b.is_ascii_graphic());
        if !(1..=32).contains(&self.name.len()) || !is_printable {
            errors.push(ValidationError::Name(self.name.clone()));
        }
        // The width of the formation is only meaningful if the other parameters are valid.
        if errors.is_empty() {
            errors.extend(self.too_narrow());
        }
        errors
    }

    fn out_of_range(&self) -> impl Iterator<Item = ValidationError> {
        self.parameters()
            .filter(|(field, value)| !(field.min..=field.max).contains(value))
            .map(|(field, value)| ValidationError::OutOfRange { field, value })
    }

    fn not_whole(&self) -> impl Iterator<Item = ValidationError> {
        self.parameters()
            .filter(|(field, value)| WHOLE_PARAMETERS.contains(&field.name) && !value.is_whole())
            .map(|(field, value)| ValidationError::NotWhole { field: field.name, value })
    }

    fn invalid_waves(&self) -> impl Iterator<Item = ValidationError> {
        let count = self.wave_heights.len();
        let too_many = (count > MAX_WAVES).then_some(ValidationError::TooManyWaves(count));
        let allowed = Decimal::default()..=MAX_WAVE_HEIGHT;
        let outside = self.wave_heights.iter().filter(move |height| !allowed.contains(height));
        too_many.into_iter().chain(outside.map(|height| ValidationError::WaveHeight(*height)))
    }

    fn too_narrow(&self) -> Option<ValidationError> {
        let columns = self.invader_files_at(u32::MAX).ceil();
        let needed = match self.sprites {
            Sprites::Large => Decimal::whole(200),
            Sprites::Small => Decimal::whole(16 * (columns as u32 - 1)),
        };
        (needed > self.game_width).then_some(ValidationError::TooNarrow { width: self.game_width, columns, needed })
    }
}
