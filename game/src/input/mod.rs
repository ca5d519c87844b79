//! What the player presses: keys, thumbs and gamepads, all at once.

mod gamepad;
mod keyboard;
mod keymap;
mod menu;
mod thumbs;

pub use keyboard::Keyboard;
use keymap::Keymap;

use bevy::{platform::collections::HashSet, prelude::*};
use serde::{Deserialize, Serialize};
use shared::rules::Buttons;

use crate::{
    Step,
    page::{dom, mailbox::add_mailbox},
};

/// What a key or a button on the page means.
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
    /// Those that the player may lay on other keys.
    pub const CHANGEABLE: [Key; 7] =
        [Key::Left, Key::Right, Key::Fire, Key::Pause, Key::Mute, Key::Nickname, Key::Settings];
}

/// A key or button of the game went down, up, or all are to be taken as up.
#[derive(Message, Debug, Clone, Copy)]
pub enum Touched {
    Down(Key),
    Up(Key),
    Lost,
}

/// A key has got another meaning, or was refused it.
#[derive(Message, Debug, Clone, Copy)]
pub struct Rebound;

/// The keys and buttons that were pressed since the last frame. No message, so that no screen finds what an earlier one
/// has acted upon.
#[derive(Resource, Default)]
pub struct Pressed(Vec<Key>);

impl Pressed {
    pub fn iter(&self) -> impl Iterator<Item = Key> {
        self.0.iter().copied()
    }

    pub fn contains(&self, key: Key) -> bool {
        self.0.contains(&key)
    }
}

/// The keys and buttons that are down.
#[derive(Resource, Default)]
pub struct Held(HashSet<Key>);

impl Held {
    pub fn buttons(&self) -> Buttons {
        let flag = |key, button| if self.0.contains(&key) { button } else { Buttons::empty() };
        flag(Key::Left, Buttons::LEFT) | flag(Key::Right, Buttons::RIGHT) | flag(Key::Fire, Buttons::FIRE)
    }
}

pub fn plugin(app: &mut App) {
    let mailbox = add_mailbox::<Touched>(app);
    let keyboard = Keyboard::remembered();
    keyboard::listen(&keyboard, &mailbox, &add_mailbox::<Rebound>(app));
    thumbs::listen(&mailbox);
    app.insert_resource(keyboard)
        .init_resource::<Pressed>()
        .init_resource::<Held>()
        .add_systems(Update, hold.before(Step::Listen))
        .add_plugins(gamepad::plugin);
}

fn is_playing() -> bool {
    dom::body().is_some_and(|body| body.get_attribute("data-screen").as_deref() == Some("playing"))
}

fn hold(mut touched: MessageReader<Touched>, mut held: ResMut<Held>, mut pressed: ResMut<Pressed>) {
    pressed.0.clear();
    for touch in touched.read() {
        match *touch {
            Touched::Down(key) => {
                held.0.insert(key);
                pressed.0.push(key);
            }
            Touched::Up(key) => {
                held.0.remove(&key);
            }
            Touched::Lost => held.0.clear(),
        }
    }
}
