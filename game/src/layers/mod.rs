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
    starfield::plugin(app);
    backdrop::plugin(app);
    playfield::plugin(app);
    hit_flash::plugin(app);
    effects::plugin(app);
    hud::plugin(app);
}
