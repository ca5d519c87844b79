//! Whether the page is seen: hidden, it pauses and sends what it holds; left, it says so.

use bevy::prelude::*;
use web_sys::{Event, VisibilityState};

use super::{dom, mailbox::add_mailbox};

/// The page was hidden: the player has gone, and frames stop until the page is shown again.
#[derive(Message, Debug, Clone, Copy)]
pub struct Hidden;

pub fn plugin(app: &mut App) {
    let mailbox = add_mailbox::<Hidden>(app);
    on_hidden(move || mailbox.post(Hidden));
}

/// Calls `handler` whenever the page becomes hidden.
pub fn on_hidden(mut handler: impl FnMut() + 'static) {
    let Some(document) = dom::document() else {
        return;
    };
    dom::listen(&document.clone(), "visibilitychange", move |_: Event| {
        if document.visibility_state() == VisibilityState::Hidden {
            handler();
        }
    });
}
