//! The flash of the ship and the shaking of the field after a hit.

use crate::bevy::prelude::*;
use shared::rules::GameEvent;

use crate::{FrameSet, simulation::GameEventMessage, state::Screen};

/// The duration of a flash, seconds.
const DURATION: f32 = 1.2;
/// The number of pulses of a flash.
const PULSES: f32 = 3.0;

/// The remaining time of the flash, seconds.
#[derive(Resource, Default)]
pub struct HitFlash(f32);

impl HitFlash {
    /// The strength of the flash, from 1 right after the hit down to 0, in pulses.
    pub fn strength(&self) -> f32 {
        let left = self.0 / DURATION;
        left * (left * std::f32::consts::TAU * PULSES).cos().abs()
    }

    /// The strength of the shaking, from 1 right after the hit down to 0 after a third of the flash.
    pub fn shake(&self) -> f32 {
        (self.0 / DURATION * 3.0 - 2.0).max(0.0)
    }
}

pub fn plugin(app: &mut App) {
    app.init_resource::<HitFlash>().add_systems(
        Update,
        (start_flash, fade_flash).chain().in_set(FrameSet::Output).run_if(not(in_state(Screen::Paused))),
    );
}

fn start_flash(mut events: MessageReader<GameEventMessage>, mut flash: ResMut<HitFlash>) {
    for GameEventMessage(event) in events.read() {
        if let GameEvent::ShipHit { .. } = event {
            flash.0 = DURATION;
        }
    }
}

fn fade_flash(mut flash: ResMut<HitFlash>, time: Res<Time<Real>>) {
    flash.0 = (flash.0 - time.delta_secs()).max(0.0);
}
