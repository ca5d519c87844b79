//! The browser's audio. It may start only at a gesture of the player: until the first, there is silence.

use std::{cell::OnceCell, rc::Rc};

use web_sys::{AudioBuffer, AudioContext, AudioContextState, Event, GainNode};

use super::synth::{self, Sound};
use crate::page::dom;

/// The loudest, of 1: several sounds may come at once.
const LOUDEST: f32 = 0.5;

/// Plays sounds, once there was a gesture.
pub struct Player(Rc<OnceCell<Speaker>>);

struct Speaker {
    context: AudioContext,
    volume: GainNode,
    buffers: Vec<(Sound, AudioBuffer)>,
}

impl Player {
    pub fn waiting_for_a_gesture() -> Player {
        let speaker = Rc::new(OnceCell::new());
        for gesture in ["pointerdown", "keydown", "touchend"] {
            let speaker = Rc::clone(&speaker);
            if let Some(window) = dom::window() {
                dom::listen(&window, gesture, move |_: Event| wake(&speaker));
            }
        }
        Player(speaker)
    }

    /// `volume` is from 0 to 1.
    pub fn play(&self, sound: Sound, volume: f32) {
        if let Some(speaker) = self.0.get().filter(|speaker| speaker.context.state() == AudioContextState::Running) {
            speaker.volume.gain().set_value(volume * LOUDEST);
            speaker.play(sound);
        }
    }
}

fn wake(speaker: &OnceCell<Speaker>) {
    if speaker.get().is_none() {
        // Without audio the game is silent.
        if let Some(new) = Speaker::new() {
            let _ = speaker.set(new);
        }
    }
    if let Some(speaker) = speaker.get().filter(|speaker| speaker.context.state() == AudioContextState::Suspended) {
        let _ = speaker.context.resume();
    }
}

impl Speaker {
    fn new() -> Option<Speaker> {
        let context = AudioContext::new().ok()?;
        let volume = context.create_gain().ok()?;
        volume.connect_with_audio_node(&context.destination()).ok()?;
        let rate = context.sample_rate();
        let buffers = Sound::ALL
            .into_iter()
            .filter_map(|sound| {
                let samples = synth::samples(sound, rate);
                let buffer = context.create_buffer(1, samples.len() as u32, rate).ok()?;
                buffer.copy_to_channel(&samples, 0).ok()?;
                Some((sound, buffer))
            })
            .collect();
        Some(Speaker { context, volume, buffers })
    }

    fn play(&self, sound: Sound) {
        let buffer = self.buffers.iter().find(|(other, _)| *other == sound).map(|(_, buffer)| buffer);
        if let Ok(source) = self.context.create_buffer_source() {
            source.set_buffer(buffer);
            // A sound that cannot be played is not heard, and that is all.
            let _ = source.connect_with_audio_node(&self.volume).and_then(|_| source.start());
        }
    }
}
