//! The logo, drawn letter by letter.

use crate::bevy::prelude::*;

use crate::canvas::{quad_batch::QuadBatch, theme};

const SCALE: f32 = 2.0;
/// The distance between two letters, pixels at scale 1.
const LETTER_GAP: f32 = 2.0;
/// The width of a space, pixels at scale 1.
const SPACE_WIDTH: f32 = 5.0;
/// The distance between two lines, pixels.
const LINE_GAP: f32 = 4.0;

/// Draws the logo on one line, or on two if `width` is too small. Returns the y of the next line.
pub fn draw_logo(quads: &mut QuadBatch, at: Vec2, width: f32) -> f32 {
    let fits = line_width(quads, "ALIEN ATTACK") <= width;
    let lines = if fits { vec!["ALIEN ATTACK"] } else { vec!["ALIEN", "ATTACK"] };
    let mut y = at.y;
    for line in lines {
        y += draw_line(quads, line, Vec2::new(at.x, y)) + LINE_GAP;
    }
    y
}

fn sprite_name(letter: char) -> String {
    format!("logo {letter}")
}

fn letter_width(quads: &QuadBatch, letter: char) -> f32 {
    if letter == ' ' { SPACE_WIDTH } else { quads.sprite_size(&sprite_name(letter)).x }
}

fn line_width(quads: &QuadBatch, text: &str) -> f32 {
    text.chars().map(|letter| (letter_width(quads, letter) + LETTER_GAP) * SCALE).sum()
}

/// Draws a line centred at `at.x`. Returns its height.
fn draw_line(quads: &mut QuadBatch, text: &str, at: Vec2) -> f32 {
    let mut x = at.x - line_width(quads, text) / 2.0;
    let mut line_height: f32 = 0.0;
    for letter in text.chars() {
        let width = letter_width(quads, letter) * SCALE;
        if letter != ' ' {
            let name = sprite_name(letter);
            let height = quads.sprite_size(&name).y * SCALE;
            let centre = Vec2::new(x + width / 2.0, at.y + height / 2.0);
            quads.scaled(&name, 0, centre, SCALE, theme::UNTINTED);
            line_height = line_height.max(height);
        }
        x += width + LETTER_GAP * SCALE;
    }
    line_height
}
