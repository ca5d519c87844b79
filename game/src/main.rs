//! The Bevy client of Alien Attack: it draws the state that the shared rules compute, and feeds them buttons.
#![allow(clippy::too_many_arguments, clippy::type_complexity, reason = "a Bevy system's arguments say what it touches")]

mod api;
mod backdrop;
mod draw;
mod effects;
mod hud;
mod input;
mod nickname;
mod opening;
mod page;
mod playfield;
mod replay;
mod screen;
mod session;
mod settings;
mod simulation;
mod sound;
mod standings;
mod starfield;
mod telemetry;
mod trial;

use bevy::prelude::*;

fn main() {
    page::trouble::report_panics();
    App::new().add_plugins(plugin).run();
}

/// What a frame does, in this order.
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Step {
    /// Take what the page, the player and the server have to say.
    Listen,
    /// Step the rules.
    Simulate,
    /// Tell the page and the server.
    Tell,
    /// Draw the frame.
    Draw,
}

fn plugin(app: &mut App) {
    app.configure_sets(Update, (Step::Listen, Step::Simulate, Step::Tell, Step::Draw).chain());
    app.add_plugins((
        draw::plugin,
        page::plugin,
        input::plugin,
        settings::plugin,
        simulation::plugin,
        screen::plugin,
        nickname::plugin,
        standings::plugin,
        session::plugin,
        opening::plugin,
        trial::plugin,
        telemetry::plugin,
    ));
    app.add_plugins((
        starfield::plugin,
        backdrop::plugin,
        playfield::plugin,
        effects::plugin,
        hud::plugin,
        sound::plugin,
    ));
}
