//! State types that many modules read: the screen, the link to the server, the lag of the buttons, the recorded game,
//! playback of a replay.

mod lag_notice;
mod link;
mod playback;
mod recorded_game;
mod screen;

pub use lag_notice::LagNotice;
pub use link::Link;
pub use playback::Playback;
pub use recorded_game::RecordedGame;
pub use screen::Screen;

use crate::bevy::prelude::*;

pub fn plugin(app: &mut App) {
    app.init_state::<Screen>().init_resource::<Link>().init_resource::<LagNotice>().init_resource::<Playback>();
}
