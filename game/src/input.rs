//! Keys and thumbs: what the player presses, wherever the focus is.
//!
//! The listeners are ours rather than winit's: these hear keys only while the canvas has the focus, and cannot leave
//! the browser's own keys alone.

use bevy::{platform::collections::HashSet, prelude::*};
use shared::rules::Buttons;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent, PointerEvent};

use crate::{
    Step,
    page::{
        dom,
        mailbox::{Mailbox, add_mailbox},
    },
};

/// What a key or a button on the page means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    Left,
    Right,
    Fire,
    /// Enter, or a tap on the playfield.
    Go,
    Pause,
    Mute,
    Nickname,
}

impl Key {
    /// The meaning of a place on the keyboard, whatever is printed there.
    fn of_code(code: &str) -> Option<Key> {
        Some(match code {
            "ArrowLeft" | "KeyA" => Key::Left,
            "ArrowRight" | "KeyD" => Key::Right,
            "Space" | "ArrowUp" => Key::Fire,
            "Enter" | "NumpadEnter" => Key::Go,
            "KeyP" | "Escape" => Key::Pause,
            "KeyM" => Key::Mute,
            "KeyN" => Key::Nickname,
            _ => return None,
        })
    }
}

/// A key or button of the game went down, up, or all are to be taken as up.
#[derive(Message, Debug, Clone, Copy)]
pub enum Touched {
    Down(Key),
    Up(Key),
    Lost,
}

/// The keys and buttons that were pressed since the last frame. No message, so that no screen finds what an earlier one
/// has acted upon.
#[derive(Resource, Default)]
pub struct Pressed(Vec<Key>);

impl Pressed {
    pub fn iter(&self) -> impl Iterator<Item = Key> {
        self.0.iter().copied()
    }

    pub fn contains(&self, key: Key) -> bool {
        self.0.contains(&key)
    }
}

/// The keys and buttons that are down.
#[derive(Resource, Default)]
pub struct Held(HashSet<Key>);

impl Held {
    pub fn buttons(&self) -> Buttons {
        let flag = |key, button| if self.0.contains(&key) { button } else { Buttons::empty() };
        flag(Key::Left, Buttons::LEFT) | flag(Key::Right, Buttons::RIGHT) | flag(Key::Fire, Buttons::FIRE)
    }
}

pub fn plugin(app: &mut App) {
    let mailbox = add_mailbox::<Touched>(app);
    listen_to_keys(&mailbox);
    for (id, key) in [("left", Key::Left), ("right", Key::Right), ("fire", Key::Fire)] {
        listen_to_thumb(id, key, &mailbox);
    }
    for (id, key) in [("pause", Key::Pause), ("mute", Key::Mute), ("rename", Key::Nickname), ("frame", Key::Go)] {
        listen_to_click(id, key, &mailbox);
    }
    app.init_resource::<Pressed>().init_resource::<Held>().add_systems(Update, hold.before(Step::Listen));
}

fn listen_to_keys(mailbox: &Mailbox<Touched>) {
    let Some(window) = dom::window() else {
        return;
    };
    let downs = mailbox.clone();
    dom::listen(&window, "keydown", move |event: KeyboardEvent| {
        let foreign = event.ctrl_key() || event.alt_key() || event.meta_key();
        let Some(key) = Key::of_code(&event.code()).filter(|_| !foreign && !is_for_the_page(&event)) else {
            return;
        };
        if is_playing() {
            event.prevent_default();
        }
        if !event.repeat() {
            downs.post(Touched::Down(key));
        }
    });
    let ups = mailbox.clone();
    dom::listen(&window, "keyup", move |event: KeyboardEvent| {
        if let Some(key) = Key::of_code(&event.code()) {
            ups.post(Touched::Up(key));
        }
    });
    let lost = mailbox.clone();
    dom::listen(&window, "blur", move |_: Event| lost.post(Touched::Lost));
}

/// Whether a form, or a button or link that has the focus, is to get this key instead of the game.
fn is_for_the_page(event: &KeyboardEvent) -> bool {
    let on = |selector| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        target.is_some_and(|element| element.closest(selector).ok().flatten().is_some())
    };
    let activates = matches!(event.code().as_str(), "Space" | "Enter" | "NumpadEnter");
    on("dialog") || activates && !is_playing() && on("a, button")
}

fn is_playing() -> bool {
    dom::body().is_some_and(|body| body.get_attribute("data-screen").as_deref() == Some("playing"))
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

fn hold(mut touched: MessageReader<Touched>, mut held: ResMut<Held>, mut pressed: ResMut<Pressed>) {
    pressed.0.clear();
    for touch in touched.read() {
        match *touch {
            Touched::Down(key) => {
                held.0.insert(key);
                pressed.0.push(key);
            }
            Touched::Up(key) => {
                held.0.remove(&key);
            }
            Touched::Lost => held.0.clear(),
        }
    }
}
