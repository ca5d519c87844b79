//! Errors of the page and panics: the player gets a plain message, and the telemetry hears of it.

use bevy::prelude::*;
use shared::event::MAX_MESSAGE_CHARS;
use web_sys::{ErrorEvent, HtmlElement};

use super::{dom, mailbox::add_mailbox};

/// An error that the page reported, cut to the length that telemetry carries.
#[derive(Message, Debug, Clone)]
pub struct Trouble(pub String);

pub fn plugin(app: &mut App) {
    let mailbox = add_mailbox::<Trouble>(app);
    if let Some(window) = dom::window() {
        dom::listen(&window, "error", move |event: ErrorEvent| {
            mailbox.post(Trouble(event.message().chars().take(MAX_MESSAGE_CHARS).collect()));
        });
    }
}

/// From now on a panic shows its message in the page, and in the console for us.
pub fn report_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let message = panic.to_string();
        web_sys::console::error_1(&message.as_str().into());
        show(&format!("The game has stopped: {message}. Reload the page to play again."));
    }));
}

/// Tells the player what is wrong, in place of the game.
pub fn show(message: &str) {
    dom::set_text("trouble-text", message);
    if let Some(element) = dom::element::<HtmlElement>("trouble") {
        element.set_hidden(false);
    }
}
