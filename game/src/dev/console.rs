//! The object `window.alien`, which sends commands from the browser's console.

use crate::bevy::prelude::*;
use wasm_bindgen::{JsValue, closure::Closure};

use super::{DevCommand, allocations};
use crate::page::{
    dom,
    mailbox::{Mailbox, add_mailbox},
};

pub fn plugin(app: &mut App) {
    let mailbox = add_mailbox::<DevCommand>(app);
    let Some(window) = dom::window() else {
        return;
    };
    let alien = js_sys::Object::new();
    add_function(&alien, "log", &mailbox, |on| DevCommand::LogState(on.is_truthy()));
    add_function(&alien, "frames", &mailbox, |on| DevCommand::ShowFrameTimes(on.is_truthy()));
    add_function(&alien, "level", &mailbox, |level| {
        DevCommand::JumpToLevel(level.as_f64().map_or(1, |level| (level as u32).max(1)))
    });
    add_function(&alien, "loseContext", &mailbox, |_| DevCommand::LoseContext);
    add_function(&alien, "panic", &mailbox, |_| DevCommand::Panic);
    set(&alien, "allocations", &Closure::<dyn Fn() -> f64>::new(allocations::count).into_js_value());
    set(&window, "alien", &alien);
}

/// Adds a function that posts a command. It gets the first argument of the call.
fn add_function(
    object: &js_sys::Object,
    name: &str,
    mailbox: &Mailbox<DevCommand>,
    command: impl Fn(JsValue) -> DevCommand + 'static,
) {
    let mailbox = mailbox.clone();
    let function = Closure::<dyn Fn(JsValue)>::new(move |argument| mailbox.post(command(argument)));
    set(object, name, &function.into_js_value());
}

fn set(object: &JsValue, name: &str, value: &JsValue) {
    // Fails only for a frozen object.
    let _ = js_sys::Reflect::set(object, &name.into(), value);
}
