//! Positions on the canvas: the field with its margins, in pixels from the upper left corner.

use crate::bevy::prelude::*;
use shared::rules::{LevelParams, Point};

/// Room beside the field, pixels. The field's bounds limit the centres of sprites, which reach beyond them.
const MARGIN: f32 = 12.0;
/// Room above the field for score and level, pixels.
const ABOVE: f32 = 18.0;
/// Room below the ship for lives and shots, pixels. It makes the arcade canvas 240 pixels high, which fills a small
/// laptop's screen at scale 3.
const BELOW: f32 = 12.0;

/// The size of the canvas, pixels.
pub fn canvas_size(params: &LevelParams) -> Vec2 {
    Vec2::new(params.width.to_f32() + 2.0 * MARGIN, floor(params) + BELOW)
}

/// The lower edge of the ship on the canvas, pixels. The ship's lower half is below the field.
pub fn floor(params: &LevelParams) -> f32 {
    ABOVE + (params.height + params.ship.half_height).to_f32()
}

/// A position on the field in pixels.
pub fn to_pixels(at: Point) -> Vec2 {
    Vec2::new(at.x.to_f32(), at.y.to_f32())
}

/// Converts a position on the field, in pixels, to the canvas.
pub fn on_canvas(at: Vec2) -> Vec2 {
    at + Vec2::new(MARGIN, ABOVE)
}
