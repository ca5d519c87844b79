//! The top of the standings, dim behind the game.

use bevy::prelude::*;

use crate::{
    draw::{
        Layer,
        font::{Align, LINE},
        painter::Painter,
        theme,
    },
    page::layout,
    screen::Screen,
    simulation::Simulation,
    standings::{self, Top},
};

const PLACES: usize = 10;

pub fn plugin(app: &mut App) {
    let in_game = in_state(Screen::Playing).or_else(in_state(Screen::Paused));
    app.add_systems(Update, draw.in_set(Layer::Backdrop).run_if(in_game));
}

fn draw(mut painter: ResMut<Painter>, simulation: Res<Simulation>, top: Res<Top>) {
    if top.0.standings.is_empty() {
        return;
    }
    let size = layout::canvas(simulation.field());
    let at = Vec2::new(size.x / 2.0, size.y - layout::BELOW - 24.0 - LINE * PLACES as f32);
    painter.text("TOP PLAYERS", at - Vec2::Y * LINE * 1.5, Align::Centre, 1.0, theme::DUSK);
    standings::list(&mut painter, &top, at, PLACES, Some(theme::DUSK));
}
