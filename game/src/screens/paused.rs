//! The pause screen.

use crate::bevy::prelude::*;

use crate::{
    FrameSet,
    canvas::{Layer, font::Align, layout, quad_batch::QuadBatch, theme},
    input::{Key, Keyboard, PressedKeys},
    page::{announcer::announce, dom},
    simulation::Simulation,
    state::Screen,
};

pub fn plugin(app: &mut App) {
    app.add_systems(OnEnter(Screen::Paused), announce_pause).add_systems(
        Update,
        (resume_game.in_set(FrameSet::Input), draw_pause.in_set(Layer::Screen)).run_if(in_state(Screen::Paused)),
    );
}

fn announce_pause(simulation: Res<Simulation>) {
    announce(if simulation.is_real_time() { "Paused. The clock of the game runs on." } else { "Paused." });
}

fn resume_game(pressed: Res<PressedKeys>, mut next: ResMut<NextState<Screen>>) {
    if pressed.contains(Key::Pause) || pressed.contains(Key::Go) {
        next.set(Screen::Playing);
    }
}

fn draw_pause(mut quads: ResMut<QuadBatch>, simulation: Res<Simulation>, keyboard: Res<Keyboard>) {
    let size = layout::canvas_size(simulation.game().params());
    let middle = size / 2.0;
    quads.dim(0.28);
    quads.text("PAUSED", middle - Vec2::Y * 24.0, Align::Centre, 4.0, theme::LEMON);
    let hint = if dom::has_touch() {
        "TAP TO CONTINUE".to_owned()
    } else {
        format!("{} OR ENTER TO CONTINUE", keyboard.label(Key::Pause).to_uppercase())
    };
    quads.text(hint, middle + Vec2::Y * 24.0, Align::Centre, 1.0, theme::MIST);
    if simulation.is_real_time() {
        let at = middle + Vec2::Y * 48.0;
        quads.text("THE CLOCK OF THE GAME RUNS ON", at, Align::Centre, 1.0, theme::AMBER);
    }
}
