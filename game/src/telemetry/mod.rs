//! Telemetry: the buttons of the player's game and what only the browser knows, numbered, kept until durable.

mod backoff;
mod frames;
mod outbox;
mod queue;
mod recorder;
mod sender;

pub use sender::Telemetry;

use bevy::prelude::*;

/// How the game on the screen stands with the server.
#[derive(Resource, Debug, Clone, Default, PartialEq, Eq)]
pub enum Link {
    /// What was sent has arrived, as far as is known.
    #[default]
    Up,
    /// The server cannot be reached; that many seconds of play are kept here.
    Down { kept: u32 },
    /// The game is not recorded, and why.
    Unrecorded(String),
}

impl Link {
    /// Its name in the page.
    pub fn name(&self) -> &'static str {
        match self {
            Link::Up => "up",
            Link::Down { .. } => "down",
            Link::Unrecorded(_) => "unrecorded",
        }
    }
}

pub fn plugin(app: &mut App) {
    app.init_resource::<Link>().add_plugins((recorder::plugin, sender::plugin));
}
