//! Causes faults on demand.

use crate::bevy::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlCanvasElement;

use super::DevCommand;
use crate::{FrameSet, page::dom};

pub fn plugin(app: &mut App) {
    app.add_systems(Update, cause_fault.in_set(FrameSet::Input));
}

#[expect(clippy::panic, reason = "the developer has asked for it")]
fn cause_fault(mut commands: MessageReader<DevCommand>) {
    for command in commands.read() {
        match command {
            DevCommand::Panic => panic!("panic on demand"),
            DevCommand::LoseContext => {
                if lose_context().is_none() {
                    web_sys::console::error_1(&"the canvas has no WebGL context that can be lost".into());
                }
            }
            DevCommand::LogState(_) | DevCommand::ShowFrameTimes(_) | DevCommand::JumpToLevel(_) => {}
        }
    }
}

/// Loses the WebGL context of the canvas; `None` if the browser does not support this.
fn lose_context() -> Option<()> {
    let canvas: HtmlCanvasElement = dom::element("playfield")?;
    let context = canvas.get_context("webgl2").ok()??;
    let extension = call_method(&context, "getExtension", &["WEBGL_lose_context".into()])?;
    call_method(&extension, "loseContext", &[])?;
    Some(())
}

fn call_method(object: &JsValue, name: &str, arguments: &[JsValue]) -> Option<JsValue> {
    let method: js_sys::Function = js_sys::Reflect::get(object, &name.into()).ok()?.dyn_into().ok()?;
    method.apply(object, &arguments.iter().collect()).ok().filter(|value| !value.is_null())
}
