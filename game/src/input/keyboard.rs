//! Keyboard input, independent of the focused element.
//!
//! winit receives keys only while the canvas has the focus, and it blocks the browser's own shortcuts. So this module
//! adds its own listeners.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::bevy::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, KeyboardEvent};

use super::{
    key::{Key, KeyInput},
    keymap::Keymap,
};
use crate::page::{dom, mailbox::Mailbox, storage};

const STORAGE_KEY: &str = "keys";

/// The player's keymap, shared with the page's listeners.
#[derive(Resource, Clone)]
pub struct Keyboard(Arc<Mutex<Bindings>>);

struct Bindings {
    keymap: Keymap,
    /// The key to bind to the next key press.
    binding: Option<Key>,
}

/// The player pressed the key for [`Keyboard::start_binding`]. The keymap changed unless the key is reserved.
#[derive(Message, Debug, Clone, Copy)]
pub struct KeyBound;

impl Keyboard {
    /// Loads the stored keymap, or the default one.
    pub fn load() -> Keyboard {
        let keymap = storage::load(STORAGE_KEY).unwrap_or_default();
        Keyboard(Arc::new(Mutex::new(Bindings { keymap, binding: None })))
    }

    fn bindings(&self) -> MutexGuard<'_, Bindings> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The label of the keyboard's key for this meaning.
    pub fn label(&self, key: Key) -> String {
        self.bindings().keymap.label(key)
    }

    /// Binds the next key press to this key.
    pub fn start_binding(&self, key: Key) {
        self.bindings().binding = Some(key);
    }

    pub fn cancel_binding(&self) {
        self.bindings().binding = None;
    }

    /// Whether the next key press is bound to this key.
    pub fn is_binding(&self, key: Key) -> bool {
        self.bindings().binding == Some(key)
    }

    /// Restores the default keymap.
    pub fn reset(&self) {
        let mut bindings = self.bindings();
        (bindings.keymap, bindings.binding) = (Keymap::default(), None);
        storage::save(STORAGE_KEY, &bindings.keymap);
    }

    /// Binds this key code if a binding was started. Returns whether one was.
    fn finish_binding(&self, code: &str) -> bool {
        let mut bindings = self.bindings();
        let Some(key) = bindings.binding.take() else {
            return false;
        };
        bindings.keymap.bind(key, code);
        storage::save(STORAGE_KEY, &bindings.keymap);
        true
    }

    fn key(&self, code: &str) -> Option<Key> {
        self.bindings().keymap.key(code)
    }
}

/// Posts key presses and finished bindings.
pub fn listen(keyboard: &Keyboard, inputs: &Mailbox<KeyInput>, bound: &Mailbox<KeyBound>) {
    let Some(window) = dom::window() else {
        return;
    };
    let (downs, bound, keys) = (inputs.clone(), bound.clone(), keyboard.clone());
    dom::listen(&window, "keydown", move |event: KeyboardEvent| {
        if !event.repeat() && keys.finish_binding(&event.code()) {
            event.prevent_default();
            return bound.post(KeyBound);
        }
        let is_shortcut = event.ctrl_key() || event.alt_key() || event.meta_key();
        let Some(key) = keys.key(&event.code()).filter(|_| !is_shortcut && !is_for_the_page(&event)) else {
            return;
        };
        if is_playing() {
            event.prevent_default();
        }
        if !event.repeat() {
            downs.post(KeyInput::Down(key));
        }
    });
    let (ups, keys) = (inputs.clone(), keyboard.clone());
    dom::listen(&window, "keyup", move |event: KeyboardEvent| {
        if let Some(key) = keys.key(&event.code()) {
            ups.post(KeyInput::Up(key));
        }
    });
    // Without the focus, the window receives no events for released keys.
    let blurs = inputs.clone();
    dom::listen(&window, "blur", move |_: Event| blurs.post(KeyInput::ReleaseAll));
}

/// Whether the page handles this key instead of the game: in a form, or on a focused button or link.
fn is_for_the_page(event: &KeyboardEvent) -> bool {
    let is_in = |selector| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        target.is_some_and(|element| element.closest(selector).ok().flatten().is_some())
    };
    let activates = matches!(event.code().as_str(), "Space" | "Enter" | "NumpadEnter");
    // A dialog keeps the focus for a moment after it was closed.
    let is_pressable = is_in("a, button") && !is_in("dialog:not([open])");
    is_in("dialog[open], aside") || activates && !is_playing() && is_pressable
}

fn is_playing() -> bool {
    dom::body().is_some_and(|body| body.get_attribute("data-screen").as_deref() == Some("playing"))
}
