//! Errors of the page and panics: the player sees a message, and telemetry receives the page's errors.

use bevy::prelude::*;
use shared::event::MAX_MESSAGE_CHARS;
use web_sys::{ErrorEvent, HtmlElement};

use super::{dom, mailbox::add_mailbox};

/// An uncaught error of the page. The message is cut to [`MAX_MESSAGE_CHARS`].
#[derive(Message, Debug, Clone)]
pub struct PageError(pub String);

pub fn plugin(app: &mut App) {
    let mailbox = add_mailbox::<PageError>(app);
    if let Some(window) = dom::window() {
        dom::listen(&window, "error", move |event: ErrorEvent| {
            mailbox.post(PageError(event.message().chars().take(MAX_MESSAGE_CHARS).collect()));
        });
    }
}

/// Shows the message of a panic in the page and logs it to the console.
pub fn report_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let message = panic.to_string();
        web_sys::console::error_1(&message.as_str().into());
        show_error(&format!("The game has stopped: {message}. Reload the page to play again."));
    }));
}

/// Shows an error to the player in place of the game.
pub fn show_error(message: &str) {
    dom::set_text("trouble-text", message);
    if let Some(element) = dom::element::<HtmlElement>("trouble") {
        element.set_hidden(false);
    }
}
