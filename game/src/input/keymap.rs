//! Which key means what: as shipped, or as the player has changed it.

use serde::{Deserialize, Serialize};

use super::Key;

/// The codes of the keys for each meaning, <https://w3c.github.io/uievents-code/>: places on the keyboard, whatever is
/// printed there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keymap(Vec<(Key, Vec<String>)>);

/// The same in every keymap, so that the menus can always be worked.
const FIXED: [(&str, Key); 3] = [("Enter", Key::Go), ("NumpadEnter", Key::Go), ("Escape", Key::Pause)];
/// Keys that the browser or other keys need.
const RESERVED: [&str; 10] = [
    "Tab",
    "ShiftLeft",
    "ShiftRight",
    "ControlLeft",
    "ControlRight",
    "AltLeft",
    "AltRight",
    "MetaLeft",
    "MetaRight",
    "",
];

impl Default for Keymap {
    fn default() -> Keymap {
        let codes = |key| -> &[&str] {
            match key {
                Key::Left => &["ArrowLeft", "KeyA"],
                Key::Right => &["ArrowRight", "KeyD"],
                Key::Fire => &["Space", "ArrowUp"],
                Key::Pause => &["KeyP"],
                Key::Mute => &["KeyM"],
                Key::Nickname => &["KeyN"],
                Key::Settings => &["KeyO"],
                Key::Go => &[],
            }
        };
        Keymap(Key::CHANGEABLE.map(|key| (key, codes(key).iter().map(ToString::to_string).collect())).to_vec())
    }
}

impl Keymap {
    /// What a key means.
    pub fn key(&self, code: &str) -> Option<Key> {
        let fixed = FIXED.iter().find(|(fixed, _)| *fixed == code).map(|(_, key)| *key);
        let own = || self.0.iter().find(|(_, codes)| codes.iter().any(|own| own == code)).map(|(key, _)| *key);
        fixed.or_else(own)
    }

    /// From now on this key, and no other, means that; whatever it meant before, it does no more. Keys that are needed
    /// elsewhere are not taken.
    pub fn bind(&mut self, key: Key, code: &str) {
        if RESERVED.contains(&code) || FIXED.iter().any(|(fixed, _)| *fixed == code) {
            return;
        }
        for (other, codes) in &mut self.0 {
            codes.retain(|own| own != code);
            if *other == key {
                *codes = vec![code.to_owned()];
            }
        }
    }

    /// What is printed on the first of its keys, more or less.
    pub fn label(&self, key: Key) -> String {
        let codes = self.0.iter().find(|(own, _)| *own == key).map(|(_, codes)| codes);
        match codes.and_then(|codes| codes.first()) {
            Some(code) => label(code),
            None => "none".to_owned(),
        }
    }
}

fn label(code: &str) -> String {
    match code {
        "ArrowLeft" => "←".to_owned(),
        "ArrowRight" => "→".to_owned(),
        "ArrowUp" => "↑".to_owned(),
        "ArrowDown" => "↓".to_owned(),
        _ => code.trim_start_matches("Key").trim_start_matches("Digit").to_owned(),
    }
}
