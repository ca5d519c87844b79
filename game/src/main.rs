//! The Bevy client of Alien Attack: it feeds buttons to the shared rules and draws the resulting state.
//!
//! The modules below form floors, from the bottom up. A module uses modules of its own floor and of lower floors, and
//! siblings never import each other in a cycle.
//!
//! # Patterns
//! - Each file with systems has one `plugin` function. The module above it calls it directly: Bevy's list of
//!   plugins would cost time before the first frame.
//! - A browser callback or a response posts a message to a `Mailbox`. Systems read the message in the next frame.
//! - Each system belongs to a [`FrameSet`], each drawing system to a `Layer`.
//! - Drawing systems add quads to the `QuadBatch`, in every frame again. So leaving a screen despawns nothing: its systems
//!   just stop, because they run only in its `Screen` state.
//! - A change of the screen is a request to `NextState<Screen>`. `OnEnter` systems prepare the new screen.
#![allow(
    clippy::too_many_arguments,
    clippy::type_complexity,
    reason = "the parameters of a Bevy system list the data that it accesses"
)]

// Floor 1: the parts of Bevy that the game uses, access to the page and the network, and state types that many modules need.
mod bevy;
mod network;
mod page;
mod state;

// Floor 2: input, the player, the session, the simulation and its telemetry.
mod input;
mod player;
mod session;
mod settings;
mod simulation;
mod telemetry;

// Floor 3: starting games.
mod game_start;
mod tuning_preview;

// Floor 4: what the player sees and hears during a game.
mod canvas;
mod layers;
mod sound;

// Floor 5: screens.
mod screens;

// Tools for developers and tests.
#[cfg(feature = "dev")]
mod dev;
mod replay_hash;
mod runner;

use crate::bevy::{prelude::*, state::app::StatesPlugin, time::TimePlugin};

fn main() {
    page::errors::stop_at_panics();
    // The canvas replaces the runner if it cannot draw.
    let mut app = App::new();
    app.set_runner(runner::run).add_plugins((TimePlugin, StatesPlugin));
    plugin(&mut app);
    app.run();
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
    page::plugin(app);
    state::plugin(app);
    input::plugin(app);
    player::plugin(app);
    settings::plugin(app);
    session::plugin(app);
    simulation::plugin(app);
    telemetry::plugin(app);
    game_start::plugin(app);
    tuning_preview::plugin(app);
    canvas::plugin(app);
    layers::plugin(app);
    sound::plugin(app);
    screens::plugin(app);
    #[cfg(feature = "dev")]
    dev::plugin(app);
}
