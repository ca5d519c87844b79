//! The beat that the invaders march to: the fewer are left, the faster.

use bevy::prelude::*;
use shared::rules::{Phase, TICKS_PER_SECOND};

use crate::{Step, simulation::Simulation};

/// Seconds from one step to the next with a full formation, and with a single invader.
const SLOWEST: f32 = 0.9;
const FASTEST: f32 = 0.12;

/// The formation took another step.
#[derive(Message)]
pub struct Stepped;

/// How many steps there were, and how far the next one is.
#[derive(Resource, Default)]
pub struct Beat {
    pub steps: u32,
    /// 0 to 1.
    progress: f32,
    /// The tick that it has come to.
    tick: u32,
}

pub fn plugin(app: &mut App) {
    app.init_resource::<Beat>().add_message::<Stepped>().add_systems(Update, beat.in_set(Step::Tell));
}

fn beat(mut beat: ResMut<Beat>, simulation: Res<Simulation>, mut stepped: MessageWriter<Stepped>) {
    let (state, rates) = (simulation.state(), simulation.game().rates());
    let ticks = state.tick.0.saturating_sub(beat.tick);
    beat.tick = state.tick.0;
    if state.phase != Phase::Playing {
        return;
    }
    let full = (rates.rows * rates.columns) as f32;
    let seconds = FASTEST.lerp(SLOWEST, state.formation.living() as f32 / full);
    beat.progress += ticks as f32 / TICKS_PER_SECOND as f32 / seconds;
    if beat.progress >= 1.0 {
        beat.progress = beat.progress.fract();
        beat.steps += 1;
        stepped.write(Stepped);
    }
}
