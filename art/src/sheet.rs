//! The sheet: all drawings and letters on one image.

use std::collections::BTreeMap;

use crate::{palette, sprites::SpriteFrame};

const SPRITES: &str = include_str!("../sprites.txt");
const FONT: &str = include_str!("../font.txt");
/// The sheet's width in pixels; it is as high as it needs.
const WIDTH: usize = 256;
/// One letter's columns and rows.
pub const GLYPH: (usize, usize) = (5, 8);

/// A part of the sheet, pixels from its upper left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Its left edge.
    pub x: usize,
    /// Its upper edge.
    pub y: usize,
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
}

/// All pieces laid out on one image.
pub struct Sheet {
    pixels: Vec<u8>,
    /// The frames of each drawing.
    sprites: BTreeMap<&'static str, Vec<Part>>,
    glyphs: BTreeMap<char, Part>,
    white: Part,
    unknown: Part,
}

impl Sheet {
    /// Lays all pieces out.
    #[allow(clippy::new_without_default, reason = "it reads files, which a default should not")]
    pub fn new() -> Sheet {
        let mut paper = Paper::default();
        let white = paper.add(&["##", "##"]);
        let unknown = paper.add(&["#####", "#...#", "#...#", "#...#", "#...#", "#...#", "#####", "....."]);
        let mut sprites: BTreeMap<&str, Vec<Part>> = BTreeMap::new();
        for (title, rows) in sections(SPRITES) {
            sprites.entry(drawing(title)).or_default().push(paper.add(&rows));
        }
        let mut glyphs = BTreeMap::new();
        for (letters, rows) in sections(FONT) {
            for (i, letter) in letters.chars().enumerate() {
                glyphs.insert(letter, paper.add(&cut(&rows, i)));
            }
        }
        Sheet { pixels: paper.pixels, sprites, glyphs, white, unknown }
    }

    /// Columns and rows.
    pub fn size(&self) -> (usize, usize) {
        (WIDTH, self.pixels.len() / (WIDTH * 4))
    }

    /// Red, green, blue and opacity of each pixel, row by row, sRGB.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// Whether the figure is on the sheet.
    pub fn has(&self, figure: SpriteFrame) -> bool {
        self.sprites.get(figure.name).is_some_and(|frames| figure.frame < frames.len())
    }

    /// A frame of a drawing; a drawing that does not move has one.
    pub fn sprite(&self, name: &str, frame: usize) -> Part {
        self.sprites.get(name).and_then(|frames| frames.get(frame)).copied().unwrap_or(self.unknown)
    }

    /// The letter, or the sign for one that we have not drawn; none for a space.
    pub fn glyph(&self, letter: char) -> Option<Part> {
        (letter != ' ').then(|| self.glyphs.get(&letter).copied().unwrap_or(self.unknown))
    }

    /// White pixels, for blocks of any size.
    pub fn white(&self) -> Part {
        self.white
    }
}

/// The sections of an art file: after `= title`, the rows up to the next.
fn sections(text: &'static str) -> impl Iterator<Item = (&'static str, Vec<&'static str>)> {
    text.split("\n= ").map(|section| {
        let mut lines = section.lines();
        let title = lines.next().unwrap_or_default();
        (title.strip_prefix("= ").unwrap_or(title), lines.collect())
    })
}

/// The name in the title of a section, where frames are numbered from 0 up in the order of the file.
fn drawing(title: &'static str) -> &'static str {
    match title.rsplit_once(' ') {
        Some((name, number)) if number.bytes().all(|digit| digit.is_ascii_digit()) => name,
        _ => title,
    }
}

/// The `i`th letter of a line of letters that stand one column apart.
fn cut<'a>(rows: &[&'a str], i: usize) -> Vec<&'a str> {
    let from = i * (GLYPH.0 + 1);
    rows.iter().filter_map(|row| row.get(from..from + GLYPH.0)).collect()
}

/// The image in the making: pieces stand in lines, one transparent pixel apart.
#[derive(Default)]
struct Paper {
    pixels: Vec<u8>,
    x: usize,
    y: usize,
    line_height: usize,
}

impl Paper {
    fn add(&mut self, rows: &[&str]) -> Part {
        let (width, height) = (rows.first().map_or(0, |row| row.len()), rows.len());
        if self.x + width > WIDTH {
            (self.x, self.y, self.line_height) = (0, self.y + self.line_height + 1, 0);
        }
        self.line_height = self.line_height.max(height);
        let needed = (self.y + self.line_height) * WIDTH * 4;
        self.pixels.resize(needed.max(self.pixels.len()), 0);
        for (dy, row) in rows.iter().enumerate() {
            for (dx, letter) in row.bytes().enumerate() {
                if let Some([red, green, blue]) = palette::ink(letter) {
                    let at = ((self.y + dy) * WIDTH + self.x + dx) * 4;
                    self.pixels[at..at + 4].copy_from_slice(&[red, green, blue, u8::MAX]);
                }
            }
        }
        let part = Part { x: self.x, y: self.y, width, height };
        self.x += width + 1;
        part
    }
}
