//! Reloading the page to get another version of the client.

use super::dom;

/// The key in the tab's storage.
const KEY: &str = "alien-attack.reloaded";

/// Reloads the page of a client of this version, once in this tab. Returns whether it reloads. Without storage it does not,
/// because nothing would stop it from reloading again and again.
pub fn reload_once(version: u16) -> bool {
    let Some(window) = dom::window() else {
        return false;
    };
    let Some(storage) = window.session_storage().ok().flatten() else {
        return false;
    };
    let version = version.to_string();
    let is_reloaded = storage.get_item(KEY).ok().flatten().as_ref() == Some(&version);
    !is_reloaded && storage.set_item(KEY, &version).is_ok() && window.location().reload().is_ok()
}
