//! The choices of a tuning: sprites, march style and bombing.

use serde::{Deserialize, Serialize};

/// The set of sprites. It decides the size of the ship and the invaders, and the spacing of the formation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Sprites {
    /// Invaders of 18 x 14 pixels, in rows 20 pixels apart, spread over 200 pixels. The ship is 20 x 16 pixels.
    #[default]
    Large,
    /// Invaders of 12 x 8 pixels, in rows and columns 16 pixels apart. The ship is 14 x 8 pixels.
    Small,
}

/// How the formation marches.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MarchStyle {
    /// All invaders move in every tick, at the march speed.
    #[default]
    Together,
    /// One invader moves in each tick, so the formation speeds up as invaders are shot.
    InTurn,
}

/// How the invaders drop bombs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Bombing {
    /// Each front-rank invader drops bombs at random, at `bomb_rate`.
    #[default]
    Random,
    /// Three kinds of bombs, at most one of each, dropped by the column and reload tables of the arcade machine.
    /// Bombs fall at `bomb_min_velocity`, and at `bomb_max_velocity` once eight or fewer invaders are left.
    Patterned,
}
