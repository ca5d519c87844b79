//! The stars: three layers that drift at three speeds.

use bevy::prelude::*;

use crate::{
    draw::{Layer, painter::Painter, theme},
    page::layout,
    settings::Motion,
    simulation::Simulation,
};

/// A layer's stars, their drift in pixels a second, size and colour; far ones first.
const LAYERS: [(u32, f32, f32, Color); 3] =
    [(44, 3.0, 1.0, theme::DUSK), (22, 7.0, 1.0, theme::HAZE), (7, 14.0, 1.0, theme::MIST)];

/// How far the stars have drifted, seconds.
#[derive(Resource, Default)]
struct Drift(f32);

pub fn plugin(app: &mut App) {
    app.init_resource::<Drift>().add_systems(Update, draw.in_set(Layer::Stars));
}

fn draw(
    mut painter: ResMut<Painter>,
    simulation: Res<Simulation>,
    motion: Res<Motion>,
    mut drift: ResMut<Drift>,
    time: Res<Time<Real>>,
) {
    if *motion == Motion::Full {
        drift.0 += time.delta_secs();
    }
    let size = layout::canvas(simulation.game().params());
    for (layer, (count, speed, width, colour)) in LAYERS.into_iter().enumerate() {
        for star in 0..count {
            let (x, y) = scatter(star + 100 * layer as u32);
            let at = Vec2::new(x * size.x, (y * size.y + drift.0 * speed) % size.y);
            painter.block(at, Vec2::splat(width), colour);
        }
    }
}

/// Two numbers from 0 to 1 by chance, the same for the same `i`.
fn scatter(i: u32) -> (f32, f32) {
    let mixed = (i + 1).wrapping_mul(0x9e37_79b9);
    let mixed = (mixed ^ mixed >> 15).wrapping_mul(0x85eb_ca6b);
    let mixed = mixed ^ mixed >> 13;
    ((mixed >> 16) as f32 / 65_536.0, (mixed & 0xffff) as f32 / 65_536.0)
}
