//! Announcements for screen readers.

use super::dom;

/// Has screen readers speak the text.
pub fn announce(text: &str) {
    dom::set_text("announcer", text);
}
