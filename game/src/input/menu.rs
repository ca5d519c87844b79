//! Menus of the page by gamepad: it moves the focus between controls and presses them.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlDialogElement, HtmlElement, HtmlInputElement, NodeList};

use crate::page::dom;

/// The selector of a dialog's controls.
const CONTROLS: &str = "button, input, a";

/// An action of a gamepad in a menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MenuAction {
    FocusPrevious,
    FocusNext,
    DecreaseSlider,
    IncreaseSlider,
    Press,
    CloseDialog,
}

/// The open dialog.
pub fn open_dialog() -> Option<HtmlDialogElement> {
    dom::document()?.query_selector("dialog[open]").ok()??.dyn_into().ok()
}

/// The focused control of the page's navigation bar.
pub fn focused_in_bar() -> Option<HtmlElement> {
    let active = dom::document()?.active_element()?;
    active.closest("nav").ok()??;
    active.dyn_into().ok()
}

/// Performs the action in the open dialog, or in the navigation bar if no dialog is open.
pub fn perform(action: MenuAction) {
    let dialog = open_dialog();
    match action {
        MenuAction::FocusPrevious | MenuAction::FocusNext => {
            move_focus(dialog.as_deref(), action == MenuAction::FocusNext);
        }
        MenuAction::DecreaseSlider | MenuAction::IncreaseSlider => {
            move_slider(action == MenuAction::IncreaseSlider);
        }
        MenuAction::Press => {
            if let Some(control) = focused() {
                control.click();
            }
        }
        MenuAction::CloseDialog => {
            if let Some(dialog) = dialog {
                // The Escape key sends the same event.
                let _ = Event::new("cancel").and_then(|cancel| dialog.dispatch_event(&cancel));
                dialog.close();
            }
        }
    }
}

fn focused() -> Option<HtmlElement> {
    dom::document()?.active_element()?.dyn_into().ok()
}

fn move_focus(dialog: Option<&HtmlElement>, forwards: bool) {
    let found = match dialog {
        Some(dialog) => dialog.query_selector_all(CONTROLS),
        None => match dom::document() {
            Some(document) => document.query_selector_all("nav button, nav a"),
            None => return,
        },
    };
    let controls = found.map(|list| visible_controls(&list)).unwrap_or_default();
    let active = focused();
    let at = controls.iter().position(|control| Some(control) == active.as_ref());
    let next = match (at, forwards) {
        (Some(at), true) => (at + 1) % controls.len(),
        (Some(at), false) => (at + controls.len() - 1) % controls.len(),
        (None, _) => 0,
    };
    if let Some(control) = controls.get(next) {
        let _ = control.focus();
    }
}

/// The visible elements of the list.
fn visible_controls(list: &NodeList) -> Vec<HtmlElement> {
    let all = (0..list.length()).filter_map(|i| list.get(i)?.dyn_into::<HtmlElement>().ok());
    all.filter(|control| AsRef::<Element>::as_ref(control).client_height() > 0 && !control.hidden()).collect()
}

/// Moves the focused slider by one step.
fn move_slider(up: bool) {
    let slider = focused().and_then(|control| control.dyn_into::<HtmlInputElement>().ok());
    if let Some(slider) = slider.filter(|input| input.type_() == "range") {
        let step = slider.step().parse().unwrap_or(1.0);
        slider.set_value_as_number(slider.value_as_number() + if up { step } else { -step });
        let _ = Event::new("input").and_then(|input| slider.dispatch_event(&input));
    }
}
