//! Runs the app once for each frame of the browser.

use std::{
    cell::{Cell, OnceCell},
    rc::Rc,
    time::Duration,
};

use crate::bevy::{prelude::*, time::TimeUpdateStrategy};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{ErrorEvent, Window};

use crate::page::{dom, errors};

/// The browser's callback, which requests itself again.
type Frame = Rc<OnceCell<Closure<dyn FnMut(f64)>>>;

/// Runs the first frame, starts the others and returns. They end with the page, or when the game has stopped.
pub fn run(mut app: App) -> AppExit {
    let Some(window) = dom::window() else {
        return AppExit::error();
    };
    app.finish();
    app.cleanup();
    let is_running = stop_at_interrupted_frames(&window);
    let frame = Frame::default();
    let (next, page) = (Rc::clone(&frame), window.clone());
    // The browser's first one can be some 30 ms later.
    run_frame(&mut app, 0.0);
    let mut last = None;
    let callback = Closure::new(move |millis: f64| {
        if errors::has_stopped() {
            return;
        }
        is_running.set(true);
        run_frame(&mut app, (millis - last.replace(millis).unwrap_or(millis)).max(0.0));
        is_running.set(false);
        request(&page, &next);
    });
    let _ = frame.set(callback);
    request(&window, &frame);
    AppExit::Success
}

/// Runs a frame that began `delta` milliseconds after the one before.
fn run_frame(app: &mut App, delta: f64) {
    // The time of a frame is the same for all its callbacks, and steadier than the clock.
    *app.world_mut().resource_mut() = TimeUpdateStrategy::ManualDuration(Duration::from_secs_f64(delta / 1_000.0));
    app.update();
}

fn request(window: &Window, frame: &Frame) {
    if let Some(callback) = frame.get() {
        // Fails only for a closed window.
        let _ = window.request_animation_frame(callback.as_ref().unchecked_ref());
    }
}

/// An exception of the browser ends a frame within a system, and no Rust code sees it. The result says whether a frame
/// runs; the caller sets it.
fn stop_at_interrupted_frames(window: &Window) -> Rc<Cell<bool>> {
    let is_running = Rc::new(Cell::new(false));
    let was_running = Rc::clone(&is_running);
    dom::listen(window, "error", move |event: ErrorEvent| {
        if was_running.get() {
            errors::stop(&event.message());
        }
    });
    is_running
}
