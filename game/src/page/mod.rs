//! The page around the playfield: its elements, its storage, and what it reports.

pub mod dom;
pub mod file;
pub mod layout;
pub mod live;
pub mod mailbox;
pub mod status;
pub mod storage;
pub mod trouble;
pub mod visibility;

use bevy::prelude::*;

pub fn plugin(app: &mut App) {
    app.add_plugins((file::plugin, layout::plugin, status::plugin, trouble::plugin, visibility::plugin));
}
