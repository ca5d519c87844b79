//! The few things that we ask of the document.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Document, Event, EventTarget, HtmlElement, UrlSearchParams, Window};

pub fn window() -> Option<Window> {
    web_sys::window()
}

pub fn document() -> Option<Document> {
    window()?.document()
}

pub fn body() -> Option<HtmlElement> {
    document()?.body()
}

/// The element of that id, if it is there and of that type.
pub fn element<T: JsCast>(id: &str) -> Option<T> {
    document()?.get_element_by_id(id)?.dyn_into().ok()
}

/// Calls `handler` at every such event for as long as the page lives.
pub fn listen<E: JsCast>(target: &EventTarget, event: &str, mut handler: impl FnMut(E) + 'static) {
    let closure = Closure::<dyn FnMut(Event)>::new(move |event: Event| handler(event.unchecked_into()));
    // Fails only for a target that cannot take listeners at all.
    let _ = target.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
    closure.forget();
}

/// The same for the element of that id.
pub fn listen_to<E: JsCast>(id: &str, event: &str, handler: impl FnMut(E) + 'static) {
    if let Some(target) = element::<EventTarget>(id) {
        listen(&target, event, handler);
    }
}

/// What the page's address says after `?`, by name.
pub fn query(name: &str) -> Option<String> {
    let search = window()?.location().search().ok()?;
    UrlSearchParams::new_with_str(&search).ok()?.get(name)
}

pub fn set_text(id: &str, text: &str) {
    if let Some(element) = element::<HtmlElement>(id) {
        element.set_text_content(Some(text));
    }
}

/// Whether a media query matches.
fn matches(query: &str) -> bool {
    window().and_then(|window| window.match_media(query).ok().flatten()).is_some_and(|list| list.matches())
}

pub fn prefers_reduced_motion() -> bool {
    matches("(prefers-reduced-motion: reduce)")
}

/// Whether fingers are what this screen is pointed at with.
pub fn has_touch() -> bool {
    matches("(pointer: coarse)")
}

/// Milliseconds since the navigation.
pub fn millis() -> f64 {
    window().and_then(|window| window.performance()).map_or(0.0, |performance| performance.now())
}
