//! What the player may set: volume, motion and keys, in one dialog, all remembered.

mod motion;

pub use motion::Motion;

use bevy::prelude::*;
use web_sys::{Element, Event, HtmlDialogElement, HtmlElement};

use crate::{
    Step,
    input::{Key, Keyboard, Pressed, Rebound},
    page::dom,
};

pub fn plugin(app: &mut App) {
    app.add_plugins(motion::plugin).add_systems(Startup, prepare_keys).add_systems(
        Update,
        (
            open.in_set(Step::Listen),
            (|keyboard: Res<Keyboard>| show_keys(&keyboard)).in_set(Step::Tell).run_if(on_message::<Rebound>),
        ),
    );
}

fn open(pressed: Res<Pressed>) {
    let closed = dom::element::<HtmlDialogElement>("settings-dialog").filter(|dialog| !dialog.open());
    if let (true, Some(dialog)) = (pressed.contains(Key::Settings), closed) {
        // Fails only where the dialog is not in the page.
        let _ = dialog.show_modal();
    }
}

/// A button for each key that can be changed: after it, the next key that is pressed is taken.
fn prepare_keys(keyboard: Res<Keyboard>) {
    show_keys(&keyboard);
    for key in Key::CHANGEABLE {
        let id = format!("bind-{}", name(key));
        let keys = keyboard.clone();
        dom::listen_to(&id, "click", move |_: Event| {
            keys.want(Some(key));
            show_keys(&keys);
        });
        let keys = keyboard.clone();
        dom::listen_to(&id, "blur", move |_: Event| {
            keys.want(None);
            show_keys(&keys);
        });
    }
    let keys = keyboard.clone();
    dom::listen_to("reset-keys", "click", move |_: Event| {
        keys.reset();
        show_keys(&keys);
    });
}

/// Writes what is printed on each key wherever the page names it.
fn show_keys(keyboard: &Keyboard) {
    let Some(document) = dom::document() else {
        return;
    };
    for key in Key::CHANGEABLE {
        let label = keyboard.label(key);
        if let Ok(list) = document.query_selector_all(&format!("[data-key={}]", name(key))) {
            let places = (0..list.length()).filter_map(|i| list.get(i));
            places.for_each(|place| place.set_text_content(Some(&label)));
        }
        if let (true, Some(button)) = (keyboard.wants(key), dom::element::<HtmlElement>(&format!("bind-{}", name(key))))
            && let Ok(Some(place)) = AsRef::<Element>::as_ref(&button).query_selector("[data-key]")
        {
            place.set_text_content(Some("press a key"));
        }
    }
}

/// What the page calls a key.
fn name(key: Key) -> &'static str {
    match key {
        Key::Left => "left",
        Key::Right => "right",
        Key::Fire => "fire",
        Key::Go => "go",
        Key::Pause => "pause",
        Key::Mute => "mute",
        Key::Nickname => "name",
        Key::Settings => "settings",
    }
}
