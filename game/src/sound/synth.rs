//! Synthesizes the sounds from tones and noise that fade out.

use std::f32::consts::TAU;

/// The sounds, in the order of [`Sound::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sound {
    Count,
    Go,
    Rocket,
    InvaderHit,
    ShipHit,
    Cleared,
    Over,
    Mystery,
    MysteryHit,
    ExtraLife,
    Shield,
    March0,
    March1,
    March2,
    March3,
}

impl Sound {
    pub const ALL: [Sound; 15] = [
        Sound::Count,
        Sound::Go,
        Sound::Rocket,
        Sound::InvaderHit,
        Sound::ShipHit,
        Sound::Cleared,
        Sound::Over,
        Sound::Mystery,
        Sound::MysteryHit,
        Sound::ExtraLife,
        Sound::Shield,
        Sound::March0,
        Sound::March1,
        Sound::March2,
        Sound::March3,
    ];
    pub const MARCH: [Sound; 4] = [Sound::March0, Sound::March1, Sound::March2, Sound::March3];

    fn notes(self) -> Vec<Note> {
        match self {
            Sound::Count => vec![note(Wave::Square, 440.0, 440.0, 0.12, 0.5)],
            Sound::Go => vec![note(Wave::Square, 880.0, 880.0, 0.3, 0.5)],
            Sound::Rocket => vec![note(Wave::Square, 1400.0, 220.0, 0.18, 0.35)],
            Sound::InvaderHit => {
                vec![note(Wave::Noise, 5200.0, 700.0, 0.1, 0.7), note(Wave::Square, 320.0, 60.0, 0.14, 0.5)]
            }
            Sound::ShipHit => vec![note(Wave::Noise, 2600.0, 160.0, 0.7, 1.0)],
            Sound::Cleared => vec![
                note(Wave::Square, 523.0, 523.0, 0.1, 0.5),
                note(Wave::Square, 659.0, 659.0, 0.1, 0.5),
                note(Wave::Square, 784.0, 784.0, 0.1, 0.5),
                note(Wave::Square, 1047.0, 1047.0, 0.35, 0.5),
            ],
            Sound::Over => vec![
                note(Wave::Triangle, 392.0, 380.0, 0.25, 0.9),
                note(Wave::Triangle, 330.0, 318.0, 0.25, 0.9),
                note(Wave::Triangle, 262.0, 250.0, 0.25, 0.9),
                note(Wave::Triangle, 196.0, 90.0, 0.8, 0.9),
            ],
            Sound::Mystery => {
                vec![note(Wave::Triangle, 520.0, 760.0, 0.14, 0.4), note(Wave::Triangle, 760.0, 520.0, 0.14, 0.4)]
            }
            Sound::MysteryHit => vec![
                note(Wave::Square, 1100.0, 300.0, 0.16, 0.5),
                note(Wave::Square, 900.0, 240.0, 0.16, 0.5),
                note(Wave::Square, 700.0, 120.0, 0.3, 0.5),
            ],
            Sound::ExtraLife => vec![
                note(Wave::Square, 784.0, 784.0, 0.09, 0.5),
                note(Wave::Square, 1047.0, 1047.0, 0.09, 0.5),
                note(Wave::Square, 1319.0, 1319.0, 0.09, 0.5),
                note(Wave::Square, 1568.0, 1568.0, 0.3, 0.5),
            ],
            Sound::Shield => vec![note(Wave::Noise, 1800.0, 400.0, 0.06, 0.35)],
            Sound::March0 => vec![note(Wave::Triangle, 98.0, 92.0, 0.11, 1.0)],
            Sound::March1 => vec![note(Wave::Triangle, 87.0, 82.0, 0.11, 1.0)],
            Sound::March2 => vec![note(Wave::Triangle, 78.0, 73.0, 0.11, 1.0)],
            Sound::March3 => vec![note(Wave::Triangle, 73.0, 69.0, 0.11, 1.0)],
        }
    }
}

#[derive(Clone, Copy)]
enum Wave {
    Square,
    Triangle,
    /// Random levels; the frequency is the number of levels a second.
    Noise,
}

/// A tone that glides between two frequencies, in hertz, and fades out.
struct Note {
    wave: Wave,
    start: f32,
    end: f32,
    seconds: f32,
    gain: f32,
}

fn note(wave: Wave, start: f32, end: f32, seconds: f32, gain: f32) -> Note {
    Note { wave, start, end, seconds, gain }
}

/// The samples of a sound, -1 to 1. `rate` is in samples a second.
pub fn samples(sound: Sound, rate: f32) -> Vec<f32> {
    sound.notes().into_iter().flat_map(|note| note.samples(rate)).collect()
}

impl Note {
    fn samples(self, rate: f32) -> impl Iterator<Item = f32> {
        let count = (self.seconds * rate) as usize;
        let (mut phase, mut random, mut noise) = (0.0_f32, 1_u32, 0.0);
        (0..count).map(move |i| {
            let progress = i as f32 / count as f32;
            phase += self.start * (self.end / self.start).powf(progress) / rate;
            if phase >= 1.0 {
                phase -= 1.0;
                random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                noise = (random >> 16) as f32 / 32_768.0 - 1.0;
            }
            let level = match self.wave {
                Wave::Square => (phase * TAU).sin().signum() * 0.6,
                Wave::Triangle => 1.0 - 4.0 * (phase - 0.5).abs(),
                Wave::Noise => noise,
            };
            level * self.gain * (1.0 - progress).powi(2)
        })
    }
}
