//! The acts of the title, shown in turn, as arcade machines do.

use crate::bevy::prelude::*;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// The points of the invaders, and the controls.
    Points,
    TopPlayers,
    /// The demo without anything over it.
    Demo,
}

/// The acts and their durations, seconds.
const ACTS: [(Act, f32); 3] = [(Act::Points, 8.0), (Act::TopPlayers, 6.0), (Act::Demo, 16.0)];

/// The time since the title was shown, seconds.
#[derive(Resource, Default)]
pub struct TitleActs(f32);

impl TitleActs {
    pub fn advance(&mut self, seconds: f32) {
        self.0 += seconds;
    }

    pub fn current(&self) -> Act {
        let cycle: f32 = ACTS.iter().map(|(_, seconds)| seconds).sum();
        let mut left = self.0 % cycle;
        for (act, seconds) in ACTS {
            if left < seconds {
                return act;
            }
            left -= seconds;
        }
        Act::Demo
    }
}
