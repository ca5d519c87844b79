//! The top of the standings, dim behind the game.

use bevy::prelude::*;
use shared::rules::Shields;

use crate::{
    draw::{
        Layer,
        font::{Align, LINE},
        painter::Painter,
        theme,
    },
    playfield::on_canvas,
    screen::Screen,
    simulation::Simulation,
    standings::{self, Top},
};

/// Places at most; where the field has little room, fewer.
const MOST: usize = 10;
/// Between the list and what is above or below it, pixels.
const GAP: f32 = 8.0;

pub fn plugin(app: &mut App) {
    let in_game = in_state(Screen::Playing).or_else(in_state(Screen::Paused));
    app.add_systems(Update, draw.in_set(Layer::Backdrop).run_if(in_game));
}

fn draw(mut painter: ResMut<Painter>, simulation: Res<Simulation>, top: Res<Top>) {
    if top.0.is_empty() {
        return;
    }
    let params = simulation.game().params();
    // From where the invaders begin down to the shields, or to the ship.
    let lowest = params.first.y.to_f32() + params.row_spacing.to_f32() * params.rows as f32;
    let floor = if params.shields > 0 { Shields::top(params) } else { params.height - params.ship.half_height };
    let floor = floor.to_f32();
    let places = ((floor - lowest - 2.0 * GAP) / LINE - 1.5).max(0.0) as usize;
    let places = places.min(MOST).min(top.0.len());
    let at = on_canvas(Vec2::new(params.width.to_f32() / 2.0, floor - GAP - LINE * places as f32));
    painter.text("TOP PLAYERS", at - Vec2::Y * LINE * 1.5, Align::Centre, 1.0, theme::DUSK);
    standings::list(&mut painter, &top, at, places, Some(theme::DUSK));
}
