//! The keyboard, wherever the focus is.
//!
//! The listeners are ours rather than winit's: these hear keys only while the canvas has the focus, and cannot leave
//! the browser's own keys alone.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bevy::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, KeyboardEvent};

use super::{Key, Keymap, Rebound, Touched, is_playing};
use crate::page::{dom, mailbox::Mailbox, storage};

const KEYS: &str = "keys";

/// The keys' meanings, shared with the page's listeners.
#[derive(Resource, Clone)]
pub struct Keyboard(Arc<Mutex<Bindings>>);

struct Bindings {
    keymap: Keymap,
    /// The next key that is pressed is to mean this.
    wanted: Option<Key>,
}

impl Keyboard {
    /// As the player left it.
    pub fn remembered() -> Keyboard {
        let keymap = storage::load(KEYS).unwrap_or_default();
        Keyboard(Arc::new(Mutex::new(Bindings { keymap, wanted: None })))
    }

    fn bindings(&self) -> MutexGuard<'_, Bindings> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is printed on the key for that.
    pub fn label(&self, key: Key) -> String {
        self.bindings().keymap.label(key)
    }

    /// What the next key that is pressed is to mean; with none, whatever it means.
    pub fn want(&self, key: Option<Key>) {
        self.bindings().wanted = key;
    }

    /// Whether the next key that is pressed is to mean that.
    pub fn wants(&self, key: Key) -> bool {
        self.bindings().wanted == Some(key)
    }

    /// All as shipped.
    pub fn reset(&self) {
        let mut bindings = self.bindings();
        (bindings.keymap, bindings.wanted) = (Keymap::default(), None);
        storage::save(KEYS, &bindings.keymap);
    }

    /// Takes the key that was wanted, if one was.
    fn take(&self, code: &str) -> bool {
        let mut bindings = self.bindings();
        let Some(key) = bindings.wanted.take() else {
            return false;
        };
        bindings.keymap.bind(key, code);
        storage::save(KEYS, &bindings.keymap);
        true
    }

    fn key(&self, code: &str) -> Option<Key> {
        self.bindings().keymap.key(code)
    }
}

/// Posts what is pressed, and when a key that was wanted has come.
pub fn listen(keyboard: &Keyboard, mailbox: &Mailbox<Touched>, rebound: &Mailbox<Rebound>) {
    let Some(window) = dom::window() else {
        return;
    };
    let (downs, rebound, keys) = (mailbox.clone(), rebound.clone(), keyboard.clone());
    dom::listen(&window, "keydown", move |event: KeyboardEvent| {
        if !event.repeat() && keys.take(&event.code()) {
            event.prevent_default();
            return rebound.post(Rebound);
        }
        let foreign = event.ctrl_key() || event.alt_key() || event.meta_key();
        let Some(key) = keys.key(&event.code()).filter(|_| !foreign && !is_for_the_page(&event)) else {
            return;
        };
        if is_playing() {
            event.prevent_default();
        }
        if !event.repeat() {
            downs.post(Touched::Down(key));
        }
    });
    let (ups, keys) = (mailbox.clone(), keyboard.clone());
    dom::listen(&window, "keyup", move |event: KeyboardEvent| {
        if let Some(key) = keys.key(&event.code()) {
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
    // For a moment the focus is still in a dialog that was closed.
    let pressable = on("a, button") && !on("dialog:not([open])");
    on("dialog[open], aside") || activates && !is_playing() && pressable
}
