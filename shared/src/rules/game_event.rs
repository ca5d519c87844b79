//! Game events: what happened in the rules during one tick. The client turns them into sounds and effects.

use super::{Point, Slot};

/// The reason why a game is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Defeat {
    /// A bomb took the last life.
    Bombed,
    /// An invader touched the ship or the bottom edge.
    Overrun,
}

/// Something that happened in the rules during one tick.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GameEvent {
    /// A second of the countdown starts.
    CountdownSecond {
        /// Seconds left, 3 to 1.
        left: u16,
    },
    /// The countdown ended and play starts.
    LevelStarted {
        /// The level, from 1.
        level: u32,
    },
    /// The formation reached an edge and turned.
    FormationTurned,
    /// The player fired a rocket.
    RocketFired {
        /// Initial position of the rocket.
        at: Point,
    },
    /// An invader dropped a bomb.
    BombDropped {
        /// Initial position of the bomb.
        at: Point,
    },
    /// A rocket hit an invader.
    InvaderHit {
        /// The invader's slot in the formation.
        slot: Slot,
        /// The invader's centre.
        at: Point,
        /// Points scored.
        points: u32,
    },
    /// A shot hit a shield.
    ShieldHit {
        /// The first pixel that was hit.
        at: Point,
    },
    /// The mystery ship appeared.
    MysteryCame,
    /// The mystery ship left the playfield.
    MysteryLeft,
    /// A rocket hit the mystery ship.
    MysteryHit {
        /// The mystery ship's centre.
        at: Point,
        /// Points scored.
        points: u32,
    },
    /// The score reached the extra life.
    ExtraLife,
    /// A note of the march sounds.
    MarchNote {
        /// The note, 0 to 3.
        note: u8,
    },
    /// The ship respawned.
    ShipCame,
    /// A bomb hit the ship.
    ShipHit {
        /// Position of the bomb.
        at: Point,
    },
    /// The last invader of the level was shot.
    LevelCleared {
        /// The level, from 1.
        level: u32,
        /// Points for clearing it.
        bonus: u32,
    },
    /// The game is over.
    Over(Defeat),
}
