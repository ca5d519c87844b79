//! What happened during one tick, for sound and effects.

use super::{Point, Slot};

/// Why a game is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Defeat {
    /// A bomb took the last life.
    Bombed,
    /// An invader touched the ship or the bottom.
    Overrun,
}

/// Something that happened during a tick.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GameEvent {
    /// A second of the countdown begins.
    CountdownSecond {
        /// Seconds left, 3 to 1.
        left: u16,
    },
    /// The countdown has ended.
    LevelStarted {
        /// The level, from 1.
        level: u32,
    },
    /// The formation reached an edge and turns.
    FormationTurned,
    /// The player fired.
    RocketFired {
        /// Where the rocket starts.
        at: Point,
    },
    /// An invader dropped a bomb.
    BombDropped {
        /// Where the bomb starts.
        at: Point,
    },
    /// A rocket hit an invader.
    InvaderHit {
        /// The invader's place in the formation.
        slot: Slot,
        /// Its centre.
        at: Point,
        /// What it was worth.
        points: u32,
    },
    /// A shot wore a shield away.
    ShieldHit {
        /// Where it hit.
        at: Point,
    },
    /// The mystery ship comes.
    MysteryCame,
    /// The mystery ship left, untouched.
    MysteryLeft,
    /// A rocket hit the mystery ship.
    MysteryHit {
        /// Its centre.
        at: Point,
        /// What it was worth.
        points: u32,
    },
    /// The score gave one more life.
    ExtraLife,
    /// The invaders take another step.
    MarchNote {
        /// Which of the four notes it sounds, 0 to 3.
        note: u8,
    },
    /// Another ship is there.
    ShipCame,
    /// A bomb hit the ship.
    ShipHit {
        /// Where the bomb was.
        at: Point,
    },
    /// The last invader of the level was shot.
    LevelCleared {
        /// The level, from 1.
        level: u32,
        /// Points for clearing it.
        bonus: u32,
    },
    /// The game ended.
    Over(Defeat),
}
