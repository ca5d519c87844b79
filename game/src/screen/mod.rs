//! The screens, and what leads from one to the next.

mod lobby;
mod over;
mod paused;
mod playing;
mod title;
mod watching;

pub use over::Outcome;
pub use watching::Playback;

use bevy::prelude::*;

#[derive(States, Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Screen {
    /// The logo, while the demo plays.
    #[default]
    Title,
    /// Waiting for the start of a session.
    Lobby,
    Playing,
    Paused,
    /// The game is over: its score and its rank.
    Over,
    /// A recorded game, played back.
    Watching,
}

impl Screen {
    /// Its name in the page.
    pub fn name(self) -> &'static str {
        match self {
            Screen::Title => "title",
            Screen::Lobby => "lobby",
            Screen::Playing => "playing",
            Screen::Paused => "paused",
            Screen::Over => "over",
            Screen::Watching => "watching",
        }
    }
}

pub fn plugin(app: &mut App) {
    app.init_state::<Screen>().add_plugins((
        title::plugin,
        lobby::plugin,
        playing::plugin,
        paused::plugin,
        over::plugin,
        watching::plugin,
    ));
}
