//! The rules of the game as a pure, deterministic function of tuning, seed and buttons. All arithmetic uses integers,
//! so that WebAssembly and every processor compute the same bits.

mod beat;
mod bomb_pattern;
mod buttons;
mod fixed;
mod formation;
mod game;
mod game_event;
mod geometry;
mod level;
mod mystery;
mod rng;
mod seed;
mod shield;
mod shots;
mod state;

pub use buttons::Buttons;
pub use fixed::Px;
pub use formation::{Formation, March, Slot};
pub use game::Game;
pub use game_event::{Defeat, GameEvent};
pub use geometry::{Point, Side, Size};
pub use level::{LevelParams, MAX_BOMBS, MAX_COLUMNS, MAX_ROCKETS, MAX_ROWS, MAX_SHIELDS};
pub use mystery::{MYSTERY_SIZE, Mystery};
pub use seed::Seed;
pub use shield::{Run, SHIELD_SIZE, Shields};
pub use shots::{Bomb, BombKind, Rocket};
pub use state::{Phase, State, StateHash};

pub use crate::time::TICKS_PER_SECOND;

/// The version of the rules. It changes when equal buttons can lead to a different state. Each replay contains the
/// version that it was recorded with.
pub const RULES_VERSION: u16 = 3;

/// Lives at the start of a game.
pub const LIVES: u8 = 3;

/// Duration of the countdown before a level: 3 seconds, in ticks.
pub const COUNTDOWN_TICKS: u16 = 3 * TICKS_PER_SECOND as u16;
