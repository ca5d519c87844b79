//! The key bindings of the settings dialog, and the labels of keys in the page.

use crate::bevy::prelude::*;
use web_sys::{Element, Event, HtmlElement};

use crate::{
    FrameSet,
    input::{Key, KeyBound, Keyboard},
    page::dom,
};

pub fn plugin(app: &mut App) {
    app.add_systems(Startup, set_up_buttons)
        .add_systems(Update, update_labels.in_set(FrameSet::Output).run_if(on_message::<KeyBound>));
}

/// Each bindable key has a button. After a click on it, the next key press is bound.
fn set_up_buttons(keyboard: Res<Keyboard>) {
    show_labels(&keyboard);
    for key in Key::BINDABLE {
        let id = format!("bind-{}", key.name());
        let keys = keyboard.clone();
        dom::listen_to(&id, "click", move |_: Event| {
            keys.start_binding(key);
            show_labels(&keys);
        });
        let keys = keyboard.clone();
        dom::listen_to(&id, "blur", move |_: Event| {
            keys.cancel_binding();
            show_labels(&keys);
        });
    }
    let keys = keyboard.clone();
    dom::listen_to("reset-keys", "click", move |_: Event| {
        keys.reset();
        show_labels(&keys);
    });
}

fn update_labels(keyboard: Res<Keyboard>) {
    show_labels(&keyboard);
}

/// Writes the label of each key into all elements with its `data-key` attribute.
fn show_labels(keyboard: &Keyboard) {
    let Some(document) = dom::document() else {
        return;
    };
    for key in Key::BINDABLE {
        let name = key.name();
        let label = keyboard.label(key);
        if let Ok(list) = document.query_selector_all(&format!("[data-key={name}]")) {
            let elements = (0..list.length()).filter_map(|i| list.get(i));
            elements.for_each(|element| element.set_text_content(Some(&label)));
        }
        if let (true, Some(button)) = (keyboard.is_binding(key), dom::element::<HtmlElement>(&format!("bind-{name}")))
            && let Ok(Some(element)) = AsRef::<Element>::as_ref(&button).query_selector("[data-key]")
        {
            element.set_text_content(Some("press a key"));
        }
    }
}
