//! What designers may change: a game's figures in human units, read from TOML and checked against their ranges.

use std::{fmt, path::Path};

use serde::{Deserialize, Serialize};

use crate::hex::hex_u64;

/// A number with six decimal places, kept as whole millionths so that every machine computes the same.
///
/// Reads and writes as an ordinary number; reading rounds to the nearest millionth, halves away from zero.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "f64", into = "f64")]
pub struct Decimal(i64);

impl Decimal {
    /// 1.0
    pub const ONE: Decimal = Decimal(1_000_000);

    /// A number of millionths.
    pub const fn from_micros(micros: i64) -> Decimal {
        Decimal(micros)
    }

    /// This number in millionths.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// The product, rounded towards zero and saturating, so that it can grow with the level for ever.
    pub(crate) fn times(self, other: Decimal) -> Decimal {
        let product = i128::from(self.0) * i128::from(other.0) / i128::from(Decimal::ONE.0);
        Decimal(product.clamp(i64::MIN.into(), i64::MAX.into()) as i64)
    }

    /// The sum, saturating.
    pub(crate) fn plus(self, other: Decimal) -> Decimal {
        Decimal(self.0.saturating_add(other.0))
    }
}

impl From<f64> for Decimal {
    fn from(number: f64) -> Decimal {
        // `as` saturates, and takes NaN to 0: the range check then judges the number.
        Decimal((number * 1e6).round() as i64)
    }
}

impl From<Decimal> for f64 {
    fn from(decimal: Decimal) -> f64 {
        decimal.0 as f64 / 1e6
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f64::from(*self).fmt(f)
    }
}

/// What a figure in a tuning file means and may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// The name, as in the file.
    pub name: &'static str,
    /// What it means, with its unit.
    pub about: &'static str,
    /// The least value allowed.
    pub min: Decimal,
    /// The greatest value allowed.
    pub max: Decimal,
}

macro_rules! tuning {
    ($($(#[doc = $about:literal])+ $name:ident = $default:literal, $min:literal to $max:literal;)+) => {
        /// The figures of one game. A field that a file leaves out has its default, which is preset classic's.
        ///
        /// Names and defaults follow the original, dwmkerr/spaceinvaders and its AWS workshop.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(deny_unknown_fields, default)]
        pub struct Tuning {
            /// What players and the scoreboard call it, 1 to 32 characters.
            pub name: String,
            /// Draw the bounds of everything: a display option, no rule.
            pub debug_mode: bool,
            $(
                $(#[doc = $about])+
                #[doc = concat!("Between ", $min, " and ", $max, ", by default ", $default, ".")]
                #[cfg_attr(feature = "openapi", schema(value_type = f64))]
                pub $name: Decimal,
            )+
        }

        impl Default for Tuning {
            fn default() -> Tuning {
                Tuning {
                    name: "classic".to_owned(),
                    debug_mode: false,
                    $($name: Decimal(($default * 1e6) as i64),)+
                }
            }
        }

        impl Tuning {
            /// Every figure with its meaning and range, in the order of the documentation.
            pub fn figures(&self) -> impl Iterator<Item = (Field, Decimal)> {
                [$((
                    Field {
                        name: stringify!($name),
                        about: concat!($($about),+).trim_ascii(),
                        min: Decimal(($min * 1e6) as i64),
                        max: Decimal(($max * 1e6) as i64),
                    },
                    self.$name,
                )),+].into_iter()
            }
        }
    };
}

tuning! {
    /// Bombs a second for each front-rank invader.
    bomb_rate = 0.05, 0.0 to 5.0;
    /// The slowest bomb, pixels a second.
    bomb_min_velocity = 50.0, 1.0 to 600.0;
    /// The fastest bomb, pixels a second.
    bomb_max_velocity = 50.0, 1.0 to 600.0;
    /// March speed at the start of level 0, pixels a second.
    invader_initial_velocity = 25.0, 1.0 to 600.0;
    /// Added to the march speed at every turn at an edge, pixels a second.
    invader_acceleration = 0.0, 0.0 to 100.0;
    /// How far the formation drops at an edge, pixels.
    invader_drop_distance = 20.0, 0.0 to 100.0;
    /// Speed of the player's rocket, pixels a second.
    rocket_velocity = 120.0, 10.0 to 600.0;
    /// Rockets a second at level 0, at most.
    rocket_max_fire_rate = 2.0, 0.1 to 20.0;
    /// Width of the playfield, pixels.
    game_width = 400.0, 300.0 to 800.0;
    /// Height of the playfield, pixels.
    game_height = 300.0, 200.0 to 600.0;
    /// Steps a second. The original ran at 50; ours is always 60, with the same speeds a second.
    fps = 60.0, 60.0 to 60.0;
    /// Rows of invaders at level 0; a part of a row counts as a row.
    invader_ranks = 5.0, 1.0 to 8.0;
    /// Columns of invaders at level 0; a part of a column counts as a column.
    invader_files = 10.0, 1.0 to 20.0;
    /// Speed of the ship, pixels a second.
    ship_speed = 120.0, 10.0 to 600.0;
    /// How much harder each level is than the one before.
    level_difficulty_multiplier = 0.2, 0.0 to 2.0;
    /// Points for an invader.
    points_per_invader = 5.0, 0.0 to 1000.0;
    /// The level beyond which fire rate, rows and columns grow no more.
    limit_level_increase = 25.0, 0.0 to 25.0;
}

/// One thing that is wrong with a tuning.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Mistake {
    /// The text is not TOML, or a field is unknown or of the wrong type.
    #[error("{0}")]
    Syntax(String),
    /// A figure is outside its range.
    #[error("{field} is {value}, but must be between {min} and {max}", field = field.name, min = field.min, max = field.max)]
    OutOfRange {
        /// The field.
        field: Field,
        /// What it was set to.
        value: Decimal,
    },
    /// A field that counts things is not a whole number.
    #[error("{field} is {value}, but must be a whole number")]
    NotWhole {
        /// The field's name.
        field: &'static str,
        /// What it was set to.
        value: Decimal,
    },
    /// The slowest bomb is faster than the fastest.
    #[error("bomb_min_velocity is {min}, but must not be above bomb_max_velocity, which is {max}")]
    BombsReversed {
        /// The slowest, pixels a second.
        min: Decimal,
        /// The fastest, pixels a second.
        max: Decimal,
    },
    /// The name is empty, too long, or has characters that are not printable ASCII.
    #[error("name is {0:?}, but must be 1 to 32 printable ASCII characters")]
    Name(String),
}

/// A tuning file that cannot be used, with everything that is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TuningError {
    /// The file, as it was named.
    pub file: String,
    /// All mistakes, at least one.
    pub mistakes: Vec<Mistake>,
}

impl fmt::Display for TuningError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, mistake) in self.mistakes.iter().enumerate() {
            let separator = if i == 0 { "" } else { "\n" };
            write!(f, "{separator}{}: {mistake}", self.file)?;
        }
        Ok(())
    }
}

impl std::error::Error for TuningError {}

impl Tuning {
    /// Reads and checks the TOML text of `file`.
    ///
    /// # Errors
    /// Names the file and, for each mistake, the field, its value and the allowed range.
    pub fn from_toml(file: &Path, text: &str) -> Result<Tuning, TuningError> {
        let mistakes = match toml::from_str::<Tuning>(text) {
            Ok(tuning) => match tuning.mistakes() {
                none if none.is_empty() => return Ok(tuning),
                mistakes => mistakes,
            },
            Err(error) => vec![Mistake::Syntax(error.to_string().trim_end().to_owned())],
        };
        Err(TuningError { file: file.display().to_string(), mistakes })
    }

    /// Everything that is wrong with it; nothing, if it can be played.
    pub fn mistakes(&self) -> Vec<Mistake> {
        let mut mistakes: Vec<Mistake> = self
            .figures()
            .filter(|(field, value)| !(field.min..=field.max).contains(value))
            .map(|(field, value)| Mistake::OutOfRange { field, value })
            .collect();
        for (field, value) in
            [("points_per_invader", self.points_per_invader), ("limit_level_increase", self.limit_level_increase)]
        {
            if value.micros() % Decimal::ONE.micros() != 0 {
                mistakes.push(Mistake::NotWhole { field, value });
            }
        }
        let (min, max) = (self.bomb_min_velocity, self.bomb_max_velocity);
        if min > max {
            mistakes.push(Mistake::BombsReversed { min, max });
        }
        let printable = self.name.bytes().all(|b| b == b' ' || b.is_ascii_graphic());
        if !(1..=32).contains(&self.name.len()) || !printable {
            mistakes.push(Mistake::Name(self.name.clone()));
        }
        mistakes
    }

    /// What this tuning does, in 64 bits: two tunings that play alike have the same hash, whatever their names.
    pub fn hash(&self) -> TuningHash {
        let bytes: Vec<u8> = self.figures().flat_map(|(_, value)| value.micros().to_le_bytes()).collect();
        TuningHash(xxhash_rust::xxh3::xxh3_64(&bytes))
    }
}

hex_u64! {
    /// The hash of a tuning's figures (XXH3 over their millionths, in the order of [`Tuning::figures`]).
    TuningHash
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Tuning, TuningError> {
        Tuning::from_toml(Path::new("presets/mine.toml"), text)
    }

    #[test]
    fn an_empty_file_is_classic() {
        assert_eq!(read("").unwrap(), Tuning::default());
    }

    #[test]
    fn classic_preset_is_the_default() {
        let file = include_str!("../../presets/classic.toml");
        assert_eq!(read(file).unwrap(), Tuning::default());
        for (field, _) in Tuning::default().figures() {
            assert!(file.contains(field.name), "classic.toml leaves out {}", field.name);
        }
    }

    #[test]
    fn a_mistake_names_file_field_value_and_range() {
        let error = read("bomb_rate = 9\nship_speed = -1.5\n").unwrap_err().to_string();
        assert_eq!(
            error,
            "presets/mine.toml: bomb_rate is 9, but must be between 0 and 5\n\
             presets/mine.toml: ship_speed is -1.5, but must be between 10 and 600"
        );
    }

    #[test]
    fn unknown_fields_and_wrong_types_are_named() {
        assert!(read("bombrate = 1").unwrap_err().to_string().contains("bombrate"));
        assert!(read("fps = \"fast\"").unwrap_err().to_string().contains("fps"));
        assert!(read("fps = nan").is_err());
        assert!(read("bomb_min_velocity = 90").unwrap_err().to_string().contains("bomb_max_velocity"));
        assert!(read("points_per_invader = 0.5").unwrap_err().to_string().contains("whole"));
        assert!(read("name = \"\"").unwrap_err().to_string().contains("name"));
    }

    #[test]
    fn the_hash_tells_figures_apart_and_ignores_the_name() {
        let classic = Tuning::default();
        let renamed = Tuning { name: "other".into(), ..classic.clone() };
        let faster = Tuning { ship_speed: 121.0.into(), ..classic.clone() };
        assert_eq!(classic.hash(), renamed.hash());
        assert_ne!(classic.hash(), faster.hash());
    }

    #[test]
    fn json_keeps_every_figure() {
        let tuning = Tuning { bomb_rate: 0.123456.into(), ..Tuning::default() };
        let json = serde_json::to_string(&tuning).unwrap();
        assert_eq!(serde_json::from_str::<Tuning>(&json).unwrap(), tuning);
    }
}
