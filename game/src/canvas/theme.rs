//! The palette as Bevy colours.

use art::palette::{self, Rgb};
use bevy::prelude::*;

const fn colour([red, green, blue]: Rgb) -> Color {
    Color::Srgba(Srgba { red: red as f32 / 255.0, green: green as f32 / 255.0, blue: blue as f32 / 255.0, alpha: 1.0 })
}

pub const NIGHT: Color = colour(palette::NIGHT);
pub const DUSK: Color = colour(palette::DUSK);
pub const HAZE: Color = colour(palette::HAZE);
pub const MIST: Color = colour(palette::MIST);
pub const WHITE: Color = colour(palette::WHITE);
pub const PINK: Color = colour(palette::PINK);
pub const AMBER: Color = colour(palette::AMBER);
pub const RUST: Color = colour(palette::RUST);
pub const LEMON: Color = colour(palette::LEMON);
pub const MINT: Color = colour(palette::MINT);
pub const PINE: Color = colour(palette::PINE);
pub const VIOLET: Color = colour(palette::VIOLET);
pub const SKY: Color = colour(palette::SKY);
pub const RED: Color = colour(palette::RED);

/// The colour with this opacity: 0 is transparent, 1 is opaque.
pub fn with_opacity(colour: Color, opacity: f32) -> Color {
    colour.with_alpha(opacity.clamp(0.0, 1.0))
}
