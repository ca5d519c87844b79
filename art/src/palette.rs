//! The palette: few colours, bright on near-black, told apart by lightness as well as by hue.

/// Red, green and blue, sRGB.
pub type Rgb = [u8; 3];

/// The background.
pub const NIGHT: Rgb = [7, 6, 18];
/// Dark violet.
pub const DUSK: Rgb = [45, 40, 94];
/// Violet grey, for what matters less.
pub const HAZE: Rgb = [110, 104, 176];
/// A light violet grey, for text.
pub const MIST: Rgb = [174, 172, 226];
/// Nearly white.
pub const WHITE: Rgb = [246, 243, 255];
/// Pink.
pub const PINK: Rgb = [255, 84, 148];
/// Dark pink.
pub const ROSE: Rgb = [168, 36, 106];
/// Orange.
pub const AMBER: Rgb = [255, 176, 59];
/// Dark orange.
pub const RUST: Rgb = [188, 92, 26];
/// Yellow.
pub const LEMON: Rgb = [255, 236, 122];
/// Green.
pub const MINT: Rgb = [70, 240, 180];
/// Dark green.
pub const PINE: Rgb = [18, 142, 122];
/// Violet.
pub const VIOLET: Rgb = [158, 124, 255];
/// Dark violet, warmer than dusk.
pub const PLUM: Rgb = [92, 62, 188];
/// Light blue.
pub const SKY: Rgb = [88, 204, 255];
/// Blue.
pub const SEA: Rgb = [32, 116, 190];
/// Red.
pub const RED: Rgb = [255, 74, 74];

/// The colour that a letter of the art files stands for; none for transparent.
pub(crate) fn ink(letter: u8) -> Option<Rgb> {
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
