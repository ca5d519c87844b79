//! The layers that several screens share: stars, backdrop, playfield, effects and HUD.

mod backdrop;
mod effects;
mod hit_flash;
mod hud;
mod playfield;
pub mod standings_list;
mod starfield;

use crate::bevy::prelude::*;

pub fn plugin(app: &mut App) {
    app.add_plugins((
        starfield::plugin,
        backdrop::plugin,
        playfield::plugin,
        hit_flash::plugin,
        effects::plugin,
        hud::plugin,
    ));
}
