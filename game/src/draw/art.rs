//! The sheet: our drawings and letters, kept as text files and turned into one image as the game starts.

use bevy::{
    asset::RenderAssetUsages,
    platform::collections::HashMap,
    prelude::*,
    render::render_resource::{Extent3d, TextureDimension, TextureFormat},
};

use super::theme;

const SPRITES: &str = include_str!("../../art/sprites.txt");
const FONT: &str = include_str!("../../art/font.txt");
/// The sheet's width in pixels; it is as high as it needs.
const WIDTH: usize = 256;
/// One letter's columns and rows.
pub const GLYPH: (usize, usize) = (5, 8);

/// Where each piece lies on the sheet.
pub struct Sheet {
    /// The frames of each drawing.
    sprites: HashMap<&'static str, Vec<Rect>>,
    glyphs: HashMap<char, Rect>,
    /// A white pixel, for blocks of any size.
    pub white: Rect,
    unknown: Rect,
}

impl Sheet {
    /// A frame of a drawing; a drawing that does not move has one.
    pub fn sprite(&self, name: &str, frame: usize) -> Rect {
        self.sprites.get(name).and_then(|frames| frames.get(frame)).copied().unwrap_or(self.unknown)
    }

    /// The letter, or the sign for one that we have not drawn; none for a space.
    pub fn glyph(&self, letter: char) -> Option<Rect> {
        (letter != ' ').then(|| self.glyphs.get(&letter).copied().unwrap_or(self.unknown))
    }
}

/// Lays all pieces out on one image.
pub fn sheet() -> (Sheet, Image) {
    let mut paper = Paper::default();
    let white = paper.add(&["##", "##"]);
    let unknown = paper.add(&["#####", "#...#", "#...#", "#...#", "#...#", "#...#", "#####", "....."]);
    let mut sprites: HashMap<&str, Vec<Rect>> = HashMap::default();
    for (title, rows) in sections(SPRITES) {
        sprites.entry(drawing(title)).or_default().push(paper.add(&rows));
    }
    let glyphs = sections(FONT)
        .flat_map(|(letters, rows)| {
            letters.chars().enumerate().map(|(i, letter)| (letter, cut(&rows, i))).collect::<Vec<_>>()
        })
        .map(|(letter, rows)| (letter, paper.add(&rows)))
        .collect();
    let sheet = Sheet { sprites, glyphs, white: Rect::from_center_size(white.center(), Vec2::ONE), unknown };
    (sheet, paper.image())
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
    fn add(&mut self, rows: &[&str]) -> Rect {
        let (width, height) = (rows.first().map_or(0, |row| row.len()), rows.len());
        if self.x + width > WIDTH {
            (self.x, self.y, self.line_height) = (0, self.y + self.line_height + 1, 0);
        }
        self.line_height = self.line_height.max(height);
        let needed = (self.y + self.line_height) * WIDTH * 4;
        self.pixels.resize(needed.max(self.pixels.len()), 0);
        for (dy, row) in rows.iter().enumerate() {
            for (dx, letter) in row.bytes().enumerate() {
                if let Some(colour) = theme::ink(letter) {
                    let at = ((self.y + dy) * WIDTH + self.x + dx) * 4;
                    self.pixels[at..at + 4].copy_from_slice(&colour.to_srgba().to_u8_array());
                }
            }
        }
        let corner = Vec2::new(self.x as f32, self.y as f32);
        self.x += width + 1;
        Rect::from_corners(corner, corner + Vec2::new(width as f32, height as f32))
    }

    fn image(self) -> Image {
        let height = self.pixels.len() / (WIDTH * 4);
        let size = Extent3d { width: WIDTH as u32, height: height as u32, depth_or_array_layers: 1 };
        Image::new(
            size,
            TextureDimension::D2,
            self.pixels,
            TextureFormat::Rgba8UnormSrgb,
            RenderAssetUsages::RENDER_WORLD,
        )
    }
}
