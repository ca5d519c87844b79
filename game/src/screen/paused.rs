//! Paused: the game stands still until the player goes on.

use bevy::prelude::*;

use super::Screen;
use crate::{
    Step,
    draw::{Layer, font::Align, painter::Painter, theme},
    input::{Key, Keyboard, Pressed},
    page::{dom, layout, status},
    simulation::Simulation,
};

pub fn plugin(app: &mut App) {
    app.add_systems(OnEnter(Screen::Paused), || status::announce("Paused.")).add_systems(
        Update,
        (resume.in_set(Step::Listen), draw.in_set(Layer::Screen)).run_if(in_state(Screen::Paused)),
    );
}

fn resume(pressed: Res<Pressed>, mut next: ResMut<NextState<Screen>>) {
    if pressed.contains(Key::Pause) || pressed.contains(Key::Go) {
        next.set(Screen::Playing);
    }
}

fn draw(mut painter: ResMut<Painter>, simulation: Res<Simulation>, keyboard: Res<Keyboard>) {
    let size = layout::canvas(simulation.game().params());
    let middle = size / 2.0;
    painter.dim(0.3);
    painter.text("PAUSED", middle - Vec2::Y * 24.0, Align::Centre, 4.0, theme::LEMON);
    let how = if dom::has_touch() {
        "TAP TO GO ON".to_owned()
    } else {
        format!("{} OR ENTER TO GO ON", keyboard.label(Key::Pause).to_uppercase())
    };
    painter.text(how, middle + Vec2::Y * 24.0, Align::Centre, 1.0, theme::MIST);
}
