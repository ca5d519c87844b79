//! Gamepad input. Browsers send no events for gamepad buttons, so a system polls them every frame.
//!
//! In the game, changes become key inputs. In a menu they move the focus.

use crate::bevy::{platform::collections::HashSet, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Gamepad, GamepadButton};

use super::{
    key::{Key, KeyInput},
    menu::{self, MenuAction},
};
use crate::{page::dom, state::Screen};

/// A stick counts as pushed beyond this part of its range.
const STICK_THRESHOLD: f64 = 0.4;
/// Buttons of the standard layout, <https://w3c.github.io/gamepad/#remapping>. Of the four on the right, one closes
/// dialogs and the others fire.
const FIRE: [u32; 3] = [0, 2, 3];
const BACK: u32 = 1;
const SELECT: u32 = 8;
const START: u32 = 9;
const UP: u32 = 12;
const DOWN: u32 = 13;
const LEFT: u32 = 14;
const RIGHT: u32 = 15;

/// The meaning of a gamepad's button.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Control {
    Game(Key),
    Up,
    Down,
    Back,
}

/// The state of all gamepads at the last poll.
#[derive(Resource, Default)]
struct GamepadState {
    held: HashSet<Control>,
    is_connected: bool,
}

pub fn plugin(app: &mut App) {
    app.init_resource::<GamepadState>().add_systems(PreUpdate, poll_gamepads);
}

fn poll_gamepads(mut last: ResMut<GamepadState>, mut inputs: MessageWriter<KeyInput>, screen: Res<State<Screen>>) {
    let gamepads = connected_gamepads();
    let held: HashSet<Control> = gamepads.iter().flat_map(held_controls).collect();
    for control in last.held.difference(&held) {
        if let Control::Game(key) = control {
            inputs.write(KeyInput::Up(*key));
        }
    }
    let is_playing = *screen.get() == Screen::Playing;
    for control in held.difference(&last.held) {
        match (menu_action(*control, is_playing), control) {
            (Some(action), _) => menu::perform(action),
            (None, Control::Game(key)) => {
                inputs.write(KeyInput::Down(*key));
            }
            (None, Control::Up | Control::Down | Control::Back) => {}
        }
    }
    // Pause if the gamepad was disconnected during play.
    if last.is_connected && gamepads.is_empty() && is_playing {
        inputs.write(KeyInput::Down(Key::Pause));
        inputs.write(KeyInput::Up(Key::Pause));
    }
    *last = GamepadState { held, is_connected: !gamepads.is_empty() };
}

/// The action of a control in a menu; `None` if the game handles the control.
fn menu_action(control: Control, is_playing: bool) -> Option<MenuAction> {
    let is_in_dialog = menu::open_dialog().is_some();
    match control {
        _ if is_playing => None,
        Control::Up => Some(MenuAction::FocusPrevious),
        Control::Down => Some(MenuAction::FocusNext),
        Control::Back if is_in_dialog => Some(MenuAction::CloseDialog),
        Control::Game(Key::Left) if is_in_dialog => Some(MenuAction::DecreaseSlider),
        Control::Game(Key::Right) if is_in_dialog => Some(MenuAction::IncreaseSlider),
        Control::Game(Key::Fire) if is_in_dialog || menu::focused_in_bar().is_some() => Some(MenuAction::Press),
        Control::Game(_) | Control::Back => None,
    }
}

fn connected_gamepads() -> Vec<Gamepad> {
    let slots = dom::window().and_then(|window| window.navigator().get_gamepads().ok());
    let gamepads = slots.into_iter().flatten().filter_map(|slot| slot.dyn_into::<Gamepad>().ok());
    gamepads.filter(Gamepad::connected).collect()
}

fn held_controls(gamepad: &Gamepad) -> Vec<Control> {
    let buttons = gamepad.buttons();
    let is_down = |index: u32| buttons.get(index).dyn_into::<GamepadButton>().is_ok_and(|button| button.pressed());
    let axis = |index: u32| gamepad.axes().get(index).as_f64().unwrap_or(0.0);
    let controls = [
        (Control::Game(Key::Left), is_down(LEFT) || axis(0) < -STICK_THRESHOLD),
        (Control::Game(Key::Right), is_down(RIGHT) || axis(0) > STICK_THRESHOLD),
        (Control::Game(Key::Fire), FIRE.into_iter().any(is_down)),
        (Control::Back, is_down(BACK)),
        (Control::Game(Key::Pause), is_down(START)),
        (Control::Game(Key::Mute), is_down(SELECT)),
        (Control::Up, is_down(UP) || axis(1) < -STICK_THRESHOLD),
        (Control::Down, is_down(DOWN) || axis(1) > STICK_THRESHOLD),
    ];
    controls.into_iter().filter_map(|(control, is_held)| is_held.then_some(control)).collect()
}
