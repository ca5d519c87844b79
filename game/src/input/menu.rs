//! The page's menus by gamepad: the focus goes from one control to the next, and the gamepad presses it.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlDialogElement, HtmlElement, HtmlInputElement, NodeList};

use crate::page::dom;

/// What can be pressed in a menu.
const CONTROLS: &str = "button, input, a";

/// What a gamepad does in a menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    Previous,
    Next,
    Less,
    More,
    Press,
    Back,
}

/// The dialog that is open.
pub fn dialog() -> Option<HtmlDialogElement> {
    dom::document()?.query_selector("dialog[open]").ok()??.dyn_into().ok()
}

/// The control of the page's own bar that has the focus.
pub fn focused_in_bar() -> Option<HtmlElement> {
    let active = dom::document()?.active_element()?;
    active.closest("nav").ok()??;
    active.dyn_into().ok()
}

/// Does it in the dialog that is open, or else in the page's bar.
pub fn go(step: Move) {
    let dialog = dialog();
    match step {
        Move::Previous | Move::Next => move_focus(dialog.as_deref(), step == Move::Next),
        Move::Less | Move::More => turn(step == Move::More),
        Move::Press => {
            if let Some(control) = focused() {
                control.click();
            }
        }
        Move::Back => {
            if let Some(dialog) = dialog {
                // As the Escape key does.
                let _ = Event::new("cancel").and_then(|cancel| dialog.dispatch_event(&cancel));
                dialog.close();
            }
        }
    }
}

fn focused() -> Option<HtmlElement> {
    dom::document()?.active_element()?.dyn_into().ok()
}

fn move_focus(dialog: Option<&HtmlElement>, onwards: bool) {
    let found = match dialog {
        Some(dialog) => dialog.query_selector_all(CONTROLS),
        None => match dom::document() {
            Some(document) => document.query_selector_all("nav button, nav a"),
            None => return,
        },
    };
    let controls = found.map(|list| seen(&list)).unwrap_or_default();
    let active = focused();
    let at = controls.iter().position(|control| Some(control) == active.as_ref());
    let next = match (at, onwards) {
        (Some(at), true) => (at + 1) % controls.len(),
        (Some(at), false) => (at + controls.len() - 1) % controls.len(),
        (None, _) => 0,
    };
    if let Some(control) = controls.get(next) {
        let _ = control.focus();
    }
}

/// Those that are shown.
fn seen(list: &NodeList) -> Vec<HtmlElement> {
    let all = (0..list.length()).filter_map(|i| list.get(i)?.dyn_into::<HtmlElement>().ok());
    all.filter(|control| AsRef::<Element>::as_ref(control).client_height() > 0 && !control.hidden()).collect()
}

/// Turns the slider that has the focus.
fn turn(up: bool) {
    let slider = focused().and_then(|control| control.dyn_into::<HtmlInputElement>().ok());
    if let Some(slider) = slider.filter(|input| input.type_() == "range") {
        let step = slider.step().parse().unwrap_or(1.0);
        slider.set_value_as_number(slider.value_as_number() + if up { step } else { -step });
        let _ = Event::new("input").and_then(|input| slider.dispatch_event(&input));
    }
}
