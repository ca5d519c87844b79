//! The palette: few colours, bright on near-black, told apart by lightness as well as by hue.

use bevy::prelude::*;

const fn rgb(red: u8, green: u8, blue: u8) -> Color {
    Color::Srgba(Srgba { red: red as f32 / 255.0, green: green as f32 / 255.0, blue: blue as f32 / 255.0, alpha: 1.0 })
}

pub const NIGHT: Color = rgb(7, 6, 18);
pub const DUSK: Color = rgb(45, 40, 94);
pub const HAZE: Color = rgb(110, 104, 176);
pub const MIST: Color = rgb(174, 172, 226);
pub const WHITE: Color = rgb(246, 243, 255);
pub const PINK: Color = rgb(255, 84, 148);
pub const ROSE: Color = rgb(168, 36, 106);
pub const AMBER: Color = rgb(255, 176, 59);
pub const RUST: Color = rgb(188, 92, 26);
pub const LEMON: Color = rgb(255, 236, 122);
pub const MINT: Color = rgb(70, 240, 180);
pub const PINE: Color = rgb(18, 142, 122);
pub const VIOLET: Color = rgb(158, 124, 255);
pub const PLUM: Color = rgb(92, 62, 188);
pub const SKY: Color = rgb(88, 204, 255);
pub const SEA: Color = rgb(32, 116, 190);
pub const RED: Color = rgb(255, 74, 74);

/// The colour that a letter of the art files stands for; none for transparent.
pub fn ink(letter: u8) -> Option<Color> {
    Some(match letter {
        b'W' | b'#' => WHITE,
        b'K' => NIGHT,
        b'n' => DUSK,
        b'G' => HAZE,
        b'P' => PINK,
        b'p' => ROSE,
        b'A' => AMBER,
        b'a' => RUST,
        b'Y' => LEMON,
        b'M' => MINT,
        b'm' => PINE,
        b'V' => VIOLET,
        b'v' => PLUM,
        b'S' => SKY,
        b's' => SEA,
        b'R' => RED,
        _ => return None,
    })
}

/// The same colour, more or less there: 0 is not at all, 1 wholly.
pub fn faded(colour: Color, alpha: f32) -> Color {
    colour.with_alpha(alpha.clamp(0.0, 1.0))
}
