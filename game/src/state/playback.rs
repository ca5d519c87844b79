//! Pause and speed of a replay.

use crate::bevy::prelude::*;

/// The speeds that the player cycles through; 1 is real time.
const SPEEDS: [f32; 4] = [1.0, 2.0, 4.0, 0.5];

#[derive(Resource, Default)]
pub struct Playback {
    pub is_paused: bool,
    /// An index of [`SPEEDS`].
    speed: usize,
}

impl Playback {
    /// The speed while not paused; 1 is real time.
    pub fn speed(&self) -> f32 {
        SPEEDS[self.speed]
    }

    /// The speed, or 0 while paused.
    pub fn rate(&self) -> f32 {
        if self.is_paused { 0.0 } else { self.speed() }
    }

    pub fn select_next_speed(&mut self) {
        self.speed = (self.speed + 1) % SPEEDS.len();
    }
}
