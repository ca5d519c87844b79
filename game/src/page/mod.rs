//! Access to the page around the canvas: its elements, storage, files, visibility, announcements and errors.

pub mod announcer;
pub mod dom;
pub mod errors;
pub mod files;
pub mod idle;
pub mod mailbox;
pub mod random;
pub mod reload;
pub mod storage;
pub mod text;
pub mod visibility;

use crate::bevy::prelude::*;

pub fn plugin(app: &mut App) {
    mailbox::plugin(app);
    errors::plugin(app);
    files::plugin(app);
    visibility::plugin(app);
}
