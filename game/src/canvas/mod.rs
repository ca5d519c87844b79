//! The canvas: its size, its layers, the batch of quads that each frame draws, and the drawing itself.

pub mod font;
mod graphics;
pub mod layout;
pub mod quad_batch;
mod renderer;
mod sizing;
pub mod theme;

pub use graphics::GraphicsLost;

use crate::bevy::prelude::*;

use crate::FrameSet;

/// The layers of the canvas, from back to front.
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Layer {
    Stars,
    Backdrop,
    Field,
    Effects,
    Hud,
    Screen,
}

pub fn plugin(app: &mut App) {
    graphics::plugin(app);
    sizing::plugin(app);
    app.configure_sets(
        Update,
        (Layer::Stars, Layer::Backdrop, Layer::Field, Layer::Effects, Layer::Hud, Layer::Screen)
            .chain()
            .in_set(FrameSet::Draw),
    );
}
