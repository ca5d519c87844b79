//! Typed access to the document: elements, listeners, the address's query and media queries.

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

/// The element with this id; `None` if it is missing or of another type.
pub fn element<T: JsCast>(id: &str) -> Option<T> {
    document()?.get_element_by_id(id)?.dyn_into().ok()
}

/// Calls `handler` for every such event. The listener is never removed.
pub fn listen<E: JsCast>(target: &EventTarget, event: &str, mut handler: impl FnMut(E) + 'static) {
    let closure = Closure::<dyn FnMut(Event)>::new(move |event: Event| handler(event.unchecked_into()));
    // Fails only for a target without listeners.
    let _ = target.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
    closure.forget();
}

/// Calls `handler` for every such event of the element with this id.
pub fn listen_to<E: JsCast>(id: &str, event: &str, handler: impl FnMut(E) + 'static) {
    if let Some(target) = element::<EventTarget>(id) {
        listen(&target, event, handler);
    }
}

/// A parameter of the query in the page's address.
pub fn query(name: &str) -> Option<String> {
    let search = window()?.location().search().ok()?;
    UrlSearchParams::new_with_str(&search).ok()?.get(name)
}

pub fn set_text(id: &str, text: &str) {
    if let Some(element) = element::<HtmlElement>(id) {
        element.set_text_content(Some(text));
    }
}

pub fn set_hidden(id: &str, is_hidden: bool) {
    if let Some(element) = element::<HtmlElement>(id) {
        element.set_hidden(is_hidden);
    }
}

fn matches_media(query: &str) -> bool {
    window().and_then(|window| window.match_media(query).ok().flatten()).is_some_and(|list| list.matches())
}

pub fn prefers_reduced_motion() -> bool {
    matches_media("(prefers-reduced-motion: reduce)")
}

/// Whether the browser's engine is WebKit, as in Safari and in all browsers of iPhones.
pub fn is_webkit() -> bool {
    let agent = window().and_then(|window| window.navigator().user_agent().ok()).unwrap_or_default();
    // Chromium's engine comes from WebKit, and still has its name.
    agent.contains("AppleWebKit") && !agent.contains("Chrome")
}

/// Whether the main pointing device is a finger.
pub fn has_touch() -> bool {
    matches_media("(pointer: coarse)")
}

/// Milliseconds since the navigation.
pub fn millis_since_navigation() -> f64 {
    window().and_then(|window| window.performance()).map_or(0.0, |performance| performance.now())
}
