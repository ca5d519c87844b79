//! What designers may change: a game's figures in human units, read from TOML and checked against their ranges.

use std::{fmt, path::Path};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::{hex::hex_u64, rules::LevelParams};

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

/// Which drawings are played with: they decide how large everything is and how close the invaders stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Sprites {
    /// Invaders of 18 x 14 pixels in rows 20 apart, spread over 200 pixels; a ship of 20 x 16.
    #[default]
    Large,
    /// Invaders of 12 x 8 pixels, 16 apart both ways; a ship of 14 x 8.
    Small,
}

/// How the formation marches.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MarchStyle {
    /// All at once, at a speed.
    #[default]
    Together,
    /// One invader each tick, so that the fewer are left, the faster they are.
    InTurn,
}

/// How the invaders drop bombs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Bombing {
    /// By chance, each front-rank invader for itself.
    #[default]
    Random,
    /// Three kinds, one bomb of each at most, by the columns and reloads of the arcade machine. The slowest and the
    /// fastest bomb are then the speeds before and after only eight invaders are left.
    Patterned,
}

/// Figures that count things.
const WHOLE: [&str; 7] = [
    "points_per_invader",
    "points_rise",
    "level_bonus",
    "limit_level_increase",
    "rockets_at_once",
    "shields",
    "extra_life_score",
];

/// The most that `wave_heights` lists.
pub const MAX_WAVES: usize = 16;

macro_rules! tuning {
    ($($(#[doc = $about:literal])+ $name:ident = $default:literal, $min:literal to $max:literal;)+) => {
        /// The figures of one game. A field that a file leaves out has its default, which is preset classic's.
        ///
        /// Names and defaults follow the original, dwmkerr/spaceinvaders and its AWS workshop. Whatever format one is read
        /// from, it is checked: there is none that cannot be played.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(remote = "Self", deny_unknown_fields, default)]
        pub struct Tuning {
            /// What players and the scoreboard call it, 1 to 32 characters.
            pub name: String,
            /// Draw the bounds of everything: a display option, no rule.
            pub debug_mode: bool,
            /// Which drawings are played with.
            pub sprites: Sprites,
            /// How the formation marches.
            pub march: MarchStyle,
            /// How the invaders drop bombs.
            pub bombing: Bombing,
            /// How high the lowest row's centres stand above the bottom edge as each level opens, pixels, 0 to 600;
            /// after the last it goes on from the second. Empty: the top row stands on the upper edge.
            #[cfg_attr(feature = "openapi", schema(value_type = Vec<f64>))]
            pub wave_heights: Vec<Decimal>,
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
                    sprites: Sprites::default(),
                    march: MarchStyle::default(),
                    bombing: Bombing::default(),
                    wave_heights: Vec::new(),
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
    /// Rockets in flight at once, at most.
    rockets_at_once = 24.0, 1.0 to 24.0;
    /// Width of the playfield, pixels.
    game_width = 400.0, 150.0 to 800.0;
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
    /// Points for an invader of the two lowest rows.
    points_per_invader = 5.0, 0.0 to 1000.0;
    /// Points more for every two rows further up.
    points_rise = 0.0, 0.0 to 1000.0;
    /// Points for clearing a level, times its number.
    level_bonus = 50.0, 0.0 to 1000.0;
    /// The level beyond which fire rate, rows and columns grow no more.
    limit_level_increase = 25.0, 0.0 to 25.0;
    /// With the march in turn: how far an invader moves sideways, pixels.
    march_step = 2.0, 1.0 to 14.0;
    /// With the march in turn: how far the last one moves to the right, pixels.
    last_march_step = 3.0, 1.0 to 14.0;
    /// How long the formation stands still when an invader is hit, seconds.
    freeze_seconds = 0.0, 0.0 to 2.0;
    /// Shields between the ship and the invaders, whole again at each level.
    shields = 0.0, 0.0 to 6.0;
    /// How often the mystery ship comes, seconds; 0 is never.
    mystery_seconds = 0.0, 0.0 to 120.0;
    /// The score that gives one more life; 0 is none.
    extra_life_score = 0.0, 0.0 to 1000000.0;
    /// How long the game stands still when the ship is lost, seconds.
    respawn_seconds = 0.0, 0.0 to 5.0;
    /// How long no bomb is dropped after that, seconds.
    quiet_seconds = 0.0, 0.0 to 10.0;
}

impl Tuning {
    /// Preset arcade: the machine of 1978, and what is played unless told otherwise.
    pub fn arcade() -> Tuning {
        Tuning {
            name: "arcade".to_owned(),
            sprites: Sprites::Small,
            march: MarchStyle::InTurn,
            bombing: Bombing::Patterned,
            wave_heights: [120.0, 96.0, 80.0, 72.0, 72.0, 72.0, 64.0, 64.0, 64.0].map(Decimal::from).to_vec(),
            bomb_rate: 0.0.into(),
            bomb_min_velocity: 80.0.into(),
            bomb_max_velocity: 100.0.into(),
            invader_drop_distance: 8.0.into(),
            rocket_velocity: 240.0.into(),
            rocket_max_fire_rate: 20.0.into(),
            rockets_at_once: 1.0.into(),
            game_width: 200.0.into(),
            game_height: 206.0.into(),
            invader_files: 11.0.into(),
            ship_speed: 60.0.into(),
            level_difficulty_multiplier: 0.0.into(),
            points_per_invader: 10.0.into(),
            points_rise: 10.0.into(),
            level_bonus: 0.0.into(),
            limit_level_increase: 0.0.into(),
            // 16 ticks.
            freeze_seconds: 0.266_667.into(),
            shields: 4.0.into(),
            // 1536 ticks.
            mystery_seconds: 25.6.into(),
            extra_life_score: 1500.0.into(),
            respawn_seconds: 2.0.into(),
            // 48 ticks.
            quiet_seconds: 0.8.into(),
            ..Tuning::default()
        }
    }
}

impl Serialize for Tuning {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Tuning::serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for Tuning {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Tuning, D::Error> {
        let tuning = Tuning::deserialize(deserializer)?;
        match tuning.mistakes().first() {
            None => Ok(tuning),
            Some(mistake) => Err(D::Error::custom(mistake)),
        }
    }
}

/// One thing that is wrong with a tuning.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Mistake {
    /// The text is not TOML.
    #[error("{0}")]
    Syntax(String),
    /// There is no such field, or it is of another type.
    #[error("{field}: {why}")]
    Field {
        /// As it is written.
        field: String,
        /// What is wrong, and what would be right.
        why: String,
    },
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
    /// The widest formation does not fit into the field.
    #[error("game_width is {width}, but {columns} columns need {needed}")]
    TooNarrow {
        /// The field, pixels.
        width: Decimal,
        /// Columns at the level that has most.
        columns: usize,
        /// What they need, pixels.
        needed: Decimal,
    },
    /// More waves than can be listed.
    #[error("wave_heights lists {0} levels, but must list at most {MAX_WAVES}")]
    TooManyWaves(usize),
    /// A wave's height is outside its range.
    #[error("wave_heights holds {0}, but each must be between 0 and 600")]
    WaveHeight(Decimal),
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
        let mistakes = match text.parse::<toml::Table>() {
            Ok(table) => match Tuning::from_table(table) {
                (tuning, mistakes) if mistakes.is_empty() => return Ok(tuning),
                (_, mistakes) => mistakes,
            },
            Err(error) => vec![Mistake::Syntax(error.to_string().trim_end().to_owned())],
        };
        Err(TuningError { file: file.display().to_string(), mistakes })
    }

    /// Takes the fields one by one, so that each that is wrong is named. Those have their defaults then.
    fn from_table(table: toml::Table) -> (Tuning, Vec<Mistake>) {
        let mut good = toml::Table::new();
        let mut mistakes = Vec::new();
        for (field, value) in table {
            let alone = toml::Table::from_iter([(field.clone(), value.clone())]);
            match Tuning::deserialize(alone) {
                Ok(_) => {
                    good.insert(field, value);
                }
                Err(error) => mistakes.push(Mistake::Field { field, why: error.message().to_owned() }),
            }
        }
        // Each was read alone before.
        let tuning = Tuning::deserialize(good).unwrap_or_default();
        mistakes.extend(tuning.mistakes());
        (tuning, mistakes)
    }

    /// Everything that is wrong with it; nothing, if it can be played.
    pub fn mistakes(&self) -> Vec<Mistake> {
        let mut mistakes: Vec<Mistake> = self
            .figures()
            .filter(|(field, value)| !(field.min..=field.max).contains(value))
            .map(|(field, value)| Mistake::OutOfRange { field, value })
            .collect();
        let whole = self.figures().filter(|(field, _)| WHOLE.contains(&field.name));
        mistakes.extend(
            whole
                .filter(|(_, value)| value.micros() % Decimal::ONE.micros() != 0)
                .map(|(field, value)| Mistake::NotWhole { field: field.name, value }),
        );
        if self.wave_heights.len() > MAX_WAVES {
            mistakes.push(Mistake::TooManyWaves(self.wave_heights.len()));
        }
        let heights = Decimal::default()..=Decimal::from(600.0);
        let outside = self.wave_heights.iter().filter(|height| !heights.contains(height));
        mistakes.extend(outside.map(|height| Mistake::WaveHeight(*height)));
        let (min, max) = (self.bomb_min_velocity, self.bomb_max_velocity);
        if min > max {
            mistakes.push(Mistake::BombsReversed { min, max });
        }
        let printable = self.name.bytes().all(|b| b == b' ' || b.is_ascii_graphic());
        if !(1..=32).contains(&self.name.len()) || !printable {
            mistakes.push(Mistake::Name(self.name.clone()));
        }
        // Makes sense only of figures that do.
        if mistakes.is_empty() {
            mistakes.extend(self.narrowness());
        }
        mistakes
    }

    fn narrowness(&self) -> Option<Mistake> {
        let columns = LevelParams::new(self, u32::MAX).columns;
        let needed = match self.sprites {
            Sprites::Large => Decimal::from(200.0),
            Sprites::Small => Decimal::from_micros(16 * Decimal::ONE.micros() * (columns as i64 - 1)),
        };
        (needed > self.game_width).then_some(Mistake::TooNarrow { width: self.game_width, columns, needed })
    }

    /// What this tuning does, in 64 bits: two tunings that play alike have the same hash, whatever their names.
    pub fn hash(&self) -> TuningHash {
        let styles = [self.sprites as i64, self.march as i64, self.bombing as i64];
        let figures = self.figures().map(|(_, value)| value.micros());
        let waves = self.wave_heights.iter().map(|height| height.micros());
        let bytes: Vec<u8> = styles.into_iter().chain(figures).chain(waves).flat_map(i64::to_le_bytes).collect();
        TuningHash(xxhash_rust::xxh3::xxh3_64(&bytes))
    }
}

hex_u64! {
    /// The hash of a tuning (XXH3 over its styles, its figures in the order of [`Tuning::figures`] and its wave heights,
    /// in millionths).
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
    fn the_presets_are_the_ones_built_in_and_leave_nothing_out() {
        let classic = include_str!("../../presets/classic.toml");
        let arcade = include_str!("../../presets/arcade.toml");
        assert_eq!(read(classic).unwrap(), Tuning::default());
        assert_eq!(read(arcade).unwrap(), Tuning::arcade());
        for (field, _) in Tuning::default().figures() {
            for file in [classic, arcade] {
                assert!(file.contains(&format!("\n{} = ", field.name)), "{} is left out", field.name);
            }
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
        let in_turn = Tuning { march: MarchStyle::InTurn, ..classic.clone() };
        let lower = Tuning { wave_heights: vec![90.0.into()], ..classic.clone() };
        assert_ne!(classic.hash(), in_turn.hash());
        assert_ne!(classic.hash(), lower.hash());
    }

    #[test]
    fn what_does_not_fit_together_is_named() {
        let narrow = read("sprites = \"small\"\ngame_width = 150\ninvader_files = 14").unwrap_err().to_string();
        assert!(narrow.contains("game_width is 150, but 19 columns need 288"), "{narrow}");
        assert!(read("wave_heights = [700]").unwrap_err().to_string().contains("wave_heights holds 700"));
        assert!(read("march = \"sideways\"").unwrap_err().to_string().contains("in_turn"));
    }

    #[test]
    fn each_field_that_is_wrong_is_named_at_once() {
        let error =
            read("bombrate = 1\nfps = \"fast\"\nship_speed = 1\nmarch = \"sideways\"\nshields = 0.5").unwrap_err();
        let said = error.to_string();
        for mistake in
            ["bombrate: unknown field", "fps: ", "ship_speed is 1", "march: unknown variant", "shields is 0.5"]
        {
            assert!(said.contains(&format!("presets/mine.toml: {mistake}")), "{mistake} is not named in\n{said}");
        }
        assert_eq!(error.mistakes.len(), 5);
    }

    #[test]
    fn no_format_gives_a_tuning_that_cannot_be_played() {
        let json =
            serde_json::to_string(&Tuning::arcade()).unwrap().replace("\"invader_files\":11.0", "\"invader_files\":0");
        let error = serde_json::from_str::<Tuning>(&json).unwrap_err().to_string();
        assert!(error.contains("invader_files is 0, but must be between 1 and 20"), "{error}");
    }

    #[test]
    fn json_keeps_every_figure() {
        let tuning = Tuning { bomb_rate: 0.123456.into(), ..Tuning::default() };
        let json = serde_json::to_string(&tuning).unwrap();
        assert_eq!(serde_json::from_str::<Tuning>(&json).unwrap(), tuning);
    }
}
