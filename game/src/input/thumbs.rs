//! Touch: buttons for two thumbs, and the page's other buttons as keys.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, PointerEvent};

use super::{Key, Touched};
use crate::page::{dom, mailbox::Mailbox};

pub fn listen(mailbox: &Mailbox<Touched>) {
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

/// A button is down while a finger is on it, also one that slides onto it from its neighbour.
fn listen_to_thumb(id: &str, key: Key, mailbox: &Mailbox<Touched>) {
    for event in ["pointerdown", "pointerenter"] {
        let mailbox = mailbox.clone();
        dom::listen_to(id, event, move |event: PointerEvent| {
            event.prevent_default();
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            // A touch stays with the element that it began on, unless that lets it go.
            if let Some(element) = target.filter(|element| element.has_pointer_capture(event.pointer_id())) {
                let _ = element.release_pointer_capture(event.pointer_id());
            }
            if event.buttons() != 0 {
                mailbox.post(Touched::Down(key));
            }
        });
    }
    for event in ["pointerup", "pointerleave", "pointercancel"] {
        let mailbox = mailbox.clone();
        dom::listen_to(id, event, move |_: PointerEvent| mailbox.post(Touched::Up(key)));
    }
    dom::listen_to(id, "contextmenu", |event: Event| event.prevent_default());
}

fn listen_to_click(id: &str, key: Key, mailbox: &Mailbox<Touched>) {
    let mailbox = mailbox.clone();
    dom::listen_to(id, "click", move |event: Event| {
        // Or the next space would press the button again.
        if let Some(button) = event.current_target().and_then(|target| target.dyn_into::<HtmlElement>().ok()) {
            let _ = button.blur();
        }
        mailbox.post(Touched::Down(key));
        mailbox.post(Touched::Up(key));
    });
}
