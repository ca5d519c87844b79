//! The best players, dim behind the game.

use crate::bevy::prelude::*;
use shared::rules::{LevelParams, Shields};

use super::standings_list;
use crate::{
    canvas::{
        Layer,
        font::{Align, LINE},
        layout::on_canvas,
        quad_batch::QuadBatch,
        theme,
    },
    session::TopPlayers,
    simulation::Simulation,
    state::Screen,
};

/// The maximum number of listed players.
const MAX_PLAYERS: usize = 10;
/// The room above and below the list, pixels.
const GAP: f32 = 8.0;

pub fn plugin(app: &mut App) {
    let in_game = in_state(Screen::Playing).or_else(in_state(Screen::Paused));
    app.add_systems(Update, draw_top_players.in_set(Layer::Backdrop).run_if(in_game));
}

fn draw_top_players(mut quads: ResMut<QuadBatch>, simulation: Res<Simulation>, top: Res<TopPlayers>) {
    if top.0.is_empty() {
        return;
    }
    let params = simulation.game().params();
    let floor = list_floor(params);
    let count = lines_above(floor, params).min(MAX_PLAYERS).min(top.0.len());
    let at = on_canvas(Vec2::new(params.width.to_f32() / 2.0, floor - GAP - LINE * count as f32));
    quads.text("TOP PLAYERS", at - Vec2::Y * LINE * 1.5, Align::Centre, 1.0, theme::DUSK);
    standings_list::draw_list(&mut quads, &top, at, count, Some(theme::DUSK));
}

/// The upper edge of the shields, or of the ship without shields, in pixels on the field.
fn list_floor(params: &LevelParams) -> f32 {
    let floor = if params.shields > 0 { Shields::top(params) } else { params.height - params.ship.half_height };
    floor.to_f32()
}

/// The number of lines that fit between the formation's first position and the floor.
fn lines_above(floor: f32, params: &LevelParams) -> usize {
    let formation_bottom = params.first.y.to_f32() + params.row_spacing.to_f32() * params.rows as f32;
    ((floor - formation_bottom - 2.0 * GAP) / LINE - 1.5).max(0.0) as usize
}
