//! The colours of the game, the gallery and the pages: few, bright on near-black, and distinct in lightness as well as in
//! hue.

/// Red, green and blue, each 0 to 255, in sRGB.
pub type Rgb = [u8; 3];

/// The background.
pub const NIGHT: Rgb = [7, 6, 18];
/// The background around the playfield.
pub const CABINET: Rgb = [14, 11, 36];
/// The background of panels, dialogs and cards.
pub const INK: Rgb = [20, 17, 46];
/// Dark violet.
pub const DUSK: Rgb = [45, 40, 94];
/// Violet blue, for buttons and borders of the pages.
pub const INDIGO: Rgb = [61, 55, 128];
/// Violet grey, for secondary things on the playfield.
pub const HAZE: Rgb = [110, 104, 176];
/// A violet grey that is light enough for text on a dark background.
pub const LILAC: Rgb = [143, 137, 207];
/// A light violet grey, for secondary text.
pub const MIST: Rgb = [174, 172, 226];
/// A very light violet grey, for text around the playfield.
pub const PEARL: Rgb = [198, 196, 240];
/// Nearly white.
pub const WHITE: Rgb = [246, 243, 255];
/// Pink.
pub const PINK: Rgb = [255, 84, 148];
/// Light pink, for headings and buttons of the pages.
pub const BLUSH: Rgb = [255, 122, 172];
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

/// Every colour with its name, in lower case. `web/pages/palette.css` is generated from this list.
pub const COLOURS: [(&str, Rgb); 23] = [
    ("night", NIGHT),
    ("cabinet", CABINET),
    ("ink", INK),
    ("dusk", DUSK),
    ("indigo", INDIGO),
    ("haze", HAZE),
    ("lilac", LILAC),
    ("mist", MIST),
    ("pearl", PEARL),
    ("white", WHITE),
    ("pink", PINK),
    ("blush", BLUSH),
    ("rose", ROSE),
    ("amber", AMBER),
    ("rust", RUST),
    ("lemon", LEMON),
    ("mint", MINT),
    ("pine", PINE),
    ("violet", VIOLET),
    ("plum", PLUM),
    ("sky", SKY),
    ("sea", SEA),
    ("red", RED),
];

/// The colour that a letter of the art files stands for; `None` for transparent.
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
