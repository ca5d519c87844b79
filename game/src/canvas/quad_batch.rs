//! The quad batch: systems add quads to it in drawing order, and each frame draws them in one draw call.
//!
//! Every frame draws the whole state again, so the canvas always shows the current state.

use std::fmt::{self, Write};

use crate::bevy::prelude::*;
use art::{Sheet, SheetRegion, sprites::SpriteFrame};

use super::{
    font::{self, Align},
    theme::{self, Colour},
};

/// A part of the sheet, drawn on the canvas.
pub struct Quad {
    pub part: SheetRegion,
    /// The upper left corner on the canvas.
    pub corner: Vec2,
    pub size: Vec2,
    /// The sheet's colours are multiplied by this one.
    pub colour: Colour,
}

/// The quads of the current frame, in drawing order.
#[derive(Resource)]
pub struct QuadBatch {
    sheet: Sheet,
    quads: Vec<Quad>,
}

impl QuadBatch {
    pub fn new() -> QuadBatch {
        QuadBatch { sheet: Sheet::new(), quads: Vec::new() }
    }

    pub fn sheet(&self) -> &Sheet {
        &self.sheet
    }

    pub fn quads(&self) -> &[Quad] {
        &self.quads
    }

    /// Removes all quads. Their memory serves the next frame.
    pub fn clear(&mut self) {
        self.quads.clear();
    }

    /// Adds the first frame of a sprite of the sheet in its own colours.
    pub fn sprite(&mut self, name: &str, centre: Vec2) {
        self.frame(name, 0, centre);
    }

    /// Adds a frame of a sprite of the sheet in its own colours.
    pub fn frame(&mut self, name: &str, frame: usize, centre: Vec2) {
        self.scaled(name, frame, centre, 1.0, theme::UNTINTED);
    }

    /// Adds the sprite of an object of the game.
    pub fn sprite_frame(&mut self, sprite: SpriteFrame, centre: Vec2) {
        self.frame(sprite.name, sprite.frame, centre);
    }

    /// Adds a frame of a sprite of the sheet, scaled, its colours multiplied by `colour`.
    pub fn scaled(&mut self, name: &str, frame: usize, centre: Vec2, scale: f32, colour: Colour) {
        let part = self.sheet.sprite(name, frame);
        let size = size(part) * scale;
        self.push(part, centre - size / 2.0, size, colour);
    }

    /// The size of a sprite of the sheet, pixels.
    pub fn sprite_size(&self, name: &str) -> Vec2 {
        size(self.sheet.sprite(name, 0))
    }

    /// Adds a filled rectangle.
    pub fn rectangle(&mut self, corner: Vec2, size: Vec2, colour: Colour) {
        self.push(self.sheet.white(), corner, size, colour);
    }

    /// Adds a line of text. `at` is the point of its upper edge that `align` names.
    ///
    /// The formatted letters go straight into the batch, without an allocation for each frame.
    pub fn text(&mut self, text: impl fmt::Display, at: Vec2, align: Align, scale: f32, colour: Colour) {
        let corner = at - Vec2::X * font::offset(align, font::text_width(&text) * scale);
        // Neither the writer nor the texts of the game can fail.
        let _ = write!(LetterWriter { batch: self, corner, scale, colour }, "{text}");
    }

    /// Dims all quads so far. `brightness` is the perceived brightness that remains, 0 to 1.
    ///
    /// Unlike a dark rectangle over them, this fills no pixels.
    pub fn dim(&mut self, brightness: f32) {
        for quad in &mut self.quads {
            quad.colour = quad.colour.dimmed(brightness);
        }
    }

    /// Moves all quads so far.
    pub fn shift(&mut self, by: Vec2) {
        for quad in &mut self.quads {
            quad.corner += by.round();
        }
    }

    /// Adds a centred text, broken into lines of at most `width` pixels. `at` is the middle of the first line's upper
    /// edge. Returns the same point of the line after the last.
    pub fn paragraph(&mut self, text: &str, at: Vec2, width: f32, scale: f32, colour: Colour) -> Vec2 {
        let mut at = at;
        for line in font::wrap(text, width / scale) {
            self.text(&line, at, Align::Centre, scale, colour);
            at.y += font::LINE * scale;
        }
        at
    }

    fn letter(&mut self, letter: char, corner: Vec2, scale: f32, colour: Colour) {
        if let Some(part) = self.sheet.glyph(letter) {
            self.push(part, corner, size(part) * scale, colour);
        }
    }

    fn push(&mut self, part: SheetRegion, corner: Vec2, size: Vec2, colour: Colour) {
        // Whole pixels keep the steps of the pixel art even.
        self.quads.push(Quad { part, corner: corner.round(), size, colour });
    }
}

fn size(part: SheetRegion) -> Vec2 {
    Vec2::new(part.width as f32, part.height as f32)
}

/// Writes letters into the batch, from left to right.
struct LetterWriter<'a> {
    batch: &'a mut QuadBatch,
    corner: Vec2,
    scale: f32,
    colour: Colour,
}

impl Write for LetterWriter<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for letter in text.chars() {
            self.batch.letter(letter, self.corner, self.scale, self.colour);
            self.corner.x += font::ADVANCE * self.scale;
        }
        Ok(())
    }
}
