//! The browser's audio output. Browsers allow audio only after a gesture of the player.

use std::{cell::OnceCell, rc::Rc};

use web_sys::{AudioBuffer, AudioContext, AudioContextState, Event, GainNode};

use super::synth::{self, Sound};
use crate::page::dom;

/// The gain at full volume. Below 1, because several sounds can play at once.
const MAX_GAIN: f32 = 0.5;

/// Plays sounds after the first gesture; is silent before it.
pub struct AudioOutput(Rc<OnceCell<Mixer>>);

struct Mixer {
    context: AudioContext,
    volume: GainNode,
    buffers: Vec<(Sound, AudioBuffer)>,
}

impl AudioOutput {
    pub fn start_on_gesture() -> AudioOutput {
        let mixer = Rc::new(OnceCell::new());
        for gesture in ["pointerdown", "keydown", "touchend"] {
            let mixer = Rc::clone(&mixer);
            if let Some(window) = dom::window() {
                dom::listen(&window, gesture, move |_: Event| start_or_resume(&mixer));
            }
        }
        AudioOutput(mixer)
    }

    /// Plays a sound. `volume` is from 0 to 1.
    pub fn play(&self, sound: Sound, volume: f32) {
        if let Some(mixer) = self.0.get().filter(|mixer| mixer.context.state() == AudioContextState::Running) {
            mixer.volume.gain().set_value(volume * MAX_GAIN);
            mixer.play(sound);
        }
    }
}

fn start_or_resume(mixer: &OnceCell<Mixer>) {
    if mixer.get().is_none() {
        // Without audio the game is silent.
        if let Some(new) = Mixer::new() {
            let _ = mixer.set(new);
        }
    }
    if let Some(mixer) = mixer.get().filter(|mixer| mixer.context.state() == AudioContextState::Suspended) {
        let _ = mixer.context.resume();
    }
}

impl Mixer {
    fn new() -> Option<Mixer> {
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
        Some(Mixer { context, volume, buffers })
    }

    fn play(&self, sound: Sound) {
        let buffer = self.buffers.iter().find(|(other, _)| *other == sound).map(|(_, buffer)| buffer);
        if let Ok(source) = self.context.create_buffer_source() {
            source.set_buffer(buffer);
            // A sound that fails to play is left out.
            let _ = source.connect_with_audio_node(&self.volume).and_then(|_| source.start());
        }
    }
}
