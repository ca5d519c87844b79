//! The palette as colours that can be drawn.

use art::palette::{self, Rgb};

/// A colour in sRGB with an opacity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Colour {
    rgb: Rgb,
    /// The weight in the blend of sRGB values, 0 (transparent) to 1 (opaque).
    alpha: f32,
}

/// Leaves the colours of a sprite as they are.
pub const UNTINTED: Colour = colour([u8::MAX; 3]);

pub const NIGHT: Colour = colour(palette::NIGHT);
pub const DUSK: Colour = colour(palette::DUSK);
pub const HAZE: Colour = colour(palette::HAZE);
pub const MIST: Colour = colour(palette::MIST);
pub const WHITE: Colour = colour(palette::WHITE);
pub const PINK: Colour = colour(palette::PINK);
pub const AMBER: Colour = colour(palette::AMBER);
pub const RUST: Colour = colour(palette::RUST);
pub const LEMON: Colour = colour(palette::LEMON);
pub const MINT: Colour = colour(palette::MINT);
pub const PINE: Colour = colour(palette::PINE);
pub const VIOLET: Colour = colour(palette::VIOLET);
pub const SKY: Colour = colour(palette::SKY);
pub const RED: Colour = colour(palette::RED);

const fn colour(rgb: Rgb) -> Colour {
    Colour { rgb, alpha: 1.0 }
}

/// The colour with this opacity: the share of its light, from 0 to 1.
pub fn with_opacity(colour: Colour, opacity: f32) -> Colour {
    // The canvas is nearly black, and the value of a grey in sRGB follows about this power of its light.
    Colour { alpha: opacity.clamp(0.0, 1.0).powf(1.0 / 2.2), ..colour }
}

impl Colour {
    /// The colour at this brightness, as perceived on the nearly black canvas: 0 is black, 1 is unchanged.
    pub fn dimmed(self, brightness: f32) -> Colour {
        Colour { alpha: self.alpha * brightness, ..self }
    }

    /// The colour between this one (`share` 0) and another one (`share` 1).
    pub fn mix(self, other: Colour, share: f32) -> Colour {
        let mix = |from: u8, to: u8| (f32::from(from) + (f32::from(to) - f32::from(from)) * share).round() as u8;
        let rgb = std::array::from_fn(|i| mix(self.rgb[i], other.rgb[i]));
        Colour { rgb, alpha: self.alpha + (other.alpha - self.alpha) * share }
    }

    /// Red, green, blue and opacity, each 0 to 255.
    pub fn bytes(self) -> [u8; 4] {
        let [red, green, blue] = self.rgb;
        [red, green, blue, (self.alpha * 255.0).round() as u8]
    }

    /// Red, green and blue, each 0 to 1.
    pub fn channels(self) -> [f32; 3] {
        self.rgb.map(|channel| f32::from(channel) / 255.0)
    }
}
