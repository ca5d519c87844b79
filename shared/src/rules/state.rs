//! The state of a game between two ticks.

use arrayvec::ArrayVec;
use rand_pcg::Pcg32;
use serde::{Deserialize, Serialize};

use super::{Beat, Formation, MAX_BOMBS, MAX_ROCKETS, Mystery, Pattern, Px, Shields};
use crate::{hex::hex_u64, time::Tick};

/// A place on the playfield, from its upper left corner.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// To the right.
    pub x: Px,
    /// Downwards.
    pub y: Px,
}

impl std::ops::Add for Point {
    type Output = Point;
    fn add(self, other: Point) -> Point {
        Point { x: self.x + other.x, y: self.y + other.y }
    }
}

/// A shot of the player.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rocket {
    /// Where it is.
    pub at: Point,
}

/// The kinds of bombs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum BombKind {
    /// Dropped by chance.
    Plain,
    /// Dropped at the ship.
    Rolling,
    /// Dropped by its table of columns, not by the last invader.
    Plunger,
    /// Dropped by its table of columns, not while the mystery ship flies.
    Squiggly,
}

/// A shot of an invader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bomb {
    /// Where it is.
    pub at: Point,
    /// Speed downwards, a tick on average.
    pub speed: Px,
    /// Which kind it is.
    pub kind: BombKind,
    /// How often it has moved.
    pub steps: u16,
}

/// What the game is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// The countdown that opens a level: nothing moves and buttons do nothing.
    Countdown {
        /// Ticks until the level starts, 1 to [`super::COUNTDOWN_TICKS`].
        ticks_left: u16,
    },
    /// Playing.
    Playing,
    /// The ship was lost, and another one comes: nothing moves and buttons do nothing.
    Respawning {
        /// Ticks until it is there.
        ticks_left: u16,
    },
    /// Over: no tick changes anything.
    Over,
}

/// Everything that the next tick depends on, besides the tuning. About a kilobyte at most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Ticks stepped so far.
    pub tick: Tick,
    /// What the game is doing.
    pub phase: Phase,
    /// The level, from 1.
    pub level: u32,
    /// Lives left.
    pub lives: u8,
    /// Points.
    pub score: u32,
    /// Rockets fired.
    pub shots: u32,
    /// The centre of the ship, which moves along the bottom edge.
    pub ship_x: Px,
    /// Ticks until the next rocket may be fired.
    pub reload: u16,
    /// The invaders.
    pub formation: Formation,
    /// Ticks for which they stand still.
    pub freeze: u16,
    /// Ticks for which they drop no bomb.
    pub quiet: u16,
    /// Where patterned bombs go on.
    pub(super) pattern: Pattern,
    /// What is left of the shields.
    pub shields: Shields,
    /// The mystery ship.
    pub mystery: Mystery,
    /// The sound of the march.
    pub(super) beat: Beat,
    /// Rockets in flight, oldest first.
    pub rockets: ArrayVec<Rocket, MAX_ROCKETS>,
    /// Bombs in flight, oldest first.
    pub bombs: ArrayVec<Bomb, MAX_BOMBS>,
    /// Where chance stands: nothing but the rules draws from it.
    #[serde(rename = "dice")]
    pub(super) rng: Pcg32,
}

impl State {
    /// The state in 64 bits: XXH3 over its postcard encoding.
    pub fn hash(&self) -> StateHash {
        let mut buffer = [0; 2048];
        let bytes = postcard::to_slice(self, &mut buffer).unwrap_or_default();
        StateHash(xxhash_rust::xxh3::xxh3_64(bytes))
    }
}

hex_u64! {
    /// The hash of a [`State`], to compare the browser's with the server's.
    StateHash
}
