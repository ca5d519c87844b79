//! The screen that is shown.

use crate::bevy::prelude::*;

#[derive(States, Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Screen {
    /// The title over the demo.
    #[default]
    Title,
    /// Waiting for the start of a session.
    Lobby,
    Playing,
    Paused,
    /// The game is over: its score and rank.
    GameOver,
    /// A replay of a recorded game.
    Watching,
}

impl Screen {
    /// The value of the page's `data-screen` attribute.
    pub fn name(self) -> &'static str {
        match self {
            Screen::Title => "title",
            Screen::Lobby => "lobby",
            Screen::Playing => "playing",
            Screen::Paused => "paused",
            Screen::GameOver => "over",
            Screen::Watching => "watching",
        }
    }
}
