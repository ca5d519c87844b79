//! Sound: plays synthesized sounds for game events. Also the volume slider and the mute button.

mod audio_output;
mod sound_bank;
mod synth;

use crate::bevy::prelude::*;
use shared::rules::GameEvent;
use web_sys::{Event, HtmlElement, HtmlInputElement};

use crate::{
    FrameSet,
    input::{Key, PressedKeys},
    page::{
        dom,
        mailbox::{Mailbox, add_mailbox},
        storage,
    },
    simulation::{GameEventMessage, Simulation},
};
use audio_output::AudioOutput;
use synth::Sound;

const MUTED_KEY: &str = "muted";
const VOLUME_KEY: &str = "volume";
/// The interval between sounds of the mystery ship, ticks.
const MYSTERY_SOUND_TICKS: u32 = 18;
const MAX_VOLUME: u8 = 10;

#[derive(Resource)]
struct Muted(bool);

/// The value of the volume slider, 0 to [`MAX_VOLUME`].
#[derive(Resource, Message, Debug, Clone, Copy)]
struct Volume(u8);

pub fn plugin(app: &mut App) {
    let volume = Volume(storage::load(VOLUME_KEY).unwrap_or(MAX_VOLUME / 2));
    listen_to_slider(&add_mailbox::<Volume>(app), &volume);
    app.insert_resource(Muted(storage::load(MUTED_KEY).unwrap_or(false)))
        .insert_resource(volume)
        .insert_non_send(AudioOutput::start_on_gesture())
        .add_systems(
            Update,
            (
                (toggle_mute, set_volume).in_set(FrameSet::Input),
                (update_mute_button.run_if(resource_changed::<Muted>), play_sounds).in_set(FrameSet::Output),
            ),
        );
}

fn toggle_mute(pressed: Res<PressedKeys>, mut muted: ResMut<Muted>) {
    if pressed.contains(Key::Mute) {
        muted.0 = !muted.0;
        storage::save(MUTED_KEY, &muted.0);
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
        mailbox.post(Volume(source.value().parse().unwrap_or(MAX_VOLUME / 2)));
    });
}

fn set_volume(mut changes: MessageReader<Volume>, mut volume: ResMut<Volume>) {
    if let Some(latest) = changes.read().last() {
        *volume = *latest;
        storage::save(VOLUME_KEY, &volume.0);
    }
}

fn update_mute_button(muted: Res<Muted>) {
    if let Some(button) = dom::element::<HtmlElement>("mute") {
        let _ = button.set_attribute("aria-pressed", if muted.0 { "true" } else { "false" });
    }
}

fn play_sounds(
    mut events: MessageReader<GameEventMessage>,
    mut next_mystery_sound: Local<u32>,
    simulation: Res<Simulation>,
    muted: Res<Muted>,
    volume: Res<Volume>,
    output: NonSend<AudioOutput>,
) {
    let state = simulation.state();
    // The sound is short and repeats for as long as the mystery ship flies.
    let is_mystery_due = state.mystery.at().is_some() && state.tick.0 >= *next_mystery_sound;
    if is_mystery_due {
        *next_mystery_sound = state.tick.0 + MYSTERY_SOUND_TICKS;
    } else if state.mystery.at().is_none() {
        *next_mystery_sound = 0;
    }
    let sounds = events.read().filter_map(|GameEventMessage(event)| sound_of(event));
    let sounds: Vec<Sound> = sounds.chain(is_mystery_due.then_some(Sound::Mystery)).collect();
    if !muted.0 && !simulation.is_demo() {
        let volume = f32::from(volume.0.min(MAX_VOLUME)) / f32::from(MAX_VOLUME);
        sounds.into_iter().for_each(|sound| output.play(sound, volume));
    }
}

fn sound_of(event: &GameEvent) -> Option<Sound> {
    Some(match event {
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
