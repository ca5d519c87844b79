//! The synthesized sounds as the browser plays them.

use std::{cell::RefCell, rc::Rc};

use web_sys::{AudioBuffer, AudioBufferOptions};

use super::synth::{self, Sound};
use crate::page::idle;

/// Samples a second. The browser converts them to the rate of its output, which is unknown before the first gesture.
const RATE: f32 = 44_100.0;

/// The sounds so far, in the order of [`Sound::ALL`].
#[derive(Clone, Default)]
pub struct SoundBank(Rc<RefCell<Vec<AudioBuffer>>>);

impl SoundBank {
    /// Synthesizes one sound after the other while the page is idle, so that the first gesture does not wait for them.
    pub fn fill_when_idle(self) {
        idle::when_idle(move || {
            if self.add_next() {
                self.fill_when_idle();
            }
        });
    }

    /// Synthesizes the missing sounds at once.
    pub fn fill(&self) {
        while self.add_next() {}
    }

    pub fn get(&self, sound: Sound) -> Option<AudioBuffer> {
        self.0.borrow().get(sound as usize).cloned()
    }

    /// Adds the next sound. Returns false if there is none, or if the browser has no audio.
    fn add_next(&self) -> bool {
        let mut buffers = self.0.borrow_mut();
        match Sound::ALL.get(buffers.len()).and_then(|sound| buffer(*sound)) {
            Some(buffer) => {
                buffers.push(buffer);
                true
            }
            None => false,
        }
    }
}

fn buffer(sound: Sound) -> Option<AudioBuffer> {
    let samples = synth::samples(sound, RATE);
    let buffer = AudioBuffer::new(&AudioBufferOptions::new(samples.len() as u32, RATE)).ok()?;
    buffer.copy_to_channel(&samples, 0).ok()?;
    Some(buffer)
}
