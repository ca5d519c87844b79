//! Errors of the page, and the end of the game by one of them: the player sees a message, and telemetry receives the errors.

use std::sync::{
    OnceLock,
    atomic::{AtomicBool, Ordering},
};

use crate::bevy::prelude::*;
use shared::event::MAX_MESSAGE_CHARS;
use web_sys::ErrorEvent;

use super::{dom, mailbox::add_mailbox};

/// An uncaught error of the page. The message is cut to [`MAX_MESSAGE_CHARS`].
#[derive(Message, Debug, Clone)]
pub struct PageError(pub String);

type StopHandler = Box<dyn Fn(&str) + Send + Sync>;

/// Whether an error has left the game in an unknown state, so that it cannot go on.
static HAS_STOPPED: AtomicBool = AtomicBool::new(false);
/// Called with the reason when the game stops.
static ON_STOP: OnceLock<StopHandler> = OnceLock::new();

pub fn plugin(app: &mut App) {
    let mailbox = add_mailbox::<PageError>(app);
    if let Some(window) = dom::window() {
        dom::listen(&window, "error", move |event: ErrorEvent| mailbox.post(PageError(cut(&event.message()))));
    }
}

/// Stops the game at a panic.
pub fn stop_at_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let reason = panic.to_string();
        web_sys::console::error_1(&reason.as_str().into());
        stop(&reason);
    }));
}

/// Stops the game and tells the player. Does nothing if it has stopped before.
pub fn stop(reason: &str) {
    if HAS_STOPPED.swap(true, Ordering::Relaxed) {
        return;
    }
    show_error(&format!("The game has stopped. Reload the page to play again. ({reason})"));
    if let Some(handler) = ON_STOP.get() {
        handler(&cut(reason));
    }
}

pub fn has_stopped() -> bool {
    HAS_STOPPED.load(Ordering::Relaxed)
}

/// Calls `handler` with the reason when the game stops, cut to [`MAX_MESSAGE_CHARS`]. There is one handler, the first.
pub fn on_stop(handler: impl Fn(&str) + Send + Sync + 'static) {
    let _ = ON_STOP.set(Box::new(handler));
}

/// Shows an error to the player in place of the game.
pub fn show_error(message: &str) {
    dom::set_text("trouble-text", message);
    dom::set_hidden("trouble", false);
}

fn cut(message: &str) -> String {
    message.chars().take(MAX_MESSAGE_CHARS).collect()
}
