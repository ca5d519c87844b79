//! The keys that are held, and those that were pressed since the last frame.

use crate::bevy::{platform::collections::HashSet, prelude::*};
use shared::rules::Buttons;

use super::key::{Key, KeyInput};
use crate::FrameSet;

/// The keys that were pressed since the last frame.
///
/// This is not a message, because a screen could then read key presses that an earlier screen has handled.
#[derive(Resource, Default)]
pub struct PressedKeys(Vec<Key>);

impl PressedKeys {
    pub fn iter(&self) -> impl Iterator<Item = Key> {
        self.0.iter().copied()
    }

    pub fn contains(&self, key: Key) -> bool {
        self.0.contains(&key)
    }
}

/// The keys that are down.
#[derive(Resource, Default)]
pub struct HeldKeys(HashSet<Key>);

impl HeldKeys {
    pub fn buttons(&self) -> Buttons {
        let button = |key, button| if self.0.contains(&key) { button } else { Buttons::empty() };
        button(Key::Left, Buttons::LEFT) | button(Key::Right, Buttons::RIGHT) | button(Key::Fire, Buttons::FIRE)
    }
}

pub fn plugin(app: &mut App) {
    app.init_resource::<PressedKeys>()
        .init_resource::<HeldKeys>()
        .add_systems(Update, update_keys.before(FrameSet::Input));
}

fn update_keys(mut inputs: MessageReader<KeyInput>, mut held: ResMut<HeldKeys>, mut pressed: ResMut<PressedKeys>) {
    pressed.0.clear();
    for input in inputs.read() {
        match *input {
            KeyInput::Down(key) => {
                held.0.insert(key);
                pressed.0.push(key);
            }
            KeyInput::Up(key) => {
                held.0.remove(&key);
            }
            KeyInput::ReleaseAll => held.0.clear(),
        }
    }
}
