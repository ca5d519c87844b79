//! The parameters of a tuning, each with its default, range and description.

use serde::{Deserialize, Serialize};

use super::{Bombing, Decimal, MarchStyle, Sprites};

/// The description and range of one parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// The name, as in a tuning file.
    pub name: &'static str,
    /// The meaning, with the unit.
    pub about: &'static str,
    /// The smallest allowed value.
    pub min: Decimal,
    /// The largest allowed value.
    pub max: Decimal,
}

macro_rules! tuning {
    ($($(#[doc = $about:literal])+ $name:ident = $default:literal, $min:literal to $max:literal;)+) => {
        /// The parameters of a game. An omitted parameter has its default, the value of preset classic.
        ///
        /// Names and defaults follow the original, dwmkerr/spaceinvaders, and its AWS workshop. Reading a tuning
        /// validates it: a value out of range is an error.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(remote = "Self", deny_unknown_fields, default)]
        pub struct Tuning {
            /// The name that players and the scoreboard see, 1 to 32 printable ASCII characters.
            pub name: String,
            /// Whether the game draws bounding boxes. It does not affect the rules.
            pub debug_mode: bool,
            /// The set of sprites. It decides the size of the ship and the invaders.
            pub sprites: Sprites,
            /// How the formation marches.
            pub march: MarchStyle,
            /// How the invaders drop bombs.
            pub bombing: Bombing,
            /// The height of the lowest row's centres above the bottom edge at the start of each level, pixels, 0 to
            /// 600, at most 16 levels. After the last level the list repeats from its second entry. If the list is
            /// empty, the top row starts at the upper edge.
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
                    $($name: Decimal::from_micros(($default * 1e6) as i64),)+
                }
            }
        }

        impl Tuning {
            /// Every numeric parameter with its description and value, in the documented order.
            pub fn parameters(&self) -> impl Iterator<Item = (Field, Decimal)> {
                [$((
                    Field {
                        name: stringify!($name),
                        about: concat!($($about),+).trim_ascii(),
                        min: Decimal::from_micros(($min * 1e6) as i64),
                        max: Decimal::from_micros(($max * 1e6) as i64),
                    },
                    self.$name,
                )),+].into_iter()
            }
        }
    };
}

tuning! {
    /// Bombs per second for each front-rank invader.
    bomb_rate = 0.05, 0.0 to 5.0;
    /// Speed of the slowest bomb, pixels per second.
    bomb_min_velocity = 50.0, 1.0 to 600.0;
    /// Speed of the fastest bomb, pixels per second.
    bomb_max_velocity = 50.0, 1.0 to 600.0;
    /// March speed at the start of level 0, pixels per second.
    invader_initial_velocity = 25.0, 1.0 to 600.0;
    /// Increase of the march speed at each turn at an edge, pixels per second.
    invader_acceleration = 0.0, 0.0 to 100.0;
    /// Distance by which the formation drops at an edge, pixels.
    invader_drop_distance = 20.0, 0.0 to 100.0;
    /// Speed of the player's rockets, pixels per second.
    rocket_velocity = 120.0, 10.0 to 600.0;
    /// Maximum number of rockets per second at level 0.
    rocket_max_fire_rate = 2.0, 0.1 to 20.0;
    /// Maximum number of rockets in flight.
    rockets_at_once = 24.0, 1.0 to 24.0;
    /// Width of the playfield, pixels.
    game_width = 400.0, 150.0 to 800.0;
    /// Height of the playfield, pixels.
    game_height = 300.0, 200.0 to 600.0;
    /// Ticks per second. The original has 50; this game always has 60, with the same speeds per second.
    fps = 60.0, 60.0 to 60.0;
    /// Rows of invaders at level 0, rounded up to a whole number.
    invader_ranks = 5.0, 1.0 to 8.0;
    /// Columns of invaders at level 0, rounded up to a whole number.
    invader_files = 10.0, 1.0 to 20.0;
    /// Speed of the ship, pixels per second.
    ship_speed = 120.0, 10.0 to 600.0;
    /// Growth per level of bomb rate and bomb speeds, as a fraction; the march speed grows 1.5 times as much.
    level_difficulty_multiplier = 0.2, 0.0 to 2.0;
    /// Points for an invader of the two lowest rows, a whole number.
    points_per_invader = 5.0, 0.0 to 1000.0;
    /// Additional points for every two rows further up, a whole number.
    points_rise = 0.0, 0.0 to 1000.0;
    /// Points for clearing a level, multiplied by the level's number; a whole number.
    level_bonus = 50.0, 0.0 to 1000.0;
    /// Level beyond which fire rate, rows and columns stop growing.
    limit_level_increase = 25.0, 0.0 to 25.0;
    /// With march = "in_turn": distance that an invader moves sideways, pixels.
    march_step = 2.0, 1.0 to 14.0;
    /// With march = "in_turn": distance that the last invader moves to the right, pixels.
    last_march_step = 3.0, 1.0 to 14.0;
    /// Time for which the formation stops after an invader is hit, seconds.
    freeze_seconds = 0.0, 0.0 to 2.0;
    /// Number of shields between the ship and the invaders. Each level starts with whole shields.
    shields = 0.0, 0.0 to 6.0;
    /// Time between two mystery ships, seconds; 0 means none.
    mystery_seconds = 0.0, 0.0 to 120.0;
    /// Score that gives one extra life; 0 means none.
    extra_life_score = 0.0, 0.0 to 1000000.0;
    /// Time for which the game stops after the ship is hit, seconds.
    respawn_seconds = 0.0, 0.0 to 5.0;
    /// Time without new bombs after the ship respawns, seconds.
    quiet_seconds = 0.0, 0.0 to 10.0;
}

impl Tuning {
    /// The number of invader columns at a level, before rounding up. It grows by 0.2 per level up to
    /// `limit_level_increase`.
    pub(crate) fn invader_files_at(&self, level: u32) -> Decimal {
        self.invader_files.plus(self.capped_level(level).times(Decimal::from_micros(200_000)))
    }

    /// The level, at most `limit_level_increase`.
    pub(crate) fn capped_level(&self, level: u32) -> Decimal {
        Decimal::whole(level).min(self.limit_level_increase)
    }
}
