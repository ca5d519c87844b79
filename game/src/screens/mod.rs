//! The screens, one module each, and the attributes that report the state to the page.

mod body_attributes;
mod game_over;
mod lobby;
mod paused;
mod playing;
mod replay_links;
mod title;
mod watching;

use crate::bevy::prelude::*;

/// Shown before a game in real time to a player whose device misses ticks.
const SLOW_DEVICE_NOTICE: &str = "THIS DEVICE IS TOO SLOW FOR A REAL-TIME GAME";

pub fn plugin(app: &mut App) {
    app.add_plugins((
        title::plugin,
        lobby::plugin,
        playing::plugin,
        paused::plugin,
        game_over::plugin,
        watching::plugin,
        body_attributes::plugin,
    ));
}
