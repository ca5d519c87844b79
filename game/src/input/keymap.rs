//! The keymap: which key of the keyboard means what. The player can change it.

use serde::{Deserialize, Serialize};

use super::key::Key;

/// The key codes for each meaning. A code names a position on the keyboard, whatever the layout:
/// <https://w3c.github.io/uievents-code/>.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keymap(Vec<(Key, Vec<String>)>);

/// The same in every keymap, so that the player can always use the menus.
const FIXED: [(&str, Key); 3] = [("Enter", Key::Go), ("NumpadEnter", Key::Go), ("Escape", Key::Pause)];
/// Codes that cannot be bound: the browser or its shortcuts need them.
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
        Keymap(Key::BINDABLE.map(|key| (key, codes(key).iter().map(ToString::to_string).collect())).to_vec())
    }
}

impl Keymap {
    /// The meaning of a key code.
    pub fn key(&self, code: &str) -> Option<Key> {
        let fixed = FIXED.iter().find(|(fixed, _)| *fixed == code).map(|(_, key)| *key);
        let own = || self.0.iter().find(|(_, codes)| codes.iter().any(|own| own == code)).map(|(key, _)| *key);
        fixed.or_else(own)
    }

    /// Binds a key code. It replaces all codes of this key and loses its earlier meaning. Does nothing if the code is
    /// fixed or reserved.
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

    /// The label of the first code, as printed on a US keyboard; "none" without a code.
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
