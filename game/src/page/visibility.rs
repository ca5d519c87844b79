//! Whether the page is visible.

use crate::bevy::prelude::*;
use web_sys::{Event, VisibilityState};

use super::{dom, mailbox::add_mailbox};

/// The page was hidden. The browser draws no frames until it is visible again.
#[derive(Message, Debug, Clone, Copy)]
pub struct PageHidden;

pub fn plugin(app: &mut App) {
    let mailbox = add_mailbox::<PageHidden>(app);
    on_hidden(move || mailbox.post(PageHidden));
}

/// Calls `handler` when the page becomes hidden.
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
