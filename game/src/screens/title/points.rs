//! The points of each kind of invader, and the controls.

use crate::bevy::prelude::*;
use art::sprites;
use shared::rules::{Game, Slot};

use crate::{
    canvas::{font::Align, quad_batch::QuadBatch, theme},
    input::{Key, Keyboard},
    page::dom,
};

const TOUCH_CONTROLS: &str = "LEFT THUMB MOVES, RIGHT THUMB FIRES";
/// The distance from one line to the next, pixels.
const LINE_HEIGHT: f32 = 16.0;

/// Draws the points and the controls. `at` is the middle of the upper edge.
pub fn draw_points(quads: &mut QuadBatch, at: Vec2, game: &Game, keyboard: &Keyboard, width: f32) {
    let mut at = at;
    for (sprite, text) in lines(game) {
        quads.sprite(sprite, at + Vec2::new(-30.0, 4.0));
        quads.text(text, at - Vec2::X * 10.0, Align::Left, 1.0, theme::MIST);
        at.y += LINE_HEIGHT;
    }
    let controls = if dom::has_touch() { TOUCH_CONTROLS.to_owned() } else { key_controls(keyboard) };
    quads.paragraph(&controls, at + Vec2::Y * 6.0, width, 1.0, theme::HAZE);
}

/// One line for each kind, with the points of its first row.
fn lines(game: &Game) -> Vec<(&'static str, String)> {
    let (params, kinds) = (game.params(), sprites::kinds(game.tuning().sprites));
    let mut lines = Vec::new();
    if params.mystery_ticks.is_some() {
        lines.push(("mystery", "= ? MYSTERY".to_owned()));
    }
    let mut listed = Vec::new();
    for row in 0..params.rows {
        let kind = sprites::kind(Slot { row, column: 0 }, game);
        if !listed.contains(&kind) {
            listed.push(kind);
            lines.push((kinds[kind], format!("= {} POINTS", params.invader_points(row))));
        }
    }
    lines
}

fn key_controls(keyboard: &Keyboard) -> String {
    let [left, right, fire, pause] =
        [Key::Left, Key::Right, Key::Fire, Key::Pause].map(|key| keyboard.label(key).to_uppercase());
    format!("{left} {right} MOVE   {fire} FIRES   {pause} PAUSES")
}
