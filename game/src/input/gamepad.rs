//! Gamepads: looked at once a frame, as browsers want it. In the game what has changed is told as keys are; where a
//! menu is open, it moves there.

use bevy::{platform::collections::HashSet, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Gamepad, GamepadButton};

use super::{
    Key, Touched,
    menu::{self, Move},
};
use crate::{page::dom, screen::Screen};

/// How far a stick must be pushed to count, of 1.
const PUSHED: f64 = 0.4;
/// Buttons of the standard layout, <https://w3c.github.io/gamepad/#remapping>: of the four on the right one leads
/// back and the others fire.
const FIRE: [u32; 3] = [0, 2, 3];
const BACK: u32 = 1;
const SELECT: u32 = 8;
const START: u32 = 9;
const UP: u32 = 12;
const DOWN: u32 = 13;
const LEFT: u32 = 14;
const RIGHT: u32 = 15;

/// What a gamepad's button does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Control {
    Game(Key),
    Up,
    Down,
    Back,
}

/// What the gamepads hold down, and whether there is one.
#[derive(Resource, Default)]
struct Pads {
    held: HashSet<Control>,
    connected: bool,
}

pub fn plugin(app: &mut App) {
    app.init_resource::<Pads>().add_systems(PreUpdate, poll);
}

fn poll(mut pads: ResMut<Pads>, mut touched: MessageWriter<Touched>, screen: Res<State<Screen>>) {
    let connected = connected();
    let held: HashSet<Control> = connected.iter().flat_map(controls).collect();
    for control in pads.held.difference(&held) {
        if let Control::Game(key) = control {
            touched.write(Touched::Up(*key));
        }
    }
    let playing = *screen.get() == Screen::Playing;
    for control in held.difference(&pads.held) {
        match (in_menu(*control, playing), control) {
            (Some(step), _) => menu::go(step),
            (None, Control::Game(key)) => {
                touched.write(Touched::Down(*key));
            }
            (None, Control::Up | Control::Down | Control::Back) => {}
        }
    }
    // Whoever loses the gamepad can play no more.
    if pads.connected && connected.is_empty() && playing {
        touched.write(Touched::Down(Key::Pause));
        touched.write(Touched::Up(Key::Pause));
    }
    *pads = Pads { held, connected: !connected.is_empty() };
}

/// What it does in a menu, where it is not the game's: in an open dialog everything, in the page's bar what gets there
/// and presses.
fn in_menu(control: Control, playing: bool) -> Option<Move> {
    let dialog = menu::dialog().is_some();
    match control {
        _ if playing => None,
        Control::Up => Some(Move::Previous),
        Control::Down => Some(Move::Next),
        Control::Back if dialog => Some(Move::Back),
        Control::Game(Key::Left) if dialog => Some(Move::Less),
        Control::Game(Key::Right) if dialog => Some(Move::More),
        Control::Game(Key::Fire) if dialog || menu::focused_in_bar().is_some() => Some(Move::Press),
        Control::Game(_) | Control::Back => None,
    }
}

fn connected() -> Vec<Gamepad> {
    let pads = dom::window().and_then(|window| window.navigator().get_gamepads().ok());
    let pads = pads.into_iter().flatten().filter_map(|pad| pad.dyn_into::<Gamepad>().ok());
    pads.filter(Gamepad::connected).collect()
}

fn controls(pad: &Gamepad) -> Vec<Control> {
    let buttons = pad.buttons();
    let down = |index: u32| buttons.get(index).dyn_into::<GamepadButton>().is_ok_and(|button| button.pressed());
    let axis = |index: u32| pad.axes().get(index).as_f64().unwrap_or(0.0);
    let held = [
        (Control::Game(Key::Left), down(LEFT) || axis(0) < -PUSHED),
        (Control::Game(Key::Right), down(RIGHT) || axis(0) > PUSHED),
        (Control::Game(Key::Fire), FIRE.into_iter().any(down)),
        (Control::Back, down(BACK)),
        (Control::Game(Key::Pause), down(START)),
        (Control::Game(Key::Mute), down(SELECT)),
        (Control::Up, down(UP) || axis(1) < -PUSHED),
        (Control::Down, down(DOWN) || axis(1) > PUSHED),
    ];
    held.into_iter().filter_map(|(control, down)| down.then_some(control)).collect()
}
