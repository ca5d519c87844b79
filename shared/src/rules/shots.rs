//! Rockets and bombs.

use serde::{Deserialize, Serialize};

use super::{Point, Px};

/// A shot of the player.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rocket {
    /// The position.
    pub at: Point,
}

/// The kinds of bombs. They differ in the column that drops them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum BombKind {
    /// Dropped at random. The only kind with random bombing.
    Plain,
    /// Dropped by the column above the ship.
    Rolling,
    /// Dropped by the columns of its table. The last invader of a level drops none.
    Plunger,
    /// Dropped by the columns of its table. None is dropped while the mystery ship is in flight.
    Squiggly,
}

/// A shot of an invader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bomb {
    /// The position.
    pub at: Point,
    /// Average speed downwards, per tick.
    pub speed: Px,
    /// The kind.
    pub kind: BombKind,
    /// Number of times the bomb has moved.
    pub steps: u16,
}
