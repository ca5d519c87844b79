//! Touch input: buttons for two thumbs. Clicks on the page's other buttons count as keys, too.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, PointerEvent};

use super::key::{Key, KeyInput};
use crate::page::{dom, mailbox::Mailbox};

pub fn listen(mailbox: &Mailbox<KeyInput>) {
    for (id, key) in [("left", Key::Left), ("right", Key::Right), ("fire", Key::Fire)] {
        listen_to_thumb(id, key, mailbox);
    }
    for (id, key) in [
        ("pause", Key::Pause),
        ("mute", Key::Mute),
        ("rename", Key::Nickname),
        ("settings", Key::Settings),
        ("frame", Key::Go),
    ] {
        listen_to_click(id, key, mailbox);
    }
}

/// A button is down while a finger is on it. The finger may slide onto it from another button.
fn listen_to_thumb(id: &str, key: Key, mailbox: &Mailbox<KeyInput>) {
    for event in ["pointerdown", "pointerenter"] {
        let mailbox = mailbox.clone();
        dom::listen_to(id, event, move |event: PointerEvent| {
            event.prevent_default();
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            // Otherwise the element where the touch started would receive all of its events.
            if let Some(element) = target.filter(|element| element.has_pointer_capture(event.pointer_id())) {
                let _ = element.release_pointer_capture(event.pointer_id());
            }
            if event.buttons() != 0 {
                mailbox.post(KeyInput::Down(key));
            }
        });
    }
    for event in ["pointerup", "pointerleave", "pointercancel"] {
        let mailbox = mailbox.clone();
        dom::listen_to(id, event, move |_: PointerEvent| mailbox.post(KeyInput::Up(key)));
    }
    dom::listen_to(id, "contextmenu", |event: Event| event.prevent_default());
}

fn listen_to_click(id: &str, key: Key, mailbox: &Mailbox<KeyInput>) {
    let mailbox = mailbox.clone();
    dom::listen_to(id, "click", move |event: Event| {
        // Otherwise the space key would press the focused button again.
        if let Some(button) = event.current_target().and_then(|target| target.dyn_into::<HtmlElement>().ok()) {
            let _ = button.blur();
        }
        mailbox.post(KeyInput::Down(key));
        mailbox.post(KeyInput::Up(key));
    });
}
