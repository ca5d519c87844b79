//! The painter: systems call it in drawing order, and it turns the calls into sprites.
//!
//! The state is drawn anew in each frame, so nothing on the canvas can fall out of step with it. The sprites are a pool
//! that is only ever moved, never spawned or despawned once it is large enough; all share one image and so one draw call.

use std::fmt::{self, Write};

use art::sprites::SpriteFrame;
use bevy::{camera::visibility::NoFrustumCulling, prelude::*, sprite::Anchor};

use super::{
    font::{self, Align},
    sheet::Sheet,
};

/// A part of the sheet on the canvas.
struct Piece {
    part: Rect,
    corner: Vec2,
    size: Vec2,
    colour: Color,
}

#[derive(Resource)]
pub struct Painter {
    sheet: Sheet,
    image: Handle<Image>,
    pieces: Vec<Piece>,
}

/// A sprite of the pool.
#[derive(Component)]
pub struct Brush;

impl Painter {
    pub fn new(sheet: Sheet, image: Handle<Image>) -> Painter {
        Painter { sheet, image, pieces: Vec::new() }
    }

    /// A drawing around a point, in its own colours.
    pub fn sprite(&mut self, name: &str, centre: Vec2) {
        self.frame(name, 0, centre);
    }

    /// A frame of a moving drawing around a point.
    pub fn frame(&mut self, name: &str, frame: usize, centre: Vec2) {
        self.scaled(name, frame, centre, 1.0, Color::WHITE);
    }

    /// A thing of the game around a point.
    pub fn figure(&mut self, figure: SpriteFrame, centre: Vec2) {
        self.frame(figure.name, figure.frame, centre);
    }

    /// A frame of a drawing around a point, some times as large, its colours multiplied.
    pub fn scaled(&mut self, name: &str, frame: usize, centre: Vec2, scale: f32, colour: Color) {
        let part = self.sheet.sprite(name, frame);
        let size = part.size() * scale;
        self.put(part, centre - size / 2.0, size, colour);
    }

    /// The size of a drawing, pixels.
    pub fn size(&self, name: &str) -> Vec2 {
        self.sheet.sprite(name, 0).size()
    }

    /// A filled rectangle.
    pub fn block(&mut self, corner: Vec2, size: Vec2, colour: Color) {
        self.put(self.sheet.white(), corner, size, colour);
    }

    /// A line of text; `at` is its upper left corner, the middle of its upper edge, or its upper right corner.
    ///
    /// It goes from its formatting straight onto the canvas: what is written anew in each frame needs no memory.
    pub fn text(&mut self, text: impl fmt::Display, at: Vec2, align: Align, scale: f32, colour: Color) {
        let corner = at - Vec2::X * font::lead(align, font::width(&text) * scale);
        // Neither our pen nor what we write can fail.
        let _ = write!(Pen { painter: self, corner, scale, colour }, "{text}");
    }

    /// Fades all that was painted so far in this frame, as a dark pane over it would, at no cost in pixels. `left` is
    /// the lightness that is left to the eye, 0 to 1.
    pub fn dim(&mut self, left: f32) {
        // Colours are blended by their light, of which the eye sees about this power.
        let light = left.powf(2.2);
        for piece in &mut self.pieces {
            piece.colour = piece.colour.with_alpha(piece.colour.alpha() * light);
        }
    }

    /// Moves all that was painted so far in this frame.
    pub fn shift(&mut self, by: Vec2) {
        for piece in &mut self.pieces {
            piece.corner += by.round();
        }
    }

    /// A text in as many lines as its width needs; `at` is the middle of the first line's upper edge. Gives where the
    /// next line would begin.
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
            self.put(part, corner, part.size() * scale, colour);
        }
    }

    fn put(&mut self, part: Rect, corner: Vec2, size: Vec2, colour: Color) {
        // Whole pixels only, or the sheet would be sampled between its pixels.
        self.pieces.push(Piece { part, corner: corner.round(), size, colour });
    }
}

/// Writes letter after letter, each an advance further to the right.
struct Pen<'a> {
    painter: &'a mut Painter,
    corner: Vec2,
    scale: f32,
    colour: Color,
}

impl Write for Pen<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for letter in text.chars() {
            self.painter.letter(letter, self.corner, self.scale, self.colour);
            self.corner.x += font::ADVANCE * self.scale;
        }
        Ok(())
    }
}

/// Turns the frame's pieces into sprites, from back to front.
pub fn paint(
    mut commands: Commands,
    mut painter: ResMut<Painter>,
    mut brushes: Query<(&mut Sprite, &mut Transform, &mut Visibility), With<Brush>>,
) {
    let mut pieces = std::mem::take(&mut painter.pieces);
    let mut depths = (0..).map(|i| i as f32 * 0.1);
    let mut left = pieces.drain(..);
    for (mut sprite, mut transform, mut visibility) in &mut brushes {
        let Some(piece) = left.next() else {
            visibility.set_if_neq(Visibility::Hidden);
            continue;
        };
        visibility.set_if_neq(Visibility::Visible);
        let depth = depths.next().unwrap_or_default();
        transform.set_if_neq(place(&piece, depth));
        if sprite.rect != Some(piece.part) || sprite.color != piece.colour || sprite.custom_size != Some(piece.size) {
            (sprite.rect, sprite.color, sprite.custom_size) = (Some(piece.part), piece.colour, Some(piece.size));
        }
    }
    for (piece, depth) in left.by_ref().zip(depths) {
        let sprite = Sprite {
            image: painter.image.clone(),
            rect: Some(piece.part),
            color: piece.colour,
            custom_size: Some(piece.size),
            ..default()
        };
        commands.spawn((Name::new("brush"), Brush, sprite, place(&piece, depth), Anchor::TOP_LEFT, NoFrustumCulling));
    }
    drop(left);
    // Emptied, it keeps its memory for the next frame.
    painter.pieces = pieces;
}

/// The canvas counts downwards from its upper left corner, Bevy upwards.
fn place(piece: &Piece, depth: f32) -> Transform {
    Transform::from_xyz(piece.corner.x, -piece.corner.y, depth)
}
