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
    title::plugin(app);
    lobby::plugin(app);
    playing::plugin(app);
    paused::plugin(app);
    game_over::plugin(app);
    watching::plugin(app);
    body_attributes::plugin(app);
}
