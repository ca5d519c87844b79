//! Gamepads: looked at once a frame, as browsers want it; what has changed is told as keys are.

use bevy::{platform::collections::HashSet, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Gamepad, GamepadButton};

use crate::{
    input::{Key, Touched},
    page::dom,
    screen::Screen,
};

/// How far a stick must be pushed to count, of 1.
const PUSHED: f64 = 0.4;
/// Buttons of the standard layout, <https://w3c.github.io/gamepad/#remapping>: any of the four on the right fires.
const FIRE: [u32; 4] = [0, 1, 2, 3];
const SELECT: u32 = 8;
const START: u32 = 9;
const LEFT: u32 = 14;
const RIGHT: u32 = 15;

/// What the gamepads hold down, and whether there is one.
#[derive(Resource, Default)]
struct Pads {
    held: HashSet<Key>,
    connected: bool,
}

pub fn plugin(app: &mut App) {
    app.init_resource::<Pads>().add_systems(PreUpdate, poll);
}

fn poll(mut pads: ResMut<Pads>, mut touched: MessageWriter<Touched>, screen: Res<State<Screen>>) {
    let connected = connected();
    let held: HashSet<Key> = connected.iter().flat_map(keys).collect();
    for key in pads.held.difference(&held) {
        touched.write(Touched::Up(*key));
    }
    for key in held.difference(&pads.held) {
        touched.write(Touched::Down(*key));
    }
    // Whoever loses the gamepad can play no more.
    if pads.connected && connected.is_empty() && *screen.get() == Screen::Playing {
        touched.write(Touched::Down(Key::Pause));
        touched.write(Touched::Up(Key::Pause));
    }
    *pads = Pads { held, connected: !connected.is_empty() };
}

fn connected() -> Vec<Gamepad> {
    let pads = dom::window().and_then(|window| window.navigator().get_gamepads().ok());
    let pads = pads.into_iter().flatten().filter_map(|pad| pad.dyn_into::<Gamepad>().ok());
    pads.filter(Gamepad::connected).collect()
}

fn keys(pad: &Gamepad) -> Vec<Key> {
    let buttons = pad.buttons();
    let down = |index: u32| buttons.get(index).dyn_into::<GamepadButton>().is_ok_and(|button| button.pressed());
    let across = pad.axes().get(0).as_f64().unwrap_or(0.0);
    let held = [
        (Key::Left, down(LEFT) || across < -PUSHED),
        (Key::Right, down(RIGHT) || across > PUSHED),
        (Key::Fire, FIRE.into_iter().any(down)),
        (Key::Pause, down(START)),
        (Key::Mute, down(SELECT)),
    ];
    held.into_iter().filter_map(|(key, down)| down.then_some(key)).collect()
}
