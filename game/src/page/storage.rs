//! The browser's local storage. If it is full or forbidden, values last only as long as the page.

use serde::{Serialize, de::DeserializeOwned};
use web_sys::Storage;

use super::dom;

/// The prefix of every key.
const PREFIX: &str = "alien-attack.";

fn storage() -> Option<Storage> {
    dom::window()?.local_storage().ok().flatten()
}

/// Loads a value; `None` if it is missing or cannot be parsed.
pub fn load<T: DeserializeOwned>(key: &str) -> Option<T> {
    let text = storage()?.get_item(&format!("{PREFIX}{key}")).ok().flatten()?;
    serde_json::from_str(&text).ok()
}

/// Saves a value as JSON.
pub fn save<T: Serialize>(key: &str, value: &T) {
    if let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(value)) {
        // Fails if the storage is full.
        let _ = storage.set_item(&format!("{PREFIX}{key}"), &text);
    }
}

pub fn remove(key: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(&format!("{PREFIX}{key}"));
    }
}

/// All keys that begin with `prefix`, without [`PREFIX`].
pub fn keys(prefix: &str) -> Vec<String> {
    let Some(storage) = storage() else {
        return Vec::new();
    };
    let all = (0..storage.length().unwrap_or(0)).filter_map(|i| storage.key(i).ok().flatten());
    all.filter_map(|key| key.strip_prefix(PREFIX).filter(|key| key.starts_with(prefix)).map(str::to_owned)).collect()
}
