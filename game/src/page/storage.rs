//! The browser's storage. Where it is full or forbidden, the game goes on without: nothing is remembered then.

use serde::{Serialize, de::DeserializeOwned};
use web_sys::Storage;

use super::dom;

/// Every key of ours begins so.
const PREFIX: &str = "alien-attack.";

fn storage() -> Option<Storage> {
    dom::window()?.local_storage().ok().flatten()
}

pub fn load<T: DeserializeOwned>(key: &str) -> Option<T> {
    let text = storage()?.get_item(&format!("{PREFIX}{key}")).ok().flatten()?;
    serde_json::from_str(&text).ok()
}

pub fn save<T: Serialize>(key: &str, value: &T) {
    if let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(value)) {
        // Full: the value lives on in memory only.
        let _ = storage.set_item(&format!("{PREFIX}{key}"), &text);
    }
}

pub fn remove(key: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(&format!("{PREFIX}{key}"));
    }
}

/// All keys that begin with `start`.
pub fn keys(start: &str) -> Vec<String> {
    let Some(storage) = storage() else {
        return Vec::new();
    };
    let all = (0..storage.length().unwrap_or(0)).filter_map(|i| storage.key(i).ok().flatten());
    all.filter_map(|key| key.strip_prefix(PREFIX).filter(|key| key.starts_with(start)).map(str::to_owned)).collect()
}
