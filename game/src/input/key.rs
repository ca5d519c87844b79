//! The meanings of keys and buttons.

use crate::bevy::prelude::*;
use serde::{Deserialize, Serialize};

/// What a key of the keyboard, a button on the page or a button of a gamepad means. The names are stored with the
/// player's keymap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Key {
    Left,
    Right,
    Fire,
    /// Enter, or a tap on the playfield.
    Go,
    Pause,
    Mute,
    Nickname,
    Settings,
}

impl Key {
    /// Keys that the player may bind.
    pub const BINDABLE: [Key; 7] =
        [Key::Left, Key::Right, Key::Fire, Key::Pause, Key::Mute, Key::Nickname, Key::Settings];

    /// The name in the page's element ids and `data-key` attributes.
    pub fn name(self) -> &'static str {
        match self {
            Key::Left => "left",
            Key::Right => "right",
            Key::Fire => "fire",
            Key::Go => "go",
            Key::Pause => "pause",
            Key::Mute => "mute",
            Key::Nickname => "name",
            Key::Settings => "settings",
        }
    }
}

/// A key went down or up, or all keys count as up.
#[derive(Message, Debug, Clone, Copy)]
pub enum KeyInput {
    Down(Key),
    Up(Key),
    ReleaseAll,
}
