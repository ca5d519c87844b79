//! Work that can wait until the browser has nothing else to do.

use wasm_bindgen::{JsCast, closure::Closure};

use super::dom;

/// The delay in browsers that do not tell when they are idle, milliseconds.
const DELAY: i32 = 50;

/// Calls `work` once when the page is idle.
pub fn when_idle(work: impl FnOnce() + 'static) {
    let Some(window) = dom::window() else {
        return;
    };
    let callback = Closure::once_into_js(work);
    let callback = callback.unchecked_ref();
    // Safari has no idle callbacks.
    if window.request_idle_callback(callback).is_err() {
        let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(callback, DELAY);
    }
}
