//! The quad batch: systems add quads to it in drawing order, and each frame draws them as Bevy sprites in one draw call.
//!
//! Every frame draws the whole state again, so the canvas always shows the current state. The Bevy sprites are a pool:
//! each frame moves them, and spawns more only if they are too few.

use std::fmt::{self, Write};

use art::sprites::SpriteFrame;
use bevy::{camera::visibility::NoFrustumCulling, prelude::*, sprite::Anchor};

use super::{
    font::{self, Align},
    sheet::Sheet,
};

/// A part of the sheet, drawn on the canvas.
struct Quad {
    /// The part of the sheet.
    part: Rect,
    /// The upper left corner on the canvas.
    corner: Vec2,
    size: Vec2,
    /// The sheet's colours are multiplied by this one.
    colour: Color,
}

/// The quads of the current frame, in drawing order.
#[derive(Resource)]
pub struct QuadBatch {
    sheet: Sheet,
    image: Handle<Image>,
    quads: Vec<Quad>,
}

/// A Bevy sprite of the pool.
#[derive(Component)]
pub struct PooledSprite;

impl QuadBatch {
    pub fn new(sheet: Sheet, image: Handle<Image>) -> QuadBatch {
        QuadBatch { sheet, image, quads: Vec::new() }
    }

    /// Adds the first frame of a sprite of the sheet in its own colours.
    pub fn sprite(&mut self, name: &str, centre: Vec2) {
        self.frame(name, 0, centre);
    }

    /// Adds a frame of a sprite of the sheet in its own colours.
    pub fn frame(&mut self, name: &str, frame: usize, centre: Vec2) {
        self.scaled(name, frame, centre, 1.0, Color::WHITE);
    }

    /// Adds the sprite of an object of the game.
    pub fn sprite_frame(&mut self, sprite: SpriteFrame, centre: Vec2) {
        self.frame(sprite.name, sprite.frame, centre);
    }

    /// Adds a frame of a sprite of the sheet, scaled, its colours multiplied by `colour`.
    pub fn scaled(&mut self, name: &str, frame: usize, centre: Vec2, scale: f32, colour: Color) {
        let part = self.sheet.sprite(name, frame);
        let size = part.size() * scale;
        self.push(part, centre - size / 2.0, size, colour);
    }

    /// The size of a sprite of the sheet, pixels.
    pub fn sprite_size(&self, name: &str) -> Vec2 {
        self.sheet.sprite(name, 0).size()
    }

    /// Adds a filled rectangle.
    pub fn rectangle(&mut self, corner: Vec2, size: Vec2, colour: Color) {
        self.push(self.sheet.white(), corner, size, colour);
    }

    /// Adds a line of text. `at` is the point of its upper edge that `align` names.
    ///
    /// The formatted letters go straight into the batch, without an allocation for each frame.
    pub fn text(&mut self, text: impl fmt::Display, at: Vec2, align: Align, scale: f32, colour: Color) {
        let corner = at - Vec2::X * font::offset(align, font::text_width(&text) * scale);
        // Neither the writer nor the texts of the game can fail.
        let _ = write!(LetterWriter { batch: self, corner, scale, colour }, "{text}");
    }

    /// Dims all quads so far. `brightness` is the perceived brightness that remains, 0 to 1.
    ///
    /// Unlike a dark rectangle over them, this fills no pixels.
    pub fn dim(&mut self, brightness: f32) {
        // Blending is linear in light, while perceived brightness follows about this power of it.
        let light = brightness.powf(2.2);
        for quad in &mut self.quads {
            quad.colour = quad.colour.with_alpha(quad.colour.alpha() * light);
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
    pub fn paragraph(&mut self, text: &str, at: Vec2, width: f32, scale: f32, colour: Color) -> Vec2 {
        let mut at = at;
        for line in font::wrap(text, width / scale) {
            self.text(&line, at, Align::Centre, scale, colour);
            at.y += font::LINE * scale;
        }
        at
    }

    fn letter(&mut self, letter: char, corner: Vec2, scale: f32, colour: Color) {
        if let Some(part) = self.sheet.glyph(letter) {
            self.push(part, corner, part.size() * scale, colour);
        }
    }

    fn push(&mut self, part: Rect, corner: Vec2, size: Vec2, colour: Color) {
        // On fractions of pixels, sampling would blend neighbouring parts of the sheet.
        self.quads.push(Quad { part, corner: corner.round(), size, colour });
    }
}

/// Writes letters into the batch, from left to right.
struct LetterWriter<'a> {
    batch: &'a mut QuadBatch,
    corner: Vec2,
    scale: f32,
    colour: Color,
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

/// Applies the frame's quads to the pool of sprites, from back to front, and empties the batch.
pub fn draw_batch(
    mut commands: Commands,
    mut batch: ResMut<QuadBatch>,
    mut pool: Query<(&mut Sprite, &mut Transform, &mut Visibility), With<PooledSprite>>,
) {
    let mut quads = std::mem::take(&mut batch.quads);
    let mut depths = (0..).map(|i| i as f32 * 0.1);
    let mut remaining = quads.drain(..);
    for (mut sprite, mut transform, mut visibility) in &mut pool {
        let Some(quad) = remaining.next() else {
            visibility.set_if_neq(Visibility::Hidden);
            continue;
        };
        visibility.set_if_neq(Visibility::Visible);
        let depth = depths.next().unwrap_or_default();
        transform.set_if_neq(transform_of(&quad, depth));
        if sprite.rect != Some(quad.part) || sprite.color != quad.colour || sprite.custom_size != Some(quad.size) {
            (sprite.rect, sprite.color, sprite.custom_size) = (Some(quad.part), quad.colour, Some(quad.size));
        }
    }
    for (quad, depth) in remaining.by_ref().zip(depths) {
        let sprite = Sprite {
            image: batch.image.clone(),
            rect: Some(quad.part),
            color: quad.colour,
            custom_size: Some(quad.size),
            ..default()
        };
        let transform = transform_of(&quad, depth);
        commands.spawn((Name::new("quad"), PooledSprite, sprite, transform, Anchor::TOP_LEFT, NoFrustumCulling));
    }
    drop(remaining);
    // Keeps the allocation for the next frame.
    batch.quads = quads;
}

/// The canvas's y axis points down, Bevy's up.
fn transform_of(quad: &Quad, depth: f32) -> Transform {
    Transform::from_xyz(quad.corner.x, -quad.corner.y, depth)
}
