//! The Bevy client of Alien Attack: it feeds buttons to the shared rules and draws the resulting state.
//!
//! The modules below are listed from the bottom floor to the top one. A module uses only modules listed above it.
#![allow(
    clippy::too_many_arguments,
    clippy::type_complexity,
    reason = "the parameters of a Bevy system list the data that it accesses"
)]

// Page, network, and state types that many modules need.
mod network;
mod page;
mod state;

// Input, simulation, session and telemetry.
mod input;
mod player;
mod settings;

mod session;
mod simulation;
mod telemetry;

mod game_start;
mod tuning_preview;

// Drawing and sound.
mod canvas;
mod layers;
mod sound;

// Screens.
mod screens;

//DEV #[cfg(feature = "dev")]
//DEV mod dev;
mod replay_hash;

use bevy::prelude::*;

fn main() {
    page::errors::report_panics();
    App::new().add_plugins(plugin).run();
}

/// The parts of a frame, in the order in which they run.
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum FrameSet {
    /// Handle input from the page, the player and the server.
    Input,
    /// Step the rules.
    Simulate,
    /// Pass the results on: to the page, to the server, to sound and effects.
    Output,
    /// Draw the frame.
    Draw,
}

fn plugin(app: &mut App) {
    app.configure_sets(Update, (FrameSet::Input, FrameSet::Simulate, FrameSet::Output, FrameSet::Draw).chain());
    // The canvas brings Bevy's default plugins, which the others need.
    app.add_plugins((canvas::plugin, page::plugin, state::plugin));
    app.add_plugins((input::plugin, player::plugin, settings::plugin));
    app.add_plugins((session::plugin, simulation::plugin, telemetry::plugin));
    app.add_plugins((game_start::plugin, tuning_preview::plugin));
    app.add_plugins((layers::plugin, sound::plugin, screens::plugin));
    //DEV     #[cfg(feature = "dev")]
    //DEV     app.add_plugins(dev::plugin);
}
