//! The browser's audio output. Browsers allow audio only after a gesture of the player.

use std::{cell::OnceCell, rc::Rc};

use web_sys::{AudioBuffer, AudioContext, AudioContextState, Event, GainNode};

use super::{sound_bank::SoundBank, synth::Sound};
use crate::page::dom;

/// The gain at full volume. Below 1, because several sounds can play at once.
const MAX_GAIN: f32 = 0.5;

/// Plays sounds after the first gesture; is silent before it.
pub struct AudioOutput {
    mixer: Rc<OnceCell<Mixer>>,
    sounds: SoundBank,
}

struct Mixer {
    context: AudioContext,
    volume: GainNode,
}

impl AudioOutput {
    pub fn start_on_gesture() -> AudioOutput {
        let (mixer, sounds) = (Rc::new(OnceCell::new()), SoundBank::default());
        sounds.clone().fill_when_idle();
        for gesture in ["pointerdown", "keydown", "touchend"] {
            let (mixer, sounds) = (Rc::clone(&mixer), sounds.clone());
            if let Some(window) = dom::window() {
                dom::listen(&window, gesture, move |_: Event| {
                    start_or_resume(&mixer);
                    sounds.fill();
                });
            }
        }
        AudioOutput { mixer, sounds }
    }

    /// Plays a sound. `volume` is from 0 to 1.
    pub fn play(&self, sound: Sound, volume: f32) {
        if let Some(mixer) = self.mixer.get().filter(|mixer| mixer.context.state() == AudioContextState::Running) {
            mixer.volume.gain().set_value(volume * MAX_GAIN);
            mixer.play(self.sounds.get(sound).as_ref());
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
        Some(Mixer { context, volume })
    }

    fn play(&self, buffer: Option<&AudioBuffer>) {
        if let Ok(source) = self.context.create_buffer_source() {
            source.set_buffer(buffer);
            // A sound that fails to play is left out.
            let _ = source.connect_with_audio_node(&self.volume).and_then(|_| source.start());
        }
    }
}
