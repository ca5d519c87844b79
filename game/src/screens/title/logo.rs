//! The logo, drawn letter by letter.

use crate::bevy::prelude::*;

use crate::canvas::{quad_batch::QuadBatch, theme};

/// The sprites of the letters of each word.
const WORDS: [&[&str]; 2] = [
    &["logo A", "logo L", "logo I", "logo E", "logo N"],
    &["logo A", "logo T", "logo T", "logo A", "logo C", "logo K"],
];
const SCALE: f32 = 2.0;
/// The distance between two letters, pixels at scale 1.
const LETTER_GAP: f32 = 2.0;
/// The room between the words, pixels at scale 1.
const SPACE_WIDTH: f32 = 7.0;
/// The distance between two lines, pixels.
const LINE_GAP: f32 = 4.0;

/// Draws the logo on one line, or on two if `width` is too small. Returns the y of the next line.
pub fn draw_logo(quads: &mut QuadBatch, at: Vec2, width: f32) -> f32 {
    let widths = WORDS.map(|word| word_width(quads, word));
    let in_one_line = widths[0] + SPACE_WIDTH * SCALE + widths[1];
    if in_one_line <= width {
        let x = at.x - in_one_line / 2.0;
        let height = draw_word(quads, WORDS[0], Vec2::new(x, at.y));
        draw_word(quads, WORDS[1], Vec2::new(x + in_one_line - widths[1], at.y));
        return at.y + height + LINE_GAP;
    }
    WORDS
        .into_iter()
        .zip(widths)
        .fold(at.y, |y, (word, width)| y + draw_word(quads, word, Vec2::new(at.x - width / 2.0, y)) + LINE_GAP)
}

fn word_width(quads: &QuadBatch, word: &[&str]) -> f32 {
    word.iter().map(|letter| (quads.sprite_size(letter).x + LETTER_GAP) * SCALE).sum()
}

/// Draws a word whose upper left corner is `at`. Returns its height.
fn draw_word(quads: &mut QuadBatch, word: &[&str], at: Vec2) -> f32 {
    let mut x = at.x;
    let mut word_height: f32 = 0.0;
    for letter in word {
        let size = quads.sprite_size(letter) * SCALE;
        quads.scaled(letter, 0, Vec2::new(x, at.y) + size / 2.0, SCALE, theme::UNTINTED);
        word_height = word_height.max(size.y);
        x += size.x + LETTER_GAP * SCALE;
    }
    word_height
}
