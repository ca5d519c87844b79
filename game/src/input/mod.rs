//! Input from keyboard, touch and gamepads, all at the same time.

mod gamepad;
mod key;
mod keyboard;
mod keymap;
mod keys;
mod menu;
mod touch;

pub use key::Key;
pub use keyboard::{KeyBound, Keyboard};
pub use keys::{HeldKeys, PressedKeys};

use crate::bevy::prelude::*;

use crate::page::mailbox::add_mailbox;

pub fn plugin(app: &mut App) {
    let key_inputs = add_mailbox::<key::KeyInput>(app);
    let keyboard = Keyboard::load();
    keyboard::listen(&keyboard, &key_inputs, &add_mailbox::<KeyBound>(app));
    touch::listen(&key_inputs);
    app.insert_resource(keyboard);
    keys::plugin(app);
    gamepad::plugin(app);
}
