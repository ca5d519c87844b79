//! The list of the best players, for the title and the backdrop.

use crate::bevy::prelude::*;

use crate::{
    canvas::{
        font::{self, Align, LINE},
        quad_batch::QuadBatch,
        theme::{self, Colour},
    },
    session::TopPlayers,
};

/// The width of the list, letters.
const COLUMNS: f32 = 34.0;

/// Draws the first `count` players. `at` is the middle of the upper edge. Without a colour, the first player is
/// highlighted.
pub fn draw_list(quads: &mut QuadBatch, top: &TopPlayers, at: Vec2, count: usize, colour: Option<Colour>) {
    let half_width = COLUMNS * font::ADVANCE / 2.0;
    for (i, player) in top.0.iter().take(count).enumerate() {
        let middle = at + Vec2::Y * LINE * i as f32;
        let colour = colour.unwrap_or(if i == 0 { theme::LEMON } else { theme::MIST });
        let name = format_args!("{:>2}  {}", player.rank, player.name);
        quads.text(name, middle - Vec2::X * half_width, Align::Left, 1.0, colour);
        quads.text(player.score, middle + Vec2::X * half_width, Align::Right, 1.0, colour);
    }
}
