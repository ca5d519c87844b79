//! The game as a pure, deterministic function: tuning, seed and the player's buttons in, the next state and what
//! happened out. Integers only, so that WebAssembly and every processor compute the same bits.

mod beat;
mod bombing;
mod buttons;
mod fixed;
mod formation;
mod game;
mod game_event;
mod level;
mod mystery;
mod shield;
mod state;

pub(crate) use beat::Beat;
pub(crate) use bombing::Pattern;
pub use buttons::Buttons;
pub use fixed::Px;
pub use formation::{Formation, March, Side, Slot};
pub use game::Game;
pub use game_event::{Defeat, GameEvent};
pub use level::{LevelParams, MAX_BOMBS, MAX_COLUMNS, MAX_ROCKETS, MAX_ROWS, Size};
pub use mystery::{MYSTERY_SIZE, Mystery};
pub use shield::{MAX_SHIELDS, Run, SHIELD_SIZE, Shields};
pub use state::{Bomb, BombKind, Phase, Point, Rocket, State, StateHash};

/// Steps of the rules in one second of play.
pub const TICKS_PER_SECOND: u32 = 60;

/// Changes whenever the same buttons can lead to another state. A replay names the version that it was played by.
pub const RULES_VERSION: u16 = 2;

/// Lives at the start of a game.
pub const LIVES: u8 = 3;

/// Ticks of the countdown that opens a level: 3 seconds.
pub const COUNTDOWN_TICKS: u16 = 3 * TICKS_PER_SECOND as u16;
