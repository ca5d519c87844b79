//! The sheet: one image with all sprites and letters.

use std::collections::BTreeMap;

use crate::{palette, sprites::SpriteFrame};

const SPRITES: &str = include_str!("../sprites.txt");
const FONT: &str = include_str!("../font.txt");
/// Width of the sheet, pixels. Its height depends on the sprites and letters.
const WIDTH: usize = 256;
/// Width and height of a letter, pixels.
pub const GLYPH: (usize, usize) = (5, 8);

/// A region of the sheet, in pixels from the upper left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SheetRegion {
    /// The left edge.
    pub x: usize,
    /// The upper edge.
    pub y: usize,
    /// Width.
    pub width: usize,
    /// Height.
    pub height: usize,
}

/// The pixels of the sheet, and the regions of its sprites and letters.
pub struct Sheet {
    pixels: Vec<u8>,
    /// The frames of each sprite.
    sprites: BTreeMap<&'static str, Vec<SheetRegion>>,
    glyphs: BTreeMap<char, SheetRegion>,
    white: SheetRegion,
    /// Replaces sprites and letters that are not on the sheet.
    unknown: SheetRegion,
}

impl Sheet {
    /// Creates the sheet from the art files, which are compiled in.
    #[allow(clippy::new_without_default, reason = "it parses the art files, which is too slow for a default")]
    pub fn new() -> Sheet {
        let mut builder = SheetBuilder::default();
        let white = builder.add(&["##", "##"]);
        let unknown = builder.add(&["#####", "#...#", "#...#", "#...#", "#...#", "#...#", "#####", "....."]);
        let mut sprites: BTreeMap<&str, Vec<SheetRegion>> = BTreeMap::new();
        for (title, rows) in sections(SPRITES) {
            sprites.entry(sprite_name(title)).or_default().push(builder.add(&rows));
        }
        let mut glyphs = BTreeMap::new();
        for (letters, rows) in sections(FONT) {
            for (i, letter) in letters.chars().enumerate() {
                glyphs.insert(letter, builder.add(&letter_rows(&rows, i)));
            }
        }
        Sheet { pixels: builder.pixels, sprites, glyphs, white, unknown }
    }

    /// Width and height, pixels.
    pub fn size(&self) -> (usize, usize) {
        (WIDTH, self.pixels.len() / (WIDTH * 4))
    }

    /// The pixels by rows from the top: red, green, blue (sRGB) and opacity of each.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// Whether the sprite frame is on the sheet.
    pub fn has(&self, sprite: SpriteFrame) -> bool {
        self.sprites.get(sprite.name).is_some_and(|frames| sprite.frame < frames.len())
    }

    /// The region of a sprite frame, or of a placeholder if it is not on the sheet.
    pub fn sprite(&self, name: &str, frame: usize) -> SheetRegion {
        self.sprites.get(name).and_then(|frames| frames.get(frame)).copied().unwrap_or(self.unknown)
    }

    /// The region of a letter, or of a placeholder if it is not on the sheet; `None` for a space.
    pub fn glyph(&self, letter: char) -> Option<SheetRegion> {
        (letter != ' ').then(|| self.glyphs.get(&letter).copied().unwrap_or(self.unknown))
    }

    /// A white region, to draw rectangles of any size and colour from.
    pub fn white(&self) -> SheetRegion {
        self.white
    }
}

/// The sections of an art file: a title after `= `, and the rows up to the next title.
fn sections(text: &'static str) -> impl Iterator<Item = (&'static str, Vec<&'static str>)> {
    text.split("\n= ").map(|section| {
        let mut lines = section.lines();
        let title = lines.next().unwrap_or_default();
        (title.strip_prefix("= ").unwrap_or(title), lines.collect())
    })
}

/// The sprite of a section: its title without the number of the frame.
fn sprite_name(title: &'static str) -> &'static str {
    match title.rsplit_once(' ') {
        Some((name, number)) if number.bytes().all(|digit| digit.is_ascii_digit()) => name,
        _ => title,
    }
}

/// The rows of letter `i` in a section of letters, which are one column apart.
fn letter_rows<'a>(rows: &[&'a str], i: usize) -> Vec<&'a str> {
    let from = i * (GLYPH.0 + 1);
    rows.iter().filter_map(|row| row.get(from..from + GLYPH.0)).collect()
}

/// Builds the image: places sprites and letters in lines, one transparent pixel apart.
#[derive(Default)]
struct SheetBuilder {
    pixels: Vec<u8>,
    x: usize,
    y: usize,
    line_height: usize,
}

impl SheetBuilder {
    /// Places a bitmap, given as rows of palette letters, and returns its region.
    fn add(&mut self, rows: &[&str]) -> SheetRegion {
        let (width, height) = (rows.first().map_or(0, |row| row.len()), rows.len());
        if self.x + width > WIDTH {
            (self.x, self.y, self.line_height) = (0, self.y + self.line_height + 1, 0);
        }
        self.line_height = self.line_height.max(height);
        let needed = (self.y + self.line_height) * WIDTH * 4;
        self.pixels.resize(needed.max(self.pixels.len()), 0);
        for (dy, row) in rows.iter().enumerate() {
            for (dx, colour) in row.bytes().enumerate() {
                if let Some([red, green, blue]) = palette::ink(colour) {
                    let at = ((self.y + dy) * WIDTH + self.x + dx) * 4;
                    self.pixels[at..at + 4].copy_from_slice(&[red, green, blue, u8::MAX]);
                }
            }
        }
        let region = SheetRegion { x: self.x, y: self.y, width, height };
        self.x += width + 1;
        region
    }
}
