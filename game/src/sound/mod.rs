//! Sound: short buffers made by ourselves, handed whole to the browser.

mod player;
mod synth;

use bevy::prelude::*;
use shared::rules::GameEvent;
use web_sys::{Event, HtmlInputElement};

use crate::{
    Step,
    input::{Key, Pressed},
    page::{
        dom,
        mailbox::{Mailbox, add_mailbox},
        storage,
    },
    simulation::{Happened, Simulation},
};
use player::Player;
use synth::Sound;

const MUTED: &str = "muted";
const VOLUME: &str = "volume";
/// From one of the mystery ship's hums to the next.
const HUM_TICKS: u32 = 18;

/// Whether the player wants quiet.
#[derive(Resource)]
struct Muted(bool);

/// How loud it is, 0 to [`LOUDEST`], as the slider on the page says.
#[derive(Resource, Message, Debug, Clone, Copy)]
struct Volume(u8);

const LOUDEST: u8 = 10;

pub fn plugin(app: &mut App) {
    let volume = Volume(storage::load(VOLUME).unwrap_or(LOUDEST / 2));
    listen_to_slider(&add_mailbox::<Volume>(app), &volume);
    app.insert_resource(Muted(storage::load(MUTED).unwrap_or(false)))
        .insert_resource(volume)
        .insert_non_send(Player::waiting_for_a_gesture())
        .add_systems(
            Update,
            ((toggle, turn).in_set(Step::Listen), (show.run_if(resource_changed::<Muted>), play).in_set(Step::Tell)),
        );
}

fn toggle(pressed: Res<Pressed>, mut muted: ResMut<Muted>) {
    if pressed.contains(Key::Mute) {
        muted.0 = !muted.0;
        storage::save(MUTED, &muted.0);
    }
}

fn listen_to_slider(mailbox: &Mailbox<Volume>, volume: &Volume) {
    let Some(slider) = dom::element::<HtmlInputElement>("volume") else {
        return;
    };
    slider.set_value(&volume.0.to_string());
    let mailbox = mailbox.clone();
    let source = slider.clone();
    dom::listen(&slider, "input", move |_: Event| {
        mailbox.post(Volume(source.value().parse().unwrap_or(LOUDEST / 2)));
    });
}

fn turn(mut turned: MessageReader<Volume>, mut volume: ResMut<Volume>) {
    if let Some(new) = turned.read().last() {
        *volume = *new;
        storage::save(VOLUME, &volume.0);
    }
}

fn show(muted: Res<Muted>) {
    if let Some(button) = dom::element::<web_sys::HtmlElement>("mute") {
        let _ = button.set_attribute("aria-pressed", if muted.0 { "true" } else { "false" });
    }
}

fn play(
    mut happened: MessageReader<Happened>,
    mut hum: Local<u32>,
    simulation: Res<Simulation>,
    muted: Res<Muted>,
    volume: Res<Volume>,
    player: NonSend<Player>,
) {
    let state = simulation.state();
    // The mystery ship's hum is one short sound, again and again for as long as it flies.
    let hums = state.mystery.at().is_some() && state.tick.0 >= *hum;
    if hums {
        *hum = state.tick.0 + HUM_TICKS;
    } else if state.mystery.at().is_none() {
        *hum = 0;
    }
    let sounds = happened.read().filter_map(|Happened(happening)| sound(happening));
    let sounds: Vec<Sound> = sounds.chain(hums.then_some(Sound::Mystery)).collect();
    if !muted.0 && !simulation.is_demo() {
        let volume = f32::from(volume.0.min(LOUDEST)) / f32::from(LOUDEST);
        sounds.into_iter().for_each(|sound| player.play(sound, volume));
    }
}

fn sound(happening: &GameEvent) -> Option<Sound> {
    Some(match happening {
        GameEvent::CountdownSecond { .. } => Sound::Count,
        GameEvent::LevelStarted { .. } => Sound::Go,
        GameEvent::RocketFired { .. } => Sound::Rocket,
        GameEvent::InvaderHit { .. } => Sound::InvaderHit,
        GameEvent::ShipHit { .. } => Sound::ShipHit,
        GameEvent::LevelCleared { .. } => Sound::Cleared,
        GameEvent::Over(_) => Sound::Over,
        GameEvent::MysteryHit { .. } => Sound::MysteryHit,
        GameEvent::ExtraLife => Sound::ExtraLife,
        GameEvent::ShieldHit { .. } => Sound::Shield,
        GameEvent::MarchNote { note } => Sound::MARCH[usize::from(*note) % Sound::MARCH.len()],
        GameEvent::FormationTurned
        | GameEvent::BombDropped { .. }
        | GameEvent::MysteryCame
        | GameEvent::MysteryLeft
        | GameEvent::ShipCame => return None,
    })
}
