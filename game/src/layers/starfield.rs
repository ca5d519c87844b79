//! The stars: three sets that drift at three speeds.

use crate::bevy::prelude::*;

use crate::{
    canvas::{
        Layer, layout,
        quad_batch::QuadBatch,
        theme::{self, Colour},
    },
    settings::Motion,
    simulation::Simulation,
};

/// Stars with the same speed, size and colour.
struct StarSet {
    count: u32,
    /// Pixels a second.
    speed: f32,
    /// Pixels.
    size: f32,
    colour: Colour,
}

/// From the farthest to the nearest.
const STAR_SETS: [StarSet; 3] = [
    StarSet { count: 44, speed: 3.0, size: 1.0, colour: theme::DUSK },
    StarSet { count: 22, speed: 7.0, size: 1.0, colour: theme::HAZE },
    StarSet { count: 7, speed: 14.0, size: 1.0, colour: theme::MIST },
];

/// How long the stars have drifted, seconds.
#[derive(Resource, Default)]
struct DriftTime(f32);

pub fn plugin(app: &mut App) {
    app.init_resource::<DriftTime>().add_systems(Update, draw_stars.in_set(Layer::Stars));
}

fn draw_stars(
    mut quads: ResMut<QuadBatch>,
    simulation: Res<Simulation>,
    motion: Res<Motion>,
    mut drift: ResMut<DriftTime>,
    time: Res<Time<Real>>,
) {
    if *motion == Motion::Full {
        drift.0 += time.delta_secs();
    }
    let size = layout::canvas_size(simulation.game().params());
    for (i, stars) in STAR_SETS.iter().enumerate() {
        for star in 0..stars.count {
            let (x, y) = scatter(star + 100 * i as u32);
            let at = Vec2::new(x * size.x, (y * size.y + drift.0 * stars.speed) % size.y);
            quads.rectangle(at, Vec2::splat(stars.size), stars.colour);
        }
    }
}

/// Two pseudorandom numbers from 0 to 1, always the same for the same `i`.
fn scatter(i: u32) -> (f32, f32) {
    let mixed = (i + 1).wrapping_mul(0x9e37_79b9);
    let mixed = (mixed ^ mixed >> 15).wrapping_mul(0x85eb_ca6b);
    let mixed = mixed ^ mixed >> 13;
    ((mixed >> 16) as f32 / 65_536.0, (mixed & 0xffff) as f32 / 65_536.0)
}
